/** From a row of `runs`, as SQL returns it, to the entity's shape. */
import type { BudgetLimits, Run, RunFailure } from './run.entity.js';
import type { RunStatus } from './run-status.js';

export interface RunRow {
  id: string;
  tenant_id: string;
  project_id: string;
  kind: string;
  status: RunStatus;
  current_stage: string | null;
  worker_id: string | null;
  fence: number;
  attempt: number;
  retry_count: number;
  last_seq: number;
  limits: BudgetLimits;
  spent_ms: number;
  spent_tokens: number;
  spent_cost_usd: number;
  running_since: string | Date | null;
  client_request_id: string | null;
  input_hash: string;
  cancel_requested_at: string | Date | null;
  failure: RunFailure | null;
  created_by: string;
  trace_parent: string | null;
  created_at: string | Date;
  started_at: string | Date | null;
  finished_at: string | Date | null;
}

const toDate = (value: string | Date | null): Date | null => (value === null ? null : new Date(value));

export const toRun = (row: RunRow): Run => ({
  id: row.id,
  tenantId: row.tenant_id,
  projectId: row.project_id,
  kind: row.kind,
  status: row.status,
  currentStage: row.current_stage,
  workerId: row.worker_id,
  fence: row.fence,
  attempt: row.attempt,
  retryCount: row.retry_count,
  lastSeq: row.last_seq,
  limits: row.limits,
  spentMs: row.spent_ms,
  spentTokens: row.spent_tokens,
  spentCostUsd: row.spent_cost_usd,
  runningSince: toDate(row.running_since),
  clientRequestId: row.client_request_id,
  inputHash: row.input_hash,
  cancelRequestedAt: toDate(row.cancel_requested_at),
  failure: row.failure,
  createdBy: row.created_by,
  traceParent: row.trace_parent,
  createdAt: new Date(row.created_at),
  startedAt: toDate(row.started_at),
  finishedAt: toDate(row.finished_at),
});
