/**
 * What becomes of a run whose stage did not complete: one exhaustive decision, then one transaction.
 *
 *   overtaken    another worker holds the run, or a cancel was acknowledged: finish the cancel, else leave it be
 *   canceled     → CANCELED
 *   released     this worker is going down: the stage goes back to the queue, no attempt counted
 *   timed out    → TIMED_OUT (the stage's time or the run's wall budget)
 *   transient    back to the queue with back-off, an event each time; not sooner than the failure asks for
 *                (`details.retryAfterMs`), and FAILED at once where that is later than the stage may wait
 *   failed       → FAILED, with code, message and hint
 */
import type { Database } from '../../src/platform/database/database.js';
import { runSql, type SqlRunner } from '../../src/platform/database/sql.js';
import { type AppError, isAppError } from '../../src/platform/errors.js';
import { isTransient } from '../../src/platform/transient.js';
import { finishCancel } from '../../src/runs/cancel-run.js';
import { enqueueStage } from '../../src/runs/enqueue-stage.js';
import { lockRun } from '../../src/runs/lock-run.js';
import type { RunFailure } from '../../src/runs/run.entity.js';
import type { RunEventDraft } from '../../src/runs/run-event.js';
import { endStage, requeueStage } from '../../src/runs/stage-rows.js';
import { storableText } from '../../src/runs/storable-text.js';
import { type Transition, transitionRun } from '../../src/runs/transition-run.js';
import type { Claim } from './claim-stage.js';
import type { EventBuffer } from './event-buffer.js';

const FIRST_BACKOFF_MS = 500; // 0.5 seconds, doubled at each attempt
const MAX_BACKOFF_MS = 30_000; // 30 seconds

export type StopReason = 'CANCELED' | 'OVERTAKEN' | 'SHUTDOWN' | 'STAGE_TIMEOUT' | 'WALL_BUDGET';

export interface Failure {
  claim: Claim;
  error: unknown;
  stopped: StopReason | null; // why the stage's signal was aborted, if it was
  buffer: EventBuffer;
  maxAttempts: number;
  patienceMs: number; // the longest pause before another attempt: what a stage may take, within the run's wall budget
}

export async function settleFailure(database: Database, failure: Failure): Promise<void> {
  const { error, stopped } = failure;
  await database.inTenant(failure.claim.run.tenantId, async (sql) => {
    if (stopped === 'CANCELED' || stopped === 'OVERTAKEN' || (isAppError(error) && error.code === 'STALE_FENCE'))
      return cancelIfAsked(sql, failure.claim);
    if (stopped === 'SHUTDOWN') return release(sql, failure);
    if (stopped !== null) return end(sql, failure, 'TIMED_OUT', timeoutFailure(failure, stopped));
    const ended = toRunFailure(error, failure.claim.stage);
    if (!isTransient(error) || failure.claim.attempt >= failure.maxAttempts) return end(sql, failure, 'FAILED', ended);
    const delayMs = delayBefore(failure);
    return delayMs > failure.patienceMs
      ? end(sql, failure, 'FAILED', askedTooMuch(ended, delayMs))
      : tryAgain(sql, failure, delayMs);
  });
}

/** The fence has moved: only an acknowledged cancel is still this worker's business. */
async function cancelIfAsked(sql: SqlRunner, { run }: Claim): Promise<void> {
  const [row] = await runSql<{ fence: number }>(
    sql,
    `select fence from runs where id = $1 and status = 'RUNNING' and cancel_requested_at is not null`,
    [run.id],
  );
  if (row) await finishCancel(sql, run.id, row.fence);
}

async function release(sql: SqlRunner, { claim, buffer }: Failure): Promise<void> {
  const event: RunEventDraft = {
    type: 'LOG_LINE',
    message: 'The worker is shutting down; another one goes on with this stage.',
    payload: {},
  };
  const after = await handBack(sql, claim, buffer, event);
  if (!after) return;
  await runSql(sql, 'update run_stages set attempt = greatest(attempt - 1, 0) where run_id = $1 and name = $2', [
    claim.run.id,
    claim.stage,
  ]);
  await enqueueStage(sql, { runId: claim.run.id, stage: claim.stage, fence: after.fence });
}

async function tryAgain(
  sql: SqlRunner,
  { claim, error, buffer, maxAttempts }: Failure,
  delayMs: number,
): Promise<void> {
  const { code, message, hint } = toRunFailure(error, claim.stage);
  const event: RunEventDraft = {
    type: 'ERROR_RAISED',
    level: 'WARN',
    message: `${message} Attempt ${claim.attempt} of ${maxAttempts}; trying again in ${delayMs} ms.`,
    payload: { code, retryable: true, attempt: claim.attempt, retryInMs: delayMs, hint },
  };
  const after = await handBack(sql, claim, buffer, event);
  if (after) await enqueueStage(sql, { runId: claim.run.id, stage: claim.stage, fence: after.fence, delayMs });
}

/** The usual pause, or the longer one that the failure asks for: a service that is asked sooner would only refuse again. */
function delayBefore({ claim, error }: Failure): number {
  const asked = isAppError(error) ? error.details.retryAfterMs : undefined;
  const usual = backoffMs(claim.attempt);
  return typeof asked === 'number' && asked > usual ? Math.ceil(asked) : usual;
}

const askedTooMuch = (failure: RunFailure, delayMs: number): RunFailure => ({
  ...failure,
  hint: `It asks to be left alone for ${Math.ceil(delayMs / 1000)} seconds, longer than the stage may wait. Retry the run after that.`,
});

/** How long after the given attempt (1 at the first) the next one comes. */
export const backoffMs = (attempt: number): number => Math.min(MAX_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** (attempt - 1));

async function handBack(sql: SqlRunner, claim: Claim, buffer: EventBuffer, event: RunEventDraft) {
  const after = await move(sql, claim, buffer, event, { to: 'RUNNING', patch: { raiseFence: true } });
  if (after) await requeueStage(sql, claim.run.id, claim.stage, false);
  return after;
}

/** With the events that are still owed before the one that says why; null when the fence has moved. */
async function move(sql: SqlRunner, claim: Claim, buffer: EventBuffer, event: RunEventDraft, change: Transition) {
  const lastSeq = await lockRun(sql, claim.run.id, claim.fence).catch(ignoreStale);
  if (lastSeq === null) {
    await cancelIfAsked(sql, claim);
    return null;
  }
  const events = [...buffer.owed(lastSeq), event].map((each) => ({ ...each, stage: each.stage ?? claim.stage }));
  return transitionRun(sql, claim.run.id, { ...change, from: ['RUNNING'], fence: claim.fence, events });
}

function ignoreStale(error: unknown): null {
  if (isAppError(error) && error.code === 'STALE_FENCE') return null;
  throw error;
}

async function end(
  sql: SqlRunner,
  { claim, buffer }: Failure,
  to: 'FAILED' | 'TIMED_OUT',
  failure: RunFailure,
): Promise<void> {
  const event: RunEventDraft = {
    type: 'ERROR_RAISED',
    level: 'ERROR',
    message: failure.message,
    payload: {
      code: failure.code,
      retryable: failure.retryable,
      attempt: claim.attempt,
      retryInMs: null,
      hint: failure.hint,
    },
  };
  const patch = { raiseFence: true, failure: storableText(failure) } as const;
  if (await move(sql, claim, buffer, event, { to, patch })) await endStage(sql, claim.run.id, claim.stage, 'FAILED');
}

/** Only an AppError's words are for users; anything else is a fault of ours and is told as such. */
function toRunFailure(error: unknown, stage: string): RunFailure {
  const known: Partial<AppError> = isAppError(error) ? error : {};
  const transient = isTransient(error);
  return {
    code: known.code ?? (transient ? 'UNAVAILABLE' : 'INTERNAL'),
    stage,
    message:
      known.message ??
      (transient ? 'A service this stage needs did not answer.' : 'The stage failed by a fault of the product.'),
    retryable: known.retryable ?? transient,
    hint: known.hint ?? (transient ? 'Retry the run when the database and the blob store answer again.' : null),
    details: known.details ?? {},
  };
}

function timeoutFailure({ claim }: Failure, reason: StopReason): RunFailure {
  const wall = reason === 'WALL_BUDGET';
  return {
    code: wall ? 'BUDGET_EXCEEDED' : 'STAGE_TIMEOUT',
    stage: claim.stage,
    message: wall
      ? `The run's wall-time budget of ${claim.run.limits.wallMs} ms is spent.`
      : `The stage ${claim.stage} took longer than a stage may.`,
    retryable: true,
    hint: wall ? 'Start a run with a larger budget.wallMs.' : 'Retry the run, or raise STAGE_TIMEOUT_MS.',
    details: wall ? { wallMs: claim.run.limits.wallMs } : {},
  };
}
