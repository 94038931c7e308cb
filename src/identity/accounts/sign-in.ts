/** From an address and a password to a session. An unknown address and a wrong password read and take the same. */
import { runSql } from '../../platform/database/sql.js';
import { notFound } from '../../platform/errors.js';
import { decodeId } from '../../platform/ids.js';
import { unauthenticated } from '../authorize.js';
import { type OpenedSession, openSession, type SessionCtx } from '../sessions/session.js';
import { cleanEmail } from './email-address.js';
import { MAX_PASSWORD_LENGTH, verifyPassword } from './password.js';
import { countAttempt, forgetAttempts, SIGN_IN_PER_ACCOUNT, SIGN_IN_PER_ADDRESS } from './throttle.js';

export interface SignIn {
  email: string;
  password: string;
  /** Public id of the tenant to enter; the person's first one when absent. */
  tenantId?: string | null;
}

interface Account {
  user_id: string;
  password_hash: string;
  tenant_ids: string[]; // oldest membership first
}

/** Errors: BAD_INPUT; UNAUTHENTICATED; NOT_FOUND (the tenant); RATE_LIMITED. No transaction is open while the password is hashed. */
export async function signIn(ctx: SessionCtx & { ip: string }, input: SignIn): Promise<OpenedSession> {
  const email = cleanEmail(input.email, 'email');
  const accountBucket = `sign in to ${email} from ${ctx.ip}`;
  await countAttempt(ctx.em, `sign in from ${ctx.ip}`, SIGN_IN_PER_ADDRESS);
  await countAttempt(ctx.em, accountBucket, SIGN_IN_PER_ACCOUNT);
  const [account] = await runSql<Account>(ctx.em, 'select * from sign_in_lookup($1)', [email]);
  const password = input.password.slice(0, MAX_PASSWORD_LENGTH + 1); // one past the limit can match nothing
  if (!(await verifyPassword(account?.password_hash, password)) || !account) throw wrongCredentials();
  await forgetAttempts(ctx.em, accountBucket);
  const wanted = input.tenantId == null ? account.tenant_ids[0] : decodeId('ten', input.tenantId);
  const tenantId = account.tenant_ids.find((id) => id === wanted);
  if (!tenantId) throw notFound('Tenant'); // another's and one that is none read the same
  return openSession(ctx, { tenantId, userId: account.user_id });
}

const wrongCredentials = () => unauthenticated('The e-mail address or the password is wrong.');
