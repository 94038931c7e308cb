/**
 * How long to wait before trying again: anything from a tenth of a second up to a ceiling that doubles. Nearly all of it is
 * chance ("full jitter": Brooker, "Exponential Backoff And Jitter", 2015), so that thousands of clients which were cut off
 * together come back spread over a second, and not faster than a server can accept them.
 */
const LEAST_MS = 100;
const FIRST_MS = 1_000; // the ceiling after the first failure
const LONGEST_MS = 8_000;

/** `failures`: in a row, from 1. `atLeastMs`: what the server asked for. */
export function backoffMs(failures: number, atLeastMs = 0, random: () => number = Math.random): number {
  const ceiling = Math.min(LONGEST_MS, FIRST_MS * 2 ** (failures - 1));
  return Math.max(atLeastMs, LEAST_MS + random() * (ceiling - LEAST_MS));
}

/** Resolves after `ms`; rejects with the signal's reason as soon as it is aborted. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    const stop = () => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', stop);
      resolve();
    }, ms);
    signal.addEventListener('abort', stop, { once: true });
  });
}
