/** One page of a run's timeline for `Run.events` and the JSON form of `GET /runs/:id/events`. */
import type { Em } from '../../platform/database/database.js';
import { badInput, notFound } from '../../platform/errors.js';
import { type EventFilter, passes } from '../run-event.js';
import { type EventSlice, readEvents } from './read-events.js';
import type { EventBatch } from './run-feed.js';

export const MAX_EVENTS = 500; // a batch
const MAX_CURSOR = 2_147_483_647; // the type of seq

export interface TimelineRequest {
  first?: number | null;
  after?: number | null;
  filter?: EventFilter;
}

/** With a filter, `cursor` is the last seq that was looked at, whether or not it passed. */
export async function readTimeline(em: Em, runId: string, request: TimelineRequest): Promise<EventBatch> {
  const { first, after } = checkPage(request);
  return toBatch(await readEvents(em, runId, after, first), after, request.filter);
}

/** Errors: BAD_INPUT. */
export function checkPage(request: TimelineRequest): { first: number; after: number } {
  const first = request.first ?? 100;
  if (first < 1 || first > MAX_EVENTS)
    throw badInput(`\`first\` is ${first}; ask for 1 to ${MAX_EVENTS} events and go on from \`cursor\`.`);
  return { first, after: checkCursor(request.after ?? 0) };
}

/** Errors: NOT_FOUND without a slice. */
export function toBatch(slice: EventSlice | null, after: number, filter: EventFilter = {}): EventBatch {
  if (!slice) throw notFound('Run');
  const cursor = slice.events.at(-1)?.seq ?? after;
  return {
    events: slice.events.filter((event) => passes(event, filter)),
    cursor,
    caughtUp: cursor >= slice.lastSeq,
  };
}

/** A seq: a whole number from 0. */
export function checkCursor(after: number): number {
  if (Number.isInteger(after) && after >= 0 && after <= MAX_CURSOR) return after;
  throw badInput(`\`after\` is ${after}; send 0 for the whole timeline, or the cursor of a batch you received.`);
}
