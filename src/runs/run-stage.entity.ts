/** One stage of a run's plan. All rows exist from the start, so that a queued run already shows its whole plan. */
import { defineEntity, type InferEntity, p } from '@mikro-orm/postgresql';
import type { StageStatus } from './run-status.js';

export interface StageProgress {
  done: number;
  total: number | null;
  unit: string | null;
  message: string | null;
}

export const RunStageEntity = defineEntity({
  name: 'RunStage',
  tableName: 'run_stages',
  properties: {
    runId: p.uuid().primary(),
    name: p.string().primary(),
    tenantId: p.uuid(),
    position: p.integer(),
    status: p.string().$type<StageStatus>(),
    attempt: p.integer(),
    losses: p.integer(), // workers that died while they held this stage
    startedAt: p.datetime().nullable(),
    finishedAt: p.datetime().nullable(),
    modelCalls: p.integer(), // of language models, over all attempts; these four sum up to what the run has spent
    inputTokens: p.integer(),
    outputTokens: p.integer(),
    costUsd: p.float(),
    exchanges: p.integer().nullable(), // how many its record has; null: it has not been recorded
    progress: p.json<StageProgress>().nullable(),
    output: p.json<unknown>().nullable().lazy(), // the checkpoint later stages read; can be large
  },
});
export type RunStage = InferEntity<typeof RunStageEntity>;
