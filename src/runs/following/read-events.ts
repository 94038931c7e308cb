/** A batch of a run's timeline and its head, read in one statement: one moment's truth. Null when the run is not there. */
import { loadPreparedSql, runSql, type SqlScope } from '../../platform/database/sql.js';
import type { EventLevel, RunEvent, RunEventType } from '../run-event.js';
import { isTerminal, type RunStatus } from '../run-status.js';

const READ = loadPreparedSql(import.meta.url, './sql/read-events.sql');

export interface EventSlice {
  events: RunEvent[];
  lastSeq: number;
  status: RunStatus;
  terminal: boolean;
}

/** As the statements answer it. */
export interface EventRow {
  status: RunStatus;
  last_seq: number;
  events: EventColumns | null; // null when there can be none
}

/** An array of each field, in the order of seq; null for each when there is no event. */
interface EventColumns {
  seq: number[] | null;
  at: number[]; // ms since 1970
  level: EventLevel[];
  stage: (string | null)[];
  type: RunEventType[];
  message: string[];
  payload: Record<string, unknown>[];
}

export async function readEvents(
  sql: SqlScope,
  runId: string,
  after: number,
  limit: number,
): Promise<EventSlice | null> {
  const [row] = await runSql<EventRow>(sql, READ, [runId, after, limit]);
  return row ? toSlice(row) : null;
}

export const toSlice = (row: EventRow): EventSlice => ({
  events: row.events ? toEvents(row.events) : [],
  lastSeq: row.last_seq,
  status: row.status,
  terminal: isTerminal(row.status),
});

const toEvents = ({ seq, at, level, stage, type, message, payload }: EventColumns): RunEvent[] =>
  (seq ?? []).map((number, index) => ({
    seq: number,
    at: new Date(at[index] ?? Number.NaN),
    level: level[index] ?? 'INFO',
    stage: stage[index] ?? null,
    type: type[index] as RunEventType,
    message: message[index] ?? '',
    payload: payload[index] ?? {},
  }));
