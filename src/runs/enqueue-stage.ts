/** Puts the job of a stage into the queue, in the caller's transaction: rows, event and job commit together. */
import type { Em } from '../platform/database/database.js';
import { runSql } from '../platform/database/sql.js';

export async function enqueueStage(
  em: Em,
  job: { runId: string; stage: string; fence: number; delayMs?: number },
): Promise<void> {
  await runSql(em, 'select enqueue_stage($1, $2, $3, $4)', [job.runId, job.stage, job.fence, job.delayMs ?? 0]);
}
