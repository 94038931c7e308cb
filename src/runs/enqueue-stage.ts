/** Puts the job of a stage into the queue, in the caller's transaction: rows, event and job commit together. */
import { prepared, runSql, type SqlScope } from '../platform/database/sql.js';

const ENQUEUE = prepared('select enqueue_stage($1, $2, $3, $4)');

export async function enqueueStage(
  sql: SqlScope,
  job: { runId: string; stage: string; fence: number; delayMs?: number },
): Promise<void> {
  await runSql(sql, ENQUEUE, [job.runId, job.stage, job.fence, job.delayMs ?? 0]);
}
