/** Opens an account: a new tenant, its first person as OWNER, and a session. All of it or nothing. */
import type { Em } from '../../platform/database/database.js';
import { runSql } from '../../platform/database/sql.js';
import { newId } from '../../platform/ids.js';
import { cleanLine } from '../../platform/text-input.js';
import { type OpenedSession, openSession, type SessionCtx } from '../sessions/session.js';
import { cleanEmail } from './email-address.js';
import { emailTaken } from './email-taken.js';
import { checkNewPassword, hashPassword } from './password.js';
import { countAttempt, REGISTER_PER_ADDRESS } from './throttle.js';

export const MAX_NAME_LENGTH = 120;

export interface Registration {
  email: string;
  password: string;
  displayName: string;
  tenantName: string;
}

/** Errors: BAD_INPUT; CONFLICT when the address has an account; RATE_LIMITED. */
export async function register(ctx: SessionCtx & { ip: string }, input: Registration): Promise<OpenedSession> {
  const email = cleanEmail(input.email, 'email');
  const displayName = cleanLine(input.displayName, { field: 'displayName', max: MAX_NAME_LENGTH });
  const tenantName = cleanLine(input.tenantName, { field: 'tenantName', max: MAX_NAME_LENGTH });
  const password = checkNewPassword(input.password, 'password');
  await countAttempt(ctx.em, `register from ${ctx.ip}`, REGISTER_PER_ADDRESS);
  const passwordHash = await hashPassword(password);
  const member = { tenantId: newId(), userId: newId() };
  return ctx.em
    .transactional(async (transaction) => {
      const em = transaction as Em;
      await runSql(em, 'select register_account($1, $2, $3, $4, $5, $6, $7)', [
        member.tenantId,
        tenantName,
        member.userId,
        email,
        displayName,
        passwordHash,
        newId(),
      ]);
      return openSession({ em, clock: ctx.clock, services: ctx.services }, member);
    })
    .catch(emailTaken(email));
}
