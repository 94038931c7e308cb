/**
 * One job from claim to settlement. The stage itself runs outside any transaction, under an AbortSignal that a cancel,
 * its time limit, the run's wall budget or a shutdown aborts. A stage that ignores its signal is abandoned after a
 * moment: whatever it still tries to write is refused by the fence.
 */
import { AppError } from '../../src/platform/errors.js';
import type { StageOutcome } from '../stage-metrics.js';
import { type Claim, claimStage } from './claim-stage.js';
import { completeStage } from './complete-stage.js';
import type { Engine } from './engine.js';
import { observeStage } from './observe-stage.js';
import { persist } from './persist.js';
import { type StopReason, settleFailure } from './settle-failure.js';
import type { Stage } from './stage.js';
import { type OpenStage, openStageContext } from './stage-context.js';
import type { StageJob } from './stage-job.js';

const ABANDON_MS = 750; // 0.75 seconds for a stopped stage to clean up; a cancel is due within two

export async function executeStage(engine: Engine, job: StageJob): Promise<void> {
  const claim = await persist((tries) => claimStage(engine.database, job, { workerId: engine.workerId, tries }));
  if (!claim) {
    engine.metrics?.stale.inc();
    return; // the run has moved on: this job stands for an older fence
  }
  engine.notifier.touch(job.runId);
  await observeStage(engine, claim, () => workOn(engine, claim));
}

async function workOn(engine: Engine, claim: Claim): Promise<StageOutcome> {
  const runId = claim.run.id;
  const controller = engine.active.add(runId);
  const limit = limitTime(controller, claim, engine.stageTimeoutMs);
  const { signal } = controller;
  const debugPoint = engine.debugPoint.bind(null, claim);
  const open = openStageContext({ ...engine, claim, signal });
  try {
    await debugPoint('working');
    const result = await untilAborted(signal, stageOf(engine, claim)(open.context));
    const buffer = await open.close();
    const next = nextStage(engine, claim);
    await persist(() => completeStage(engine.database, { claim, next, result, buffer, debugPoint }));
    return 'OK';
  } catch (error) {
    await settle(engine, { claim, open, error, signal });
    return signal.aborted ? 'STOPPED' : 'FAILED';
  } finally {
    clearTimeout(limit);
    engine.active.remove(runId, controller);
    engine.notifier.touch(runId);
  }
}

async function settle(
  engine: Engine,
  { claim, open, error, signal }: { claim: Claim; open: OpenStage; error: unknown; signal: AbortSignal },
): Promise<void> {
  const stopped = signal.aborted ? (signal.reason as StopReason) : null;
  const buffer = await open.close();
  engine.services.log.warn({ err: error, stopped }, 'stage did not complete');
  await persist(() =>
    settleFailure(engine.database, {
      claim,
      error,
      stopped,
      buffer,
      maxAttempts: engine.maxStageAttempts,
      patienceMs: timeLeft(claim, engine.stageTimeoutMs),
    }),
  );
}

function stageOf(engine: Engine, { run, stage }: Claim): Stage {
  const found = engine.pipelines.get(run.kind)?.stages[stage];
  if (!found) {
    return () => {
      throw new AppError('INTERNAL', `This worker knows no stage ${stage} of ${run.kind}.`, {
        retryable: true, // a worker of another version may
        hint: 'Let all workers run the same version.',
      });
    };
  }
  return found;
}

function nextStage(engine: Engine, { run, stage }: Claim): string | null {
  const names = engine.pipelines.get(run.kind)?.stageNames ?? [];
  return names[names.indexOf(stage) + 1] ?? null;
}

function limitTime(controller: AbortController, claim: Claim, stageTimeoutMs: number): NodeJS.Timeout {
  const wallLeftMs = wallLeft(claim, 0);
  const reason: StopReason = wallLeftMs < stageTimeoutMs ? 'WALL_BUDGET' : 'STAGE_TIMEOUT';
  return setTimeout(() => controller.abort(reason), Math.min(wallLeftMs, stageTimeoutMs));
}

/** Of the run's wall budget, when its stage has taken so long. */
function wallLeft({ run: { limits, spentMs } }: Claim, takenMs: number): number {
  return limits.wallMs === null ? Number.POSITIVE_INFINITY : Math.max(0, limits.wallMs - spentMs - takenMs);
}

/** How long a stage that is to be tried again may wait: as long as it may work, within what is left of the wall budget. */
const timeLeft = (claim: Claim, stageTimeoutMs: number): number =>
  Math.min(stageTimeoutMs, wallLeft(claim, performance.now() - claim.begunAt));

async function untilAborted<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  work.catch(() => undefined); // when abandoned, its rejection has no other listener
  let abandon: NodeJS.Timeout | undefined;
  const aborted = new Promise<never>((_resolve, reject) => {
    const give = () => {
      abandon = setTimeout(() => reject(new AppError('CANCELED', 'The stage was stopped.')), ABANDON_MS);
    };
    if (signal.aborted) give();
    else signal.addEventListener('abort', give, { once: true });
  });
  try {
    const value = await Promise.race([work, aborted]);
    signal.throwIfAborted();
    return value;
  } finally {
    clearTimeout(abandon);
  }
}
