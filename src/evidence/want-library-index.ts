/**
 * Wants the index of a library kept (keep-library-index.ts): a job of the workers, one a library, whoever and how often it is
 * wanted. Joins the caller's transaction, so what the caller adds is there when the job runs; called last in it, because two
 * that want the first job of a library wait for each other.
 */
import { runSql, type SqlScope } from '../platform/database/sql.js';

const SETTLE_MS = 15_000; // 15 seconds: papers come in numbers, and one job does for all of them

const WANT = 'select want_library_index($1, $2, $3)';

/** For whoever has added to a library. */
export async function wantLibraryIndex(em: SqlScope, projectId: string): Promise<void> {
  await runSql(em, WANT, [projectId, SETTLE_MS, false]);
}

/** For the job itself: at that time, whatever was wanted before. */
export async function wantLibraryIndexIn(em: SqlScope, projectId: string, delayMs: number): Promise<void> {
  await runSql(em, WANT, [projectId, delayMs, true]);
}
