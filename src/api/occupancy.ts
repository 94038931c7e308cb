/**
 * How many sockets and streams, and how many operations on them, one person or one address may have open at this process.
 * A claim above the cap is refused with RATE_LIMITED; what was claimed is given back once, when the thing has ended.
 */
import { AppError } from '../platform/errors.js';

const RETRY_AFTER_MS = 5_000; // 5 seconds: somebody may have left by then

export class Occupancy {
  readonly #open = new Map<string, number>();

  /** Counts one more for each of `places`, or none: throws RATE_LIMITED. Returns what gives them back. */
  claim(what: string, places: readonly { whose: string; id: string; cap: number }[]): () => void {
    const counted = places
      .filter(({ cap }) => cap > 0)
      .map((place) => ({ ...place, key: `${place.whose} ${place.id}` }));
    for (const { key, cap, whose } of counted) {
      if ((this.#open.get(key) ?? 0) >= cap) throw tooMany(what, whose, cap);
    }
    for (const { key } of counted) this.#open.set(key, (this.#open.get(key) ?? 0) + 1);
    let given = false;
    return () => {
      if (given) return;
      given = true;
      for (const { key } of counted) this.#release(key);
    };
  }

  #release(key: string): void {
    const left = (this.#open.get(key) ?? 0) - 1;
    if (left > 0) this.#open.set(key, left);
    else this.#open.delete(key);
  }
}

const tooMany = (what: string, whose: string, cap: number) =>
  new AppError('RATE_LIMITED', `There are ${cap} ${what} of ${whose} open already, as many as may be.`, {
    retryable: true,
    details: { retryAfterMs: RETRY_AFTER_MS, limit: cap },
    hint: 'Close some, or carry several subscriptions over one connection.',
  });
