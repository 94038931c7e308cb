/**
 * The live end of one run's timeline, shared by every subscriber of this process: read once from the table, fanned out
 * from a small ring. A subscriber holds nothing but its cursor, so a stalled one costs nothing; one that has fallen
 * behind the ring reads the table. What the ring holds is contiguous and ends at the head it was read with.
 */

import type { RunEvent } from '../run-event.js';
import type { RunStatus } from '../run-status.js';
import type { EventSlice } from './read-events.js';
import type { ReadTail } from './tail-reader.js';

export const RING = 256; // events kept for those who follow live, and read at a time
const NOTHING_AFTER = 2_147_483_647; // the greatest seq: a read from here answers the head alone

export class RunTail {
  readonly #read: ReadTail;
  readonly #runId: string;
  readonly #listeners = new Set<() => void>();
  #ring: RunEvent[] = [];
  #head: { lastSeq: number; status: RunStatus; terminal: boolean } | null = null;
  #reading: Promise<void> | null = null;
  #nextReading: Promise<void> | null = null;
  #gone = false;

  /** `read` answers at most `RING` events. */
  constructor(runId: string, read: ReadTail) {
    this.#runId = runId;
    this.#read = read;
  }

  /** The run was deleted, or is no longer there for this tenant. */
  get gone(): boolean {
    return this.#gone;
  }

  /** Does `head` (of one poll for all runs) say that there is something new? */
  isBehind(head: { lastSeq: number; status: string }): boolean {
    return this.#head?.lastSeq !== head.lastSeq || this.#head.status !== head.status;
  }

  /**
   * Resolves after a read that began no earlier than this call, so that a subscriber never starts from a head older than
   * itself (a run retried a moment ago would seem to have ended). However often it is called during a read, one more
   * follows. A read that fails changes nothing: the next wake reads again.
   */
  wake(): Promise<void> {
    if (!this.#reading) {
      this.#reading = this.#advance().finally(() => {
        this.#reading = null;
      });
      return this.#reading;
    }
    this.#nextReading ??= this.#reading.then(() => {
      this.#nextReading = null;
      return this.wake();
    });
    return this.#nextReading;
  }

  markGone(): void {
    this.#gone = true;
    this.#tell();
  }

  /** The events after `cursor` if the ring holds them all, with the head they were read with; else null. */
  after(cursor: number): EventSlice | null {
    if (!this.#head || cursor > this.#head.lastSeq) return null;
    const oldest = this.#ring[0]?.seq ?? this.#head.lastSeq + 1;
    if (cursor < oldest - 1) return null;
    return { events: this.#ring.slice(cursor - oldest + 1), ...this.#head };
  }

  /** Calls `onChange` at each move of the head, and when the run is gone. Returns what ends it. */
  listen(onChange: () => void): () => void {
    this.#listeners.add(onChange);
    return () => this.#listeners.delete(onChange);
  }

  /** Resolves when the tail has moved past what was seen, when the run is gone, or when `signal` is aborted. */
  changed(seen: { lastSeq: number; status: RunStatus }, signal: AbortSignal): Promise<void> {
    const moved = this.#head && this.isBehind(seen) && this.#head.lastSeq >= seen.lastSeq;
    if (signal.aborted || this.#gone || moved) return Promise.resolve();
    return new Promise((resolve) => {
      const done = () => {
        forget();
        signal.removeEventListener('abort', done);
        resolve();
      };
      const forget = this.listen(done);
      signal.addEventListener('abort', done, { once: true });
    });
  }

  async #advance(): Promise<void> {
    let from = this.#head?.lastSeq ?? NOTHING_AFTER; // history is read by those who want it
    let ring = this.#ring;
    try {
      for (;;) {
        const slice = await this.#read(this.#runId, from);
        if (!slice) return this.markGone();
        const reached = slice.events.at(-1)?.seq ?? slice.lastSeq;
        const joins = ring.at(-1)?.seq === from;
        ring = [...(joins ? ring : []), ...slice.events].slice(-RING);
        if (reached >= slice.lastSeq) return this.#become(ring, slice);
        // what would not fit into the ring is not read here: those who want it read the table from their cursors
        from = Math.max(reached, slice.lastSeq - RING);
      }
    } catch {
      return; // ring and head still belong together; the next wake reads on from them
    }
  }

  #become(ring: RunEvent[], { lastSeq, status, terminal }: EventSlice): void {
    const moved = this.isBehind({ lastSeq, status });
    this.#ring = ring;
    this.#head = { lastSeq, status, terminal };
    if (moved) this.#tell();
  }

  #tell(): void {
    for (const listener of [...this.#listeners]) listener();
  }
}
