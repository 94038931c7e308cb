/** A clock that goes only when somebody sleeps, and then at once. */
import type { Clock } from './clock.js';

export interface FakeClock extends Clock {
  slept: number[]; // milliseconds, in order
}

export function fakeClock(start = Date.UTC(2026, 0, 1)): FakeClock {
  let now = start;
  const slept: number[] = [];
  return {
    slept,
    now: () => now,
    async sleep(ms, signal) {
      signal.throwIfAborted();
      slept.push(ms);
      now += ms;
    },
  };
}
