/** Holds a run's row to the end of the transaction and answers its last seq; STALE_FENCE when this worker no longer holds it. */
import { loadPreparedSql, runSql, type SqlScope } from '../platform/database/sql.js';
import { staleFence } from './append-events.js';

const LOCK = loadPreparedSql(import.meta.url, './sql/lock-run.sql');

export async function lockRun(sql: SqlScope, runId: string, fence: number): Promise<number> {
  const [row] = await runSql<{ last_seq: number }>(sql, LOCK, [runId, fence]);
  if (!row) throw staleFence(runId);
  return row.last_seq;
}
