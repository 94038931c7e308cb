/**
 * Changes the password of whoever is signed in, or sets the first one of somebody who came by Google. All their other
 * sessions end, in every tenant; their API keys go on.
 */
import type { Em } from '../../platform/database/em.js';
import { runSql } from '../../platform/database/sql.js';
import { AppError, badInput } from '../../platform/errors.js';
import type { ActorContext } from '../../platform/graphql/api-context.js';
import { recordAudit } from '../audit/record-audit.js';
import { recordSignInFailure } from '../audit/sign-in-failure.js';
import { verifyLinkedGoogle } from '../google/link-google.js';
import { checkNewPassword, hashPassword, verifyPassword } from './password.js';
import { requireSession } from './require-session.js';
import { countAttempt, forgetAttempts, PASSWORD_PER_PERSON } from './throttle.js';

export interface PasswordChange {
  currentPassword?: string | null;
  /** In place of the current password, by somebody who has none. */
  googleIdToken?: string | null;
  newPassword: string;
}

/** Errors: BAD_INPUT (the new one, or a wrong current one); FORBIDDEN (an API key); RATE_LIMITED; CONFLICT. */
export async function changePassword(ctx: ActorContext, input: PasswordChange): Promise<void> {
  await requireSession(ctx);
  const password = checkNewPassword(input.newPassword, 'newPassword');
  const [row] = await runSql<{ hash: string | null }>(ctx.em, 'select my_password_hash() as hash');
  const current = row?.hash ?? null;
  if (current === null) await verifyLinkedGoogle(ctx, input.googleIdToken);
  else await verifyCurrent(ctx, current, input.currentPassword);
  const hash = await hashPassword(password);
  const { credentialId, userId } = ctx.actor;
  await ctx.em.transactional(async (transaction) => {
    const em = transaction as Em;
    const [done] = await runSql<{ changed: boolean }>(em, 'select set_my_password($1, $2, $3) as changed', [
      current,
      hash,
      credentialId,
    ]);
    if (!done?.changed) throw changedMeanwhile();
    await recordAudit(em, { action: 'PASSWORD_CHANGED', target: { type: 'User', id: userId } });
  });
}

const changedMeanwhile = () =>
  new AppError('CONFLICT', 'The password was changed by another request at the same time.', {
    hint: 'Try again with the password that holds now.',
  });

async function verifyCurrent(ctx: ActorContext, stored: string, given: string | null | undefined): Promise<void> {
  if (given == null) throw badInput('`currentPassword` is missing.', { field: 'currentPassword' });
  const bucket = `password of ${ctx.actor.userId}`;
  await countAttempt(ctx.em, bucket, PASSWORD_PER_PERSON);
  if (!(await verifyPassword(stored, given))) {
    await recordSignInFailure(ctx, { userId: ctx.actor.userId, at: 'CURRENT_PASSWORD' });
    throw badInput('`currentPassword` is not your password.', { field: 'currentPassword' });
  }
  await forgetAttempts(ctx.em, bucket);
}
