/**
 * Cancels a run. One that no worker holds (queued, blocked, between two stages) is CANCELED at once; of one that a worker
 * holds the request is recorded and the fence raised, so that nothing it still does can complete the run, and the
 * worker stops it within two seconds. A terminal run is returned unchanged: the caller has what it asked for.
 */
import { recordAudit } from '../identity/audit/record-audit.js';
import { requireRole, requireScope } from '../identity/authorize.js';
import type { Em } from '../platform/database/em.js';
import { loadPreparedSql, runSql, type SqlScope } from '../platform/database/sql.js';
import type { ActorContext } from '../platform/graphql/api-context.js';
import { loadRun, loadRunByUuid } from './load-run.js';
import type { Run } from './run.entity.js';
import { isTerminal } from './run-status.js';
import { endStage } from './stage-rows.js';
import { transitionRun } from './transition-run.js';

const REQUEST_CANCEL = loadPreparedSql(import.meta.url, './sql/request-cancel.sql');

export async function cancelRun(ctx: ActorContext, publicId: string): Promise<Run> {
  requireRole(ctx.actor, 'RESEARCHER');
  requireScope(ctx.actor, 'RUNS_WRITE');
  const run = await loadRun(ctx.em, publicId);
  if (isTerminal(run.status)) return run;
  await ctx.em.transactional(async (transaction) => {
    const em = transaction as Em;
    await requestCancel(em, run.id);
    const metadata = { was: run.status };
    await recordAudit(em, { action: 'RUN_CANCELED', target: { type: 'Run', id: run.id }, metadata });
  });
  ctx.services.runs.notifier.touch(run.id);
  return loadRunByUuid(ctx.em, run.id);
}

/** Also what the sweeper and the deletion of projects use. */
export async function requestCancel(sql: SqlScope, runId: string): Promise<void> {
  const waiting = await transitionRun(sql, runId, {
    to: 'CANCELED',
    from: ['QUEUED', 'BLOCKED'],
    patch: { raiseFence: true, requestCancel: true },
  });
  if (waiting) return endStage(sql, runId, waiting.currentStage ?? null, 'CANCELED');
  const [held] = await runSql<{ worker_id: string | null; fence: number }>(sql, REQUEST_CANCEL, [runId]);
  if (held && held.worker_id === null) await finishCancel(sql, runId, held.fence);
}

/** RUNNING → CANCELED: by the worker that stopped the stage, or by the sweeper for one that died. */
export async function finishCancel(sql: SqlScope, runId: string, fence?: number): Promise<boolean> {
  const done = await transitionRun(sql, runId, {
    to: 'CANCELED',
    from: ['RUNNING'],
    ...(fence === undefined ? {} : { fence }),
    patch: { raiseFence: true },
  });
  if (done) await endStage(sql, runId, done.currentStage ?? null, 'CANCELED');
  return done !== null;
}
