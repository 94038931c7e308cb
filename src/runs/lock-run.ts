/** Holds a run's row to the end of the transaction and answers its last seq; STALE_FENCE when this worker no longer holds it. */
import type { Em } from '../platform/database/database.js';
import { loadPreparedSql, runSql } from '../platform/database/sql.js';
import { staleFence } from './append-events.js';

const LOCK = loadPreparedSql(import.meta.url, './sql/lock-run.sql');

export async function lockRun(em: Em, runId: string, fence: number): Promise<number> {
  const [row] = await runSql<{ last_seq: number }>(em, LOCK, [runId, fence]);
  if (!row) throw staleFence(runId);
  return row.last_seq;
}
