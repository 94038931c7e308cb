/** The rows of a run's plan. Written only inside the transaction of a transition, which holds the run's lock. */
import type { Em } from '../platform/database/database.js';
import { prepared, runSql } from '../platform/database/sql.js';
import type { StageStatus } from './run-status.js';

const BEGIN = prepared(
  `update run_stages set status = 'RUNNING', attempt = attempt + 1, started_at = clock_timestamp(), finished_at = null, progress = null
   where run_id = $1 and name = $2 returning attempt`,
);
const FINISH = prepared(
  `update run_stages set status = 'SUCCEEDED', finished_at = clock_timestamp(), output = $3
   where run_id = $1 and name = $2
   returning extract(epoch from finished_at - started_at)::float8 * 1000 as ms`,
);

/** A worker takes the stage up: answers its attempt number (1 at the first). */
export async function beginStage(em: Em, runId: string, stage: string): Promise<number> {
  const [row] = await runSql<{ attempt: number }>(em, BEGIN, [runId, stage]);
  return row?.attempt ?? 1;
}

/** Answers how long the attempt took, in milliseconds. */
export async function finishStage(em: Em, runId: string, stage: string, output: unknown): Promise<number> {
  const [row] = await runSql<{ ms: number }>(em, FINISH, [runId, stage, JSON.stringify(output ?? null)]);
  return row?.ms ?? 0;
}

export async function endStage(em: Em, runId: string, stage: string | null, status: StageStatus): Promise<void> {
  if (stage === null) return;
  await runSql(
    em,
    `update run_stages set status = $3, finished_at = clock_timestamp()
     where run_id = $1 and name = $2 and status <> 'SUCCEEDED'`,
    [runId, stage, status],
  );
}

/** Back to waiting: after a transient error, a lost worker, a retry. A lost worker is counted against the stage. */
export async function requeueStage(em: Em, runId: string, stage: string, lost: boolean): Promise<number> {
  const [row] = await runSql<{ losses: number }>(
    em,
    `update run_stages set status = 'PENDING', finished_at = null, losses = losses + $3
     where run_id = $1 and name = $2 returning losses`,
    [runId, stage, lost ? 1 : 0],
  );
  return row?.losses ?? 0;
}

/** Somebody asked for another try: its attempts and losses begin anew. */
export async function resetStage(em: Em, runId: string, stage: string): Promise<void> {
  await runSql(
    em,
    `update run_stages set status = 'PENDING', attempt = 0, losses = 0, finished_at = null where run_id = $1 and name = $2`,
    [runId, stage],
  );
}
