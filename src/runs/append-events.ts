/**
 * Appends events to a timeline, in the caller's transaction. With a fence, only the holder of the run may: a stale
 * worker gets STALE_FENCE and nothing is written.
 */
import { loadPreparedSql, runSql, type SqlScope } from '../platform/database/sql.js';
import { AppError, notFound } from '../platform/errors.js';
import { boundPayload, boundText } from './bound-payload.js';
import type { RunEventDraft } from './run-event.js';
import { storableText } from './storable-text.js';

const APPEND = loadPreparedSql(import.meta.url, './sql/append-events.sql');

export async function appendEvents(
  sql: SqlScope,
  runId: string,
  events: readonly RunEventDraft[],
  fence: number | null,
  stage: string | null = null,
): Promise<void> {
  if (events.length === 0) return;
  const rows = await runSql(sql, APPEND, [runId, fence, JSON.stringify(events.map((event) => toRow(event, stage)))]);
  if (rows.length === 0) throw fence === null ? notFound('Run') : staleFence(runId);
}

/** The form both SQL files take. */
export function toRow(event: RunEventDraft, stage: string | null) {
  return storableText({
    level: event.level ?? 'INFO',
    stage: event.stage === undefined ? stage : event.stage,
    type: event.type,
    message: boundText(event.message),
    payload: boundPayload(event.payload),
  });
}

export const staleFence = (runId: string) =>
  new AppError('STALE_FENCE', 'Another worker holds this run now; what this one did is discarded.', {
    details: { runId },
  });
