/** Opens an account with a password, where registration is open. */

import { networkOf } from '../../platform/network-of.js';
import { cleanLine } from '../../platform/text-input.js';
import type { OpenedSession, SessionCtx } from '../sessions/session.js';
import { cleanEmail } from './email-address.js';
import { openAccount, requireOpenRegistration } from './open-account.js';
import { checkNewPassword, hashPassword } from './password.js';
import { countAttempt, REGISTER_PER_NETWORK } from './throttle.js';

export const MAX_NAME_LENGTH = 120;

export interface Registration {
  email: string;
  password: string;
  displayName: string;
  tenantName: string;
}

/** Errors: FORBIDDEN where registration is closed; BAD_INPUT; CONFLICT when the address has an account; RATE_LIMITED. */
export async function register(ctx: SessionCtx & { ip: string }, input: Registration): Promise<OpenedSession> {
  requireOpenRegistration(ctx);
  const email = cleanEmail(input.email, 'email');
  const displayName = cleanLine(input.displayName, { field: 'displayName', max: MAX_NAME_LENGTH });
  const tenantName = cleanLine(input.tenantName, { field: 'tenantName', max: MAX_NAME_LENGTH });
  const password = checkNewPassword(input.password, 'password');
  await countAttempt(ctx.em, `register from ${networkOf(ctx.ip)}`, REGISTER_PER_NETWORK);
  return openAccount(ctx, { email, displayName, tenantName, passwordHash: await hashPassword(password) });
}
