/** What the artifacts of a run come to, and what they may. */
import type { Em } from '../platform/database/database.js';
import { loadSql, runSql } from '../platform/database/sql.js';
import { AppError } from '../platform/errors.js';
import type { BudgetLimits } from '../runs/run.entity.js';

const USAGE = loadSql(import.meta.url, './sql/artifact-usage.sql');

/** 25 MB, as RUN_ARTIFACT_BYTES when it is unset: for rows without a ceiling of their own (`startRun` gives each run one). */
export const DEFAULT_RUN_ARTIFACT_BYTES = 25_000_000;

export interface ArtifactUsage {
  count: number;
  bytes: number;
}

export const artifactLimit = (limits: BudgetLimits): number => limits.artifactBytes ?? DEFAULT_RUN_ARTIFACT_BYTES;

/** In the order of the run ids (uuids). */
export async function readArtifactUsage(em: Em, runIds: readonly string[]): Promise<ArtifactUsage[]> {
  const rows = await runSql<{ run_id: string } & ArtifactUsage>(em, USAGE, [[...runIds]]);
  const byRun = new Map(rows.map(({ run_id, count, bytes }) => [run_id, { count, bytes }]));
  return runIds.map((id) => byRun.get(id) ?? { count: 0, bytes: 0 });
}

/** Throws QUOTA_EXCEEDED when `more` bytes would be too many; nothing has been written then. */
export function requireRoom(usage: ArtifactUsage, more: number, limitBytes: number): void {
  if (usage.bytes + more <= limitBytes) return;
  throw new AppError('QUOTA_EXCEEDED', `The artifacts of this run would exceed their limit of ${limitBytes} bytes.`, {
    details: { count: usage.count, bytes: usage.bytes, addedBytes: more, limitBytes },
    hint: 'Narrow the question, or raise RUN_ARTIFACT_BYTES on the server.',
  });
}
