/**
 * The one function that changes a run's status (law 1). It checks the move against the transition table, and the
 * database checks it again under the row's lock together with the fence; the events of the change are written by the
 * same statement. Answers null when a condition did not hold: the caller decides what that means.
 */
import { loadPreparedSql, runSql, type SqlScope } from '../platform/database/sql.js';
import { AppError } from '../platform/errors.js';
import { toRow } from './append-events.js';
import type { Run, RunFailure } from './run.entity.js';
import type { RunEventDraft } from './run-event.js';
import { type RunRow, toRun } from './run-row.js';
import { type RunStatus, sourcesOf } from './run-status.js';

const TRANSITION = loadPreparedSql(import.meta.url, './sql/transition-run.sql');

export interface RunPatch {
  currentStage?: string;
  workerId?: string;
  failure?: RunFailure;
  raiseFence?: true;
  claim?: string; // the stage that is taken up with the run; counts an attempt of both
  retry?: true; // counts a retry; clears failure and cancel request
  requestCancel?: true;
}

export interface Transition {
  to: RunStatus;
  /** Narrows the sources the table allows. */
  from?: readonly RunStatus[];
  fence?: number;
  patch?: RunPatch;
  events?: readonly RunEventDraft[];
  /** The stage of the plan that SUCCEEDED with it, and what it leaves for the next. */
  finished?: { stage: string; output: unknown };
}

/** The run after the change, and the status it had before. */
export interface TransitionedRun extends Run {
  previous: RunStatus;
  stageAttempt: number | null; // of the stage that was claimed with it; null when none was
}

export async function transitionRun(sql: SqlScope, runId: string, change: Transition): Promise<TransitionedRun | null> {
  const allowed = sourcesOf(change.to);
  const from = change.from ?? allowed;
  const forbidden = from.filter((status) => !allowed.includes(status));
  if (forbidden.length > 0) {
    throw new AppError('INTERNAL', `A run never moves from ${forbidden.join(', ')} to ${change.to}.`);
  }
  const ignoresCancel = change.to === 'CANCELED' || change.patch?.retry === true;
  const [row] = await runSql<RunRow & { previous: RunStatus; stage_attempt: number | null }>(sql, TRANSITION, [
    runId,
    change.fence ?? null,
    from,
    change.to,
    ignoresCancel,
    JSON.stringify(change.finished ? { ...change.patch, finish: change.finished.stage } : (change.patch ?? {})),
    JSON.stringify((change.events ?? []).map((event) => toRow(event, null))),
    change.finished ? JSON.stringify(change.finished.output ?? null) : null,
  ]);
  if (!row) return null;
  if (row.previous === 'BLOCKED' && change.to !== 'QUEUED') await withdrawRequests(sql, runId);
  return { ...toRun(row), previous: row.previous, stageAttempt: row.stage_attempt };
}

const withdrawRequests = (sql: SqlScope, runId: string) =>
  runSql(sql, `update input_requests set status = 'WITHDRAWN' where run_id = $1 and status = 'OPEN'`, [runId]);
