/** Holds a run's row to the end of the transaction; STALE_FENCE when this worker no longer holds the run. */
import type { Em } from '../platform/database/database.js';
import { loadSql, runSql } from '../platform/database/sql.js';
import { staleFence } from './append-events.js';

const LOCK = loadSql(import.meta.url, './sql/lock-run.sql');

export async function lockRun(em: Em, runId: string, fence: number): Promise<void> {
  const rows = await runSql(em, LOCK, [runId, fence]);
  if (rows.length === 0) throw staleFence(runId);
}
