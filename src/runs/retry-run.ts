/**
 * Takes a FAILED, TIMED_OUT or BLOCKED run up again at the stage it was in: counts the retry and clears failure, end,
 * cancel request and pending input. Its timeline goes on; nothing of it is rewritten. INVALID_STATE for any other.
 */
import { recordAudit } from '../identity/audit/record-audit.js';
import { requireRole, requireScope } from '../identity/authorize.js';
import type { Em } from '../platform/database/database.js';
import { runSql } from '../platform/database/sql.js';
import { AppError } from '../platform/errors.js';
import type { ActorContext } from '../platform/graphql/api-context.js';
import { enqueueStage } from './enqueue-stage.js';
import { loadRun, loadRunByUuid } from './load-run.js';
import type { Run } from './run.entity.js';
import { isRetryable, type RunStatus } from './run-status.js';
import { resetStage } from './stage-rows.js';
import { transitionRun } from './transition-run.js';

export async function retryRun(ctx: ActorContext, publicId: string): Promise<Run> {
  requireRole(ctx.actor, 'RESEARCHER');
  requireScope(ctx.actor, 'RUNS_WRITE');
  const run = await loadRun(ctx.em, publicId);
  if (!isRetryable(run.status)) throw notRetryable(run.status);
  await ctx.em.transactional(async (inner) => {
    const em = inner as Em;
    const stage = run.currentStage ?? '';
    const queued = await transitionRun(em, run.id, {
      to: 'QUEUED',
      from: [run.status],
      fence: run.fence,
      patch: { raiseFence: true, retry: true },
      events: [
        { type: 'RUN_QUEUED', message: `Retry: waiting for a worker to take up ${stage} again.`, payload: { stage } },
      ],
    });
    if (!queued) throw changedMeanwhile();
    await runSql(em, `update input_requests set status = 'WITHDRAWN' where run_id = $1 and status = 'OPEN'`, [run.id]);
    await resetStage(em, run.id, stage);
    await enqueueStage(em, { runId: run.id, stage, fence: queued.fence });
    const metadata = { was: run.status, stage };
    await recordAudit(em, { action: 'RUN_RETRIED', target: { type: 'Run', id: run.id }, metadata });
  });
  ctx.services.runs.notifier.touch(run.id);
  return loadRunByUuid(ctx.em, run.id);
}

const notRetryable = (status: RunStatus) =>
  new AppError('INVALID_STATE', `Only a FAILED, TIMED_OUT or BLOCKED run can be retried; this one is ${status}.`, {
    details: { status },
    hint: 'Start a new run, or wait until this one has ended.',
  });

export const changedMeanwhile = () =>
  new AppError('CONFLICT', 'The run changed at the same moment. Read it again and decide anew.', { retryable: true });
