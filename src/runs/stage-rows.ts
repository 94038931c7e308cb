/** The rows of a run's plan. Written only inside the transaction of a transition, which holds the run's lock. */
import { prepared, runSql, type SqlScope } from '../platform/database/sql.js';
import type { StageStatus } from './run-status.js';

const END = prepared(
  `update run_stages set status = $3, finished_at = clock_timestamp()
   where run_id = $1 and name = $2 and status <> 'SUCCEEDED'`,
);

export async function endStage(sql: SqlScope, runId: string, stage: string | null, status: StageStatus): Promise<void> {
  if (stage === null) return;
  await runSql(sql, END, [runId, stage, status]);
}

/** Back to waiting: after a transient error, a lost worker, a retry. A lost worker is counted against the stage. */
export async function requeueStage(sql: SqlScope, runId: string, stage: string, lost: boolean): Promise<number> {
  const [row] = await runSql<{ losses: number }>(
    sql,
    `update run_stages set status = 'PENDING', finished_at = null, losses = losses + $3
     where run_id = $1 and name = $2 returning losses`,
    [runId, stage, lost ? 1 : 0],
  );
  return row?.losses ?? 0;
}

/** Somebody asked for another try: its attempts and losses begin anew. */
export async function resetStage(sql: SqlScope, runId: string, stage: string): Promise<void> {
  await runSql(
    sql,
    `update run_stages set status = 'PENDING', attempt = 0, losses = 0, finished_at = null where run_id = $1 and name = $2`,
    [runId, stage],
  );
}
