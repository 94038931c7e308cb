/** Ends sessions. Access tokens of an ended session no longer hold; its open sockets are closed within two seconds. */
import { runSql } from '../../platform/database/sql.js';
import { type ActorCtx, requirePerson } from '../authorize.js';

/** Ends the session the request came with. True when there was one to end: false for an API key. */
export async function signOut(ctx: ActorCtx): Promise<boolean> {
  const rows = await runSql(
    ctx.em,
    'update sessions set revoked_at = now() where id = $1 and revoked_at is null returning id',
    [ctx.actor.credentialId],
  );
  return rows.length > 0;
}

/**
 * Ends all sessions of the person, in every tenant, and what another issuer has vouched for until now; API keys stay.
 * Answers how many sessions ended. Errors: FORBIDDEN for API keys.
 */
export async function signOutEverywhere(ctx: ActorCtx): Promise<number> {
  requirePerson(ctx.actor);
  return endSessions(ctx, null);
}

/** The same without a question, for a changed password and the like; `kept` is the id of a session that goes on. */
export async function endSessions(ctx: Pick<ActorCtx, 'em' | 'actor'>, kept: string | null): Promise<number> {
  const [row] = await runSql<{ ended: number }>(ctx.em, 'select end_sessions($1, $2) as ended', [
    ctx.actor.userId,
    kept,
  ]);
  return row?.ended ?? 0;
}
