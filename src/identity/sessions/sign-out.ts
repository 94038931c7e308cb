/** Ends sessions. Access tokens of an ended session no longer hold; its open sockets are closed within two seconds. */
import type { Em } from '../../platform/database/em.js';
import { runSql } from '../../platform/database/sql.js';
import { recordAudit } from '../audit/record-audit.js';
import { type ActorCtx, requirePerson } from '../authorize.js';

/** Ends the session the request came with. True when there was one to end: false for an API key. */
export async function signOut(ctx: ActorCtx): Promise<boolean> {
  const { credentialId, userId } = ctx.actor;
  return ctx.em.transactional(async (transaction) => {
    const em = transaction as Em;
    const statement = 'update sessions set revoked_at = now() where id = $1 and revoked_at is null returning id';
    if ((await runSql(em, statement, [credentialId])).length === 0) return false;
    await recordAudit(em, { action: 'SIGNED_OUT', target: { type: 'User', id: userId } });
    return true;
  });
}

/**
 * Ends all sessions of the person, in every tenant, and what another issuer has vouched for until now; API keys stay.
 * Answers how many sessions ended. Errors: FORBIDDEN for API keys.
 */
export async function signOutEverywhere(ctx: ActorCtx): Promise<number> {
  requirePerson(ctx.actor);
  return ctx.em.transactional(async (transaction) => {
    const em = transaction as Em;
    const sessions = await endSessions({ ...ctx, em }, null);
    const target = { type: 'User', id: ctx.actor.userId } as const;
    await recordAudit(em, { action: 'SIGNED_OUT', target, metadata: { everywhere: true, sessions } });
    return sessions;
  });
}

/** The same without a question, for a changed password and the like; `kept` is the id of a session that goes on. */
export async function endSessions(ctx: Pick<ActorCtx, 'em' | 'actor'>, kept: string | null): Promise<number> {
  const [row] = await runSql<{ ended: number }>(ctx.em, 'select end_sessions($1, $2) as ended', [
    ctx.actor.userId,
    kept,
  ]);
  return row?.ended ?? 0;
}
