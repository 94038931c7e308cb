/**
 * How a person signs in is theirs to change, and neither a program's nor another issuer's: a key that leaks must not become
 * the account. Throws FORBIDDEN for whoever came with anything but a session of ours.
 */
import { runSql } from '../../platform/database/sql.js';
import { AppError } from '../../platform/errors.js';
import type { ActorCtx } from '../authorize.js';

export async function requireSession(ctx: ActorCtx): Promise<void> {
  const rows = await runSql(ctx.em, 'select 1 from sessions where id = $1 and user_id = $2', [
    ctx.actor.credentialId,
    ctx.actor.userId,
  ]);
  if (rows.length > 0) return;
  throw new AppError('FORBIDDEN', 'This takes a session: an API key, or a token of another issuer, is not enough.', {
    hint: 'Sign in (`signIn`) and send the access token.',
  });
}
