/**
 * The way to one service: one request at a time, with a distance between them, and a pause for all when the service asks
 * for it. What a service advertises can widen the distance, never narrow it. Requests go in the order in which they came;
 * one that is aborted while it waits leaves the line at once.
 *
 * All of that holds across processes where lanes of one name share a row (shared-lanes.ts): several workers keep one distance. Within
 * a process the order is kept; between processes whoever asks first when the lane opens goes.
 */
import type { Clock } from './clock.js';
import { notNow } from './fetch-failures.js';
import type { RateAdvice } from './rate-limit-headers.js';
import { type SharedLane, type SharedLanes, unsharedLanes } from './shared-lanes.js';

/** A pause longer than this is not waited for: the failure says how long it is, and the stage comes back later. */
export const MAX_PAUSE_MS = 60_000; // 1 minute
const ASK_AGAIN_MS = 500; // half a second, while another process is under way
const MAX_ADVERTISED_SPACING_MS = 10_000; // 10 seconds: a service that wants more says so with a 429

export class Lane {
  readonly #name: string;
  readonly #clock: Clock;
  readonly #spacingMs: number;
  readonly #shared: SharedLane;
  #advertisedMs = 0;
  #freeAt = 0; // by the clock
  #tail: Promise<void> = Promise.resolve();
  #waiting = 0;

  /** `shared` absent: the lane is this process' alone. */
  constructor(options: { name: string; spacingMs: number; clock: Clock; shared?: SharedLanes | undefined }) {
    this.#name = options.name;
    this.#clock = options.clock;
    this.#spacingMs = options.spacingMs;
    this.#shared = (options.shared ?? unsharedLanes)(options.name);
  }

  /** UNAVAILABLE when the lane is closed for longer than MAX_PAUSE_MS; the signal's reason when it is aborted. */
  async run<T>(task: () => Promise<T>, signal: AbortSignal): Promise<T> {
    const before = this.#tail;
    let leave = () => {};
    const mine = new Promise<void>((resolve) => {
      leave = resolve;
    });
    this.#tail = before.then(() => mine);
    this.#waiting++;
    try {
      await unlessAborted(before, signal);
      await this.#enter(signal);
      try {
        return await task();
      } finally {
        this.#closeFor(Math.max(this.#spacingMs, this.#advertisedMs));
        await this.#shared.leave(this.#freeAt - this.#clock.now()).catch(untold);
      }
    } finally {
      this.#waiting--;
      leave();
    }
  }

  /** Nobody goes for this long, whoever waits already included. */
  pause(ms: number): void {
    this.#closeFor(ms);
    this.#shared.close(ms).catch(untold);
  }

  heed({ spacingMs, pauseMs }: RateAdvice): void {
    if (spacingMs !== null) this.#advertisedMs = Math.min(spacingMs, MAX_ADVERTISED_SPACING_MS);
    if (pauseMs !== null) this.pause(pauseMs);
  }

  /** Nothing would be lost if the lane were forgotten. */
  get isIdle(): boolean {
    return this.#waiting === 0 && this.#freeAt <= this.#clock.now();
  }

  async #enter(signal: AbortSignal): Promise<void> {
    for (;;) {
      await this.#becomeFree(signal);
      const closed = await this.#shared.enter();
      if (!closed) return;
      if (closed.occupied) await this.#clock.sleep(ASK_AGAIN_MS, signal);
      else this.#closeFor(closed.waitMs);
    }
  }

  async #becomeFree(signal: AbortSignal): Promise<void> {
    for (;;) {
      signal.throwIfAborted();
      const ms = this.#freeAt - this.#clock.now();
      if (ms <= 0) return;
      if (ms > MAX_PAUSE_MS) throw notNow(this.#name, ms);
      await this.#clock.sleep(ms, signal);
    }
  }

  #closeFor(ms: number): void {
    this.#freeAt = Math.max(this.#freeAt, this.#clock.now() + ms);
  }
}

/** What the others are not told, for want of a database, ends for them with the lease. */
const untold = () => undefined;

function unlessAborted(promise: Promise<void>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason);
    if (signal.aborted) return stop();
    signal.addEventListener('abort', stop, { once: true });
    void promise.then(() => {
      signal.removeEventListener('abort', stop);
      resolve();
    });
  });
}
