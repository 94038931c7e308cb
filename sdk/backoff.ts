/**
 * How long to wait before trying again: it doubles up to a ceiling, and half of it is chance, so that clients which were
 * cut off together do not all come back together.
 */
const FIRST_MS = 200;
const LONGEST_MS = 8_000;

/** `failures`: in a row, from 1. `atLeastMs`: what the server asked for. */
export function backoffMs(failures: number, atLeastMs = 0, random: () => number = Math.random): number {
  const ceiling = Math.min(LONGEST_MS, FIRST_MS * 2 ** (failures - 1));
  return Math.max(atLeastMs, ceiling / 2 + (random() * ceiling) / 2);
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
