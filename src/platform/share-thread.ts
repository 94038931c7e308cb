/**
 * For long computations on the one thread that everything else of a process runs on as well: leases are renewed on it, events
 * are sent. Whoever computes asks for a breath between small steps; now and then it lets the others have their turn.
 */
import { setImmediate as othersHadTheirTurn } from 'node:timers/promises';

const TURN_MS = 20; // what a client hardly notices

/** Called between steps of at most a few milliseconds. Fails with the signal's reason. */
export type Breathe = () => Promise<void>;

export function shareThread(signal?: AbortSignal): Breathe {
  let began = performance.now();
  return async () => {
    if (performance.now() - began < TURN_MS) return;
    await othersHadTheirTurn();
    signal?.throwIfAborted();
    began = performance.now();
  };
}
