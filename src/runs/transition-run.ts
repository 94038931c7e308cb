/**
 * The one function that changes a run's status (law 1). It checks the move against the transition table, and the
 * database checks it again under the row's lock together with the fence; the events of the change are written by the
 * same statement. Answers null when a condition did not hold: the caller decides what that means.
 */
import type { Em } from '../platform/database/database.js';
import { loadPreparedSql, runSql } from '../platform/database/sql.js';
import { AppError } from '../platform/errors.js';
import { toRow } from './append-events.js';
import type { BudgetLimits, RunFailure } from './run.entity.js';
import type { RunEventDraft } from './run-event.js';
import { isTerminal, type RunStatus, sourcesOf } from './run-status.js';

const TRANSITION = loadPreparedSql(import.meta.url, './sql/transition-run.sql');

export interface RunPatch {
  currentStage?: string;
  workerId?: string;
  failure?: RunFailure;
  raiseFence?: true;
  claim?: true; // counts an attempt
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
}

/** The run after the change; timestamps are left out, the entity has them. */
export interface TransitionedRun {
  id: string;
  tenantId: string;
  projectId: string;
  kind: string;
  status: RunStatus;
  previous: RunStatus;
  currentStage: string | null;
  fence: number;
  attempt: number;
  retryCount: number;
  lastSeq: number;
  limits: BudgetLimits;
  spentMs: number;
  cancelRequested: boolean;
}

interface Row {
  id: string;
  tenant_id: string;
  project_id: string;
  kind: string;
  status: RunStatus;
  previous: RunStatus;
  current_stage: string | null;
  fence: number;
  attempt: number;
  retry_count: number;
  last_seq: number;
  limits: BudgetLimits;
  spent_ms: number;
  cancel_requested_at: unknown;
}

export async function transitionRun(em: Em, runId: string, change: Transition): Promise<TransitionedRun | null> {
  const allowed = sourcesOf(change.to);
  const from = change.from ?? allowed;
  const forbidden = from.filter((status) => !allowed.includes(status));
  if (forbidden.length > 0) {
    throw new AppError('INTERNAL', `A run never moves from ${forbidden.join(', ')} to ${change.to}.`);
  }
  const ignoresCancel = change.to === 'CANCELED' || change.patch?.retry === true;
  const [row] = await runSql<Row>(em, TRANSITION, [
    runId,
    change.fence ?? null,
    from,
    change.to,
    ignoresCancel,
    JSON.stringify(change.patch ?? {}),
    JSON.stringify((change.events ?? []).map((event) => toRow(event, null))),
  ]);
  if (!row) return null;
  if (isTerminal(change.to)) await endOpenRequests(em, runId);
  return {
    id: row.id,
    tenantId: row.tenant_id,
    projectId: row.project_id,
    kind: row.kind,
    status: row.status,
    previous: row.previous,
    currentStage: row.current_stage,
    fence: row.fence,
    attempt: row.attempt,
    retryCount: row.retry_count,
    lastSeq: row.last_seq,
    limits: row.limits,
    spentMs: row.spent_ms,
    cancelRequested: row.cancel_requested_at !== null,
  };
}

const endOpenRequests = (em: Em, runId: string) =>
  runSql(em, `update input_requests set status = 'WITHDRAWN' where run_id = $1 and status = 'OPEN'`, [runId]);
