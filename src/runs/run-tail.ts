/**
 * The live end of one run's timeline, shared by every subscriber of this process: read once from the table, fanned out
 * from a small ring. A subscriber holds nothing but its cursor, so a stalled one costs nothing; one that has fallen
 * behind the ring reads the table.
 */
import type { Em } from '../platform/database/database.js';
import { type EventSlice, readEvents } from './read-events.js';
import type { RunEvent } from './run-event.js';
import type { RunStatus } from './run-status.js';

const RING = 256; // events kept for those who follow live
const READ_LIMIT = 500; // events a statement

export class RunTail {
  readonly #forkEm: () => Em;
  readonly #runId: string;
  readonly #waiters = new Set<() => void>();
  #ring: RunEvent[] = [];
  #head: { lastSeq: number; status: RunStatus; terminal: boolean } | null = null;
  #reading: Promise<void> | null = null;
  #readAgain = false;
  #gone = false;
  #failure: unknown = null;

  constructor(runId: string, forkEm: () => Em) {
    this.#runId = runId;
    this.#forkEm = forkEm;
  }

  /** The run was deleted, or is no longer there for this tenant. */
  get gone(): boolean {
    return this.#gone;
  }

  /** Does `head` (of one poll for all runs) say that there is something new? */
  isBehind(head: { lastSeq: number; status: string }): boolean {
    return this.#head?.lastSeq !== head.lastSeq || this.#head.status !== head.status;
  }

  /** Reads what is new, once however often it is called meanwhile. Failures are left to the next wake. */
  wake(): Promise<void> {
    if (this.#reading) {
      this.#readAgain = true;
      return this.#reading;
    }
    this.#reading = this.#advance().finally(() => {
      this.#reading = null;
      if (this.#readAgain) {
        this.#readAgain = false;
        void this.wake();
      }
    });
    return this.#reading;
  }

  markGone(): void {
    this.#gone = true;
    this.#release();
  }

  /** The events after `cursor` if the ring holds them all, with the head they were read with; else null. */
  after(cursor: number): EventSlice | null {
    if (!this.#head || cursor > this.#head.lastSeq) return null;
    const oldest = this.#ring[0]?.seq ?? this.#head.lastSeq + 1;
    if (cursor < oldest - 1) return null;
    return { events: this.#ring.slice(cursor - oldest + 1), ...this.#head };
  }

  /** Resolves when the tail has moved past what was seen, or at `wakeUp()`. */
  changed(seen: { lastSeq: number; status: RunStatus }, signal: AbortSignal): Promise<void> {
    if (signal.aborted || this.#gone || (this.#head && this.isBehind(seen) && this.#head.lastSeq >= seen.lastSeq)) return Promise.resolve();
    return new Promise((resolve) => {
      const done = () => {
        this.#waiters.delete(done);
        signal.removeEventListener('abort', done);
        resolve();
      };
      this.#waiters.add(done);
      signal.addEventListener('abort', done, { once: true });
    });
  }

  async #advance(): Promise<void> {
    try {
      for (;;) {
        // the first read asks for the head only: history is read by those who want it
        const from = this.#head?.lastSeq ?? Number.MAX_SAFE_INTEGER;
        const slice = await readEvents(this.#forkEm(), this.#runId, Math.min(from, 2_147_483_647), READ_LIMIT);
        if (!slice) return this.markGone();
        const reached = slice.events.at(-1)?.seq ?? slice.lastSeq;
        this.#ring = [...this.#ring, ...slice.events].slice(-RING);
        // between two batches of one backlog the run's state belongs to a later event than the last one read
        this.#head = { lastSeq: reached, status: slice.status, terminal: slice.terminal && reached === slice.lastSeq };
        this.#failure = null;
        this.#release();
        if (reached >= slice.lastSeq) return;
      }
    } catch (error) {
      this.#failure = error;
    }
  }

  /** Why the last read failed, for the log. */
  get failure(): unknown {
    return this.#failure;
  }

  #release(): void {
    for (const waiter of [...this.#waiters]) waiter();
  }
}
