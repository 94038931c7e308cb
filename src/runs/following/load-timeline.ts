/** `Run.events` of all runs of an answer at once: the same page of each timeline, in one statement. */
import type { Em } from '../../platform/database/database.js';
import { loadSql, runSql } from '../../platform/database/sql.js';
import type { LoaderRegistry } from '../../platform/graphql/loader-registry.js';
import { type EventRow, type EventSlice, toSlice } from './read-events.js';
import { checkPage, type TimelineRequest, toBatch } from './read-timeline.js';
import type { EventBatch } from './run-feed.js';

const READ_EACH = loadSql(import.meta.url, './sql/read-events-of-each.sql');

/** Answers and errors as `readTimeline`. */
export async function loadTimeline(
  { em, loaders }: { em: Em; loaders: LoaderRegistry },
  runId: string,
  request: TimelineRequest,
): Promise<EventBatch> {
  const { first, after } = checkPage(request);
  const slice = await loaders
    .get<EventSlice | null>(`${first} events after ${after} of run`, async (runIds) => {
      const rows = await runSql<EventRow & { id: string }>(em, READ_EACH, [[...runIds], after, first]);
      const slices = new Map(rows.map((row) => [row.id, toSlice(row)]));
      return runIds.map((id) => slices.get(id) ?? null);
    })
    .load(runId);
  return toBatch(slice, after, request.filter);
}
