/**
 * How many papers a person may begin to take in within an hour. Counted in Postgres, in the transaction that starts the run:
 * every API process sees the same count, a refused run is not counted, and deleting runs gives nothing back.
 */
import type { Actor } from '../../platform/database/actor.js';
import type { Em } from '../../platform/database/database.js';
import { loadSql, runSql } from '../../platform/database/sql.js';
import { AppError } from '../../platform/errors.js';

const HOUR_MS = 60 * 60 * 1000;
const MINUTE_MS = 60 * 1000;
const COUNT = loadSql(import.meta.url, './count-ingest.sql');

/** Errors: RATE_LIMITED, retryable, with `details.retryAfterMs`. */
export async function countIngest(em: Em, actor: Actor, perHour: number): Promise<void> {
  const [row] = await runSql<{ ingests: number; wait_ms: number }>(em, COUNT, [actor.tenantId, actor.userId, HOUR_MS]);
  if (!row || row.ingests <= perHour) return;
  const minutes = Math.ceil(row.wait_ms / MINUTE_MS);
  throw new AppError('RATE_LIMITED', `You have taken in ${perHour} papers within an hour, the most that is allowed.`, {
    retryable: true,
    details: { limit: perHour, retryAfterMs: row.wait_ms },
    hint: `Try again in ${minutes} ${minutes === 1 ? 'minute' : 'minutes'}.`,
  });
}
