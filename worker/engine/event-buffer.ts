/**
 * The events a stage has emitted and that are not yet known to be stored.
 *
 * While a worker holds the fence it is the run's only writer, so it knows which seq comes next. When a connection breaks
 * at the commit, nobody can say whether the batch was stored; the next transaction sees it in the run's last seq, under
 * the row's lock, and then either forgets the batch or sends it again. So a batch is neither lost nor doubled.
 */
import { AppError } from '../../src/platform/errors.js';
import type { RunEventDraft } from '../../src/runs/run-event.js';

const MAX_BUFFERED = 5_000; // events; while the database is away a stage may run on, but not for ever

export class EventBuffer {
  #events: RunEventDraft[] = [];
  #storedSeq: number; // the last seq known to be stored
  #uncertain = 0; // how many of the first events may be stored already

  constructor(storedSeq: number) {
    this.#storedSeq = storedSeq;
  }

  /** An earlier batch may or may not stand in the table: only the run's last seq can tell. */
  get isUncertain(): boolean {
    return this.#uncertain > 0;
  }

  /** What is not known to be stored, oldest first. */
  get events(): readonly RunEventDraft[] {
    return this.#events;
  }

  get isEmpty(): boolean {
    return this.#events.length === 0;
  }

  add(event: RunEventDraft): void {
    if (this.#events.length >= MAX_BUFFERED) {
      throw new AppError('UNAVAILABLE', 'The stage emits events faster than the database stores them.', {
        retryable: true,
      });
    }
    this.#events.push(event);
  }

  /** What is owed, given the run's last seq as read under its lock. The events stay until `stored` says they are. */
  owed(lastSeq: number): RunEventDraft[] {
    if (this.#uncertain > 0 && lastSeq === this.#storedSeq + this.#uncertain) this.stored(this.#uncertain);
    this.#uncertain = 0;
    return [...this.#events];
  }

  /** The first `count` events are in the table. */
  stored(count: number): void {
    this.#events.splice(0, count);
    this.#storedSeq += count;
    this.#uncertain = 0;
  }

  /** The transaction that carried the first `count` events broke off; it may have been committed. */
  unknown(count: number): void {
    if (count > 0) this.#uncertain = count; // one that carried none says nothing about an earlier one
  }
}
