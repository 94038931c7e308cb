/** How many runs of all tenants wait for a worker: the depth of the queue, for metrics. */
import { runSql, type SqlRunner } from '../platform/database/sql.js';

const MOST_COUNTED = 1_000_000; // more is as good as endless

/** `nobody`: the count is the database's own, over all tenants, and tells nothing else. */
export async function countWaiting(nobody: SqlRunner): Promise<number> {
  const [row] = await runSql<{ waiting: string }>(nobody, 'select waiting from queue_depth($1)', [MOST_COUNTED]);
  return Number(row?.waiting ?? 0);
}
