/**
 * Named places where fault tests strike a worker. `DEBUG_POINT=RESEARCH.draft.inside-transaction:SIGKILL` sends the signal
 * to this very process at the first attempt of that stage; with `:always` at every attempt (a poison stage). SIGSTOP
 * stops it where it stands. Without the setting a debug point does nothing.
 */
import { badInput } from '../../src/platform/errors.js';
import type { Run } from '../../src/runs/run.entity.js';
import type { DebugPointName } from './stage.js';

export interface DebugPlace {
  run: Pick<Run, 'id' | 'kind' | 'clientRequestId'>;
  stage: string;
  attempt: number; // 1 at the first try of this stage
}

export type DebugPoint = (place: DebugPlace, point: DebugPointName) => Promise<void>;

const FORM = /^([A-Z_]+|\*)\.([a-z]+|\*)\.([a-z-]+):(SIGKILL|SIGSTOP)(:always)?$/;

export function parseDebugPoint(setting: string | undefined): DebugPoint {
  if (!setting) return async () => undefined;
  const [, kind, stage, point, signal, always] = FORM.exec(setting) ?? [];
  if (!signal)
    throw badInput(`DEBUG_POINT reads KIND.stage.point:SIGNAL, with :always for every attempt; this is ${setting}.`);
  return async ({ run, stage: atStage, attempt }, atPoint) => {
    const here = (kind === '*' || kind === run.kind) && (stage === '*' || stage === atStage) && point === atPoint;
    if (!here || (attempt > 1 && !always)) return;
    process.kill(process.pid, signal as NodeJS.Signals);
    // the signal is delivered to this process by the kernel; nothing of ours may run past this line before it is
    if (signal === 'SIGKILL') Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  };
}
