/**
 * The record of a run: narrow, because its row is updated at every event batch (fillfactor 60, HOT updates). What a kind
 * was asked and what it made stand in the kind's own tables. Status, fence, lastSeq and the worker are written only by
 * the statements in sql/: the entity is read, never flushed.
 */
import { defineEntity, type InferEntity, p } from '@mikro-orm/postgresql';
import type { RunStatus } from './run-status.js';

/** Ceilings; null is "no limit of its own". */
export interface BudgetLimits {
  wallMs: number | null;
  modelTokens: number | null;
  costUsd: number | null;
  sources: number | null;
  artifactBytes: number | null;
}

export interface RunFailure {
  code: string;
  stage: string | null;
  message: string;
  retryable: boolean;
  hint: string | null;
  details: Record<string, unknown>;
}

export const RunEntity = defineEntity({
  name: 'Run',
  tableName: 'runs',
  properties: {
    id: p.uuid().primary(),
    tenantId: p.uuid(),
    projectId: p.uuid(),
    kind: p.string(),
    status: p.string().$type<RunStatus>(),
    currentStage: p.string().nullable(),
    workerId: p.uuid().nullable(),
    fence: p.integer(),
    attempt: p.integer(),
    retryCount: p.integer(),
    lastSeq: p.integer(),
    limits: p.json<BudgetLimits>(),
    spentMs: p.float(),
    spentTokens: p.integer(),
    spentCostUsd: p.float(),
    runningSince: p.datetime().nullable(),
    clientRequestId: p.string().nullable(),
    inputHash: p.string(),
    cancelRequestedAt: p.datetime().nullable(),
    failure: p.json<RunFailure>().nullable(),
    createdBy: p.uuid(),
    traceParent: p.string().nullable(), // of the request that started it
    createdAt: p.datetime(),
    startedAt: p.datetime().nullable(),
    finishedAt: p.datetime().nullable(),
  },
});
export type Run = InferEntity<typeof RunEntity>;
