/** Revokes the session or API key that the request came with; open sockets of it are closed soon after. */
import { runSql } from '../../platform/database/sql.js';
import type { ActorCtx } from '../authorize.js';

/** True when there was something to revoke: false the second time. */
export async function signOut(ctx: ActorCtx): Promise<boolean> {
  const rows = await runSql(
    ctx.em,
    'update sessions set revoked_at = now() where id = $1 and revoked_at is null returning id',
    [ctx.actor.credentialId],
  );
  return rows.length > 0;
}
