/**
 * Lets so many pieces of work go on at once and no more; the others wait for their turn, in the order in which they came.
 * A waiter whose signal is aborted leaves the queue and rejects with the signal's reason.
 */
export type TakeTurn = <T>(work: () => Promise<T>, signal: AbortSignal) => Promise<T>;

export function takeTurns(atOnce: number): TakeTurn {
  let free = atOnce;
  const waiting: (() => void)[] = [];

  async function turn(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (free > 0) {
      free -= 1;
      return;
    }
    await new Promise<void>((resolve, reject) => {
      const onAbort = () => {
        waiting.splice(waiting.indexOf(start), 1);
        reject(signal.reason);
      };
      const start = () => {
        signal.removeEventListener('abort', onAbort);
        resolve();
      };
      signal.addEventListener('abort', onAbort, { once: true });
      waiting.push(start);
    });
  }

  return async (work, signal) => {
    await turn(signal);
    try {
      return await work();
    } finally {
      const next = waiting.shift(); // it takes this turn over, so nobody can come between
      if (next) next();
      else free += 1;
    }
  };
}
