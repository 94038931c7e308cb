/**
 * From a recovery token to a new password. The token is used up, all sessions of the person end, open sockets are closed; the
 * second factor stays on, API keys go on, and nobody is signed in: that takes the new password, and the second factor.
 */
import { runSql } from '../../platform/database/sql.js';
import { AppError } from '../../platform/errors.js';
import type { ApiContext } from '../../platform/graphql/api-context.js';
import { networkOf } from '../../platform/network-of.js';
import { checkNewPassword, hashPassword } from '../accounts/password.js';
import { countAttempt, forgetSignIns, RECOVERY_PER_NETWORK } from '../accounts/throttle.js';
import { recordSignInFailure } from '../audit/sign-in-failure.js';
import { oneTimeTokenHash, RECOVERY_PREFIX } from '../one-time-token.js';

interface ResetRow {
  user_id: string;
  email: string;
  holds: boolean;
}

/** Errors: BAD_INPUT (the password); NOT_FOUND (the token: unknown, over, used, replaced, all the same); RATE_LIMITED. */
export async function resetPassword(ctx: ApiContext, input: { token: string; newPassword: string }): Promise<void> {
  const password = checkNewPassword(input.newPassword, 'newPassword');
  await countAttempt(ctx.em, `recover from ${networkOf(ctx.ip)}`, RECOVERY_PER_NETWORK);
  const hash = oneTimeTokenHash(RECOVERY_PREFIX, input.token);
  const [found] = hash
    ? await runSql<ResetRow>(ctx.em, 'select * from password_reset_lookup($1, $2)', [hash, ctx.clock()])
    : [];
  if (!found?.holds) throw await refused(ctx, found?.user_id ?? null);
  const newHash = await hashPassword(password); // no transaction is open meanwhile
  const [row] = await runSql<{ done: boolean }>(ctx.em, 'select reset_password($1, $2, $3) as done', [
    hash,
    ctx.clock(),
    newHash,
  ]);
  if (!row?.done) throw await refused(ctx, found.user_id);
  await forgetSignIns(ctx, found.email.toLowerCase());
}

async function refused(ctx: ApiContext, userId: string | null): Promise<AppError> {
  await recordSignInFailure(ctx, { userId, at: 'RECOVERY' });
  return new AppError('NOT_FOUND', 'The recovery token was not found: it is unknown, expired, used or replaced.', {
    hint: 'Ask whoever gave it to you for a new one.',
  });
}
