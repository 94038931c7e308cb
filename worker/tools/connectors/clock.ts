/** Time as waiting sees it, so that a test can let hours pass at once. */
import { setTimeout as wait } from 'node:timers/promises';

export interface Clock {
  now(): number; // milliseconds since 1970
  /** Rejects with the signal's reason as soon as it is aborted. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

export const systemClock: Clock = {
  now: Date.now,
  sleep: async (ms, signal) => {
    try {
      await wait(ms, undefined, { signal });
    } catch (error) {
      signal.throwIfAborted();
      throw error;
    }
  },
};
