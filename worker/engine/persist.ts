/**
 * Carries a write through a database that restarts, is full for a while or drops its connections: tries again with
 * back-off while the failure is transient. Safe to repeat, because every write of the engine is fenced; but a connection that
 * broke at the commit leaves open whether it took place, so `write` is told which try this is.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { isAppError } from '../../src/platform/errors.js';
import { isTransient } from '../../src/platform/transient.js';

const FIRST_WAIT_MS = 50; // 0.05 seconds, doubled each time
const MAX_WAIT_MS = 2_000; // 2 seconds
const GIVE_UP_MS = 120_000; // 2 minutes; after that the sweeper of whoever lives takes the run up

export async function persist<T>(write: (tries: number) => Promise<T>): Promise<T> {
  const until = performance.now() + GIVE_UP_MS;
  let waitMs = FIRST_WAIT_MS;
  for (let tries = 1; ; tries++, waitMs = Math.min(waitMs * 2, MAX_WAIT_MS)) {
    try {
      return await write(tries);
    } catch (error) {
      if (isAppError(error) || !isTransient(error) || performance.now() > until) throw error;
      await delay(waitMs);
    }
  }
}
