/**
 * The way to one service: one request at a time, with a distance between them, and a pause for all when the service asks
 * for it. What a service advertises can widen the distance, never narrow it. Requests go in the order in which they came;
 * one that is aborted while it waits leaves the line at once.
 *
 * A lane is as wide as the process: several workers each keep the distance for themselves.
 */
import type { Clock } from './clock.js';
import { notNow } from './fetch-failures.js';
import type { RateAdvice } from './rate-limit-headers.js';

/** A pause longer than this is not waited for: the failure says how long it is, and the stage comes back later. */
export const MAX_PAUSE_MS = 60_000; // 1 minute
const MAX_ADVERTISED_SPACING_MS = 10_000; // 10 seconds: a service that wants more says so with a 429

export class Lane {
  readonly #name: string;
  readonly #clock: Clock;
  readonly #spacingMs: number;
  #advertisedMs = 0;
  #freeAt = 0; // by the clock
  #tail: Promise<void> = Promise.resolve();
  #waiting = 0;

  constructor(options: { name: string; spacingMs: number; clock: Clock }) {
    this.#name = options.name;
    this.#clock = options.clock;
    this.#spacingMs = options.spacingMs;
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
      await this.#becomeFree(signal);
      try {
        return await task();
      } finally {
        this.#closeFor(Math.max(this.#spacingMs, this.#advertisedMs));
      }
    } finally {
      this.#waiting--;
      leave();
    }
  }

  /** Nobody goes for this long, whoever waits already included. */
  pause(ms: number): void {
    this.#closeFor(ms);
  }

  heed({ spacingMs, pauseMs }: RateAdvice): void {
    if (spacingMs !== null) this.#advertisedMs = Math.min(spacingMs, MAX_ADVERTISED_SPACING_MS);
    if (pauseMs !== null) this.#closeFor(pauseMs);
  }

  /** Nothing would be lost if the lane were forgotten. */
  get isIdle(): boolean {
    return this.#waiting === 0 && this.#freeAt <= this.#clock.now();
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
