/**
 * A run's timeline as one async iterable that outlives its connections.
 *
 *     subscribe after cursor ──batch──> yield its events, cursor = the last seq ──┐
 *        ▲                                                                        │ complete: the run has ended
 *        └── back-off <── interrupted, or refused "for now" <─────────────────────┤
 *                                                   refused for good, or aborted: │ throws
 *
 * Invariants: events come with seq after + 1, after + 2 … without a gap and without a duplicate, whatever happens to the
 * connection, because the cursor moves only when an event is handed over, an event at or before it is dropped, and one that does not
 * follow it counts as an interruption.
 */
import { backoffMs, pause } from './backoff.js';
import { PaperwrightError, unreachable } from './errors.js';
import { RunEventsDocument, type RunEventsSubscription } from './generated/operations.js';
import type { LiveSocket } from './live-socket.js';
import { Interrupted, subscribe } from './subscription.js';

/** One entry of a timeline; `__typename` tells which fields of its own it has. */
export type RunEvent = RunEventsSubscription['runEvents']['events'][number];

export interface WatchRunOptions {
  /** The seq of the last event you have; 0, the default, is before the first. */
  after?: number;
  /** Aborted, the iteration throws its reason at once. */
  signal?: AbortSignal;
  /** When every attempt has failed for so long, it throws UNREACHABLE. 5 minutes when absent. */
  giveUpAfterMs?: number;
  /** Told about each wait before the next attempt: for a line such as "connection lost, trying again". */
  onInterrupted?: (interruption: Interruption) => void;
}

export interface Interruption {
  /** The last event that was handed over. */
  cursor: number;
  /** Attempts that failed in a row. */
  failures: number;
  retryInMs: number;
  error: Error;
}

const GIVE_UP_AFTER_MS = 5 * 60_000; // 5 minutes

/** Ends when the run has ended and all of its events were given; throws PaperwrightError when it is refused. */
export function watchRun(
  socket: LiveSocket,
  url: string,
  runId: string,
  options: WatchRunOptions = {},
): AsyncGenerator<RunEvent, void, void> {
  const stop = new AbortController();
  const signal = options.signal ? AbortSignal.any([options.signal, stop.signal]) : stop.signal;
  const events = timeline(socket, url, runId, { ...options, signal });
  const finish = events.return.bind(events);
  // A generator that is parked in an await hears of return() only after it; the signal wakes it.
  events.return = async (value) => {
    stop.abort(STOPPED);
    return finish(value);
  };
  const next = events.next.bind(events);
  events.next = () =>
    next().catch((error: unknown) => {
      if (error === STOPPED) return { done: true, value: undefined };
      throw error;
    });
  return events;
}

const STOPPED = new Error('The iteration was ended by its consumer.');

async function* timeline(
  socket: LiveSocket,
  url: string,
  runId: string,
  options: WatchRunOptions & { signal: AbortSignal },
): AsyncGenerator<RunEvent, void, void> {
  const { signal, onInterrupted, giveUpAfterMs = GIVE_UP_AFTER_MS } = options;
  let cursor = options.after ?? 0;
  let failures = 0;
  let failingSince = 0; // of the first of `failures`
  for (;;) {
    try {
      let caughtUp = false;
      const batches = subscribe<RunEventsSubscription>(socket, RunEventsDocument, { runId, after: cursor }, signal);
      for await (const { runEvents: batch } of batches) {
        failures = 0;
        for (const event of batch.events) {
          if (event.seq <= cursor) continue;
          if (event.seq !== cursor + 1) throw new Interrupted(new Error(`Event ${event.seq} came after ${cursor}`));
          cursor = event.seq;
          yield event;
        }
        caughtUp = batch.caughtUp;
      }
      if (caughtUp) return;
      throw new Interrupted(new Error('The subscription was completed before the end of the timeline'));
    } catch (error) {
      if (signal.aborted || !mayTryAgain(error)) throw error;
      failures += 1;
      if (failures === 1) failingSince = Date.now();
      if (Date.now() - failingSince > giveUpAfterMs) throw unreachable(url, error);
      const retryInMs = backoffMs(failures, askedToWaitMs(error));
      onInterrupted?.({ cursor, failures, retryInMs, error });
      await pause(retryInMs, signal);
    }
  }
}

const mayTryAgain = (error: unknown): error is Interrupted | PaperwrightError =>
  error instanceof Interrupted || (error instanceof PaperwrightError && error.retryable);

function askedToWaitMs(error: Error): number {
  const asked = error instanceof PaperwrightError ? error.details.retryAfterMs : undefined;
  return typeof asked === 'number' ? asked : 0;
}
