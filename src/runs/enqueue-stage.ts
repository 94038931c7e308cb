/** Puts the job of a stage into the queue, in the caller's transaction: rows, event and job commit together. */
import type { Em } from '../platform/database/database.js';
import { prepared, runSql } from '../platform/database/sql.js';

const ENQUEUE = prepared('select enqueue_stage($1, $2, $3, $4)');

export async function enqueueStage(
  em: Em,
  job: { runId: string; stage: string; fence: number; delayMs?: number },
): Promise<void> {
  await runSql(em, ENQUEUE, [job.runId, job.stage, job.fence, job.delayMs ?? 0]);
}
