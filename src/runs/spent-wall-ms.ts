/** Time a run has been under way, in milliseconds: what is booked, and what runs since. It stands still while BLOCKED. */
import type { Run } from './run.entity.js';

export const spentWallMs = (run: Run, now: Date): number =>
  run.spentMs + (run.runningSince ? Math.max(0, now.getTime() - run.runningSince.getTime()) : 0);
