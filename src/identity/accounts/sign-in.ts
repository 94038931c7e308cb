/**
 * From an address and a password to a session. An unknown address and a wrong password read and take the same: each does the
 * work of the other, and what only one has to do is done within a wait that both have. `npm run bench -- --only sign-in`
 * measures it.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { Em } from '../../platform/database/database.js';
import { runSql } from '../../platform/database/sql.js';
import { decodeId } from '../../platform/ids.js';
import { recordSignInFailure } from '../audit/sign-in-failure.js';
import { unauthenticated } from '../authorize.js';
import type { SessionCtx } from '../sessions/session.js';
import { cleanEmail } from './email-address.js';
import { enterTenant, type SignInOutcome } from './enter-tenant.js';
import { hashPassword, isOutdated, verifyPassword } from './password.js';
import { countSignIn } from './throttle.js';

/** From the check of the password to a refusal: many times what recording a failure takes (1 ms; there is none of nobody's). */
const REFUSED_AFTER_MS = 25;

export interface SignIn {
  email: string;
  password: string;
  /** Public id of the tenant to enter; the person's first one when absent. */
  tenantId?: string | null;
}

interface Account {
  user_id: string;
  password_hash: string | null;
  tenant_ids: string[]; // oldest membership first
  second_factor: boolean;
}

/**
 * Errors: BAD_INPUT; UNAUTHENTICATED; NOT_FOUND (the tenant); FORBIDDEN (a member of none); RATE_LIMITED. No transaction is
 * open while the password is hashed.
 */
export async function signIn(ctx: SessionCtx & { ip: string }, input: SignIn): Promise<SignInOutcome> {
  const email = cleanEmail(input.email, 'email');
  const forget = await countSignIn(ctx, email);
  const [account] = await runSql<Account>(ctx.em, 'select * from sign_in_lookup($1)', [email]);
  const matches = await verifyPassword(account?.password_hash, input.password);
  if (!matches || !account) {
    const recorded = recordSignInFailure(ctx, { userId: account?.user_id ?? null, at: 'PASSWORD' });
    await Promise.all([recorded, delay(REFUSED_AFTER_MS)]);
    throw wrongCredentials();
  }
  await forget();
  await rehash(ctx.em, account, input.password);
  const wanted = input.tenantId == null ? undefined : decodeId('ten', input.tenantId);
  const person = { userId: account.user_id, tenantIds: account.tenant_ids, secondFactor: account.second_factor };
  return enterTenant(ctx, person, wanted, 'PASSWORD');
}

/** Only now is the password at hand: what was hashed with less work than we take today is hashed again. */
async function rehash(em: Em, { user_id: userId, password_hash: stored }: Account, password: string): Promise<void> {
  if (stored === null || !isOutdated(stored)) return;
  await runSql(em, 'select rehash_password($1, $2, $3)', [userId, stored, await hashPassword(password)]);
}

export const wrongCredentials = () => unauthenticated('The e-mail address or the password is wrong.');
