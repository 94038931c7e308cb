/** What belongs to a run, read for all runs of an answer at once. */
import type { ApiContext } from '../platform/graphql/api-context.js';
import { groupBy } from '../platform/graphql/group-by.js';
import { type InputRequest, InputRequestEntity } from './input-request.entity.js';
import { type RunStage, RunStageEntity } from './run-stage.entity.js';

type LoaderScope = Pick<ApiContext, 'em' | 'loaders'>;

export const loadStages = (ctx: LoaderScope, runId: string): Promise<RunStage[]> =>
  ctx.loaders
    .get<RunStage[]>('stages of run', async (runIds) => {
      const rows = await ctx.em.find(RunStageEntity, { runId: { $in: [...runIds] } }, { orderBy: { position: 'asc' } });
      const byRun = groupBy(rows, (row) => row.runId);
      return runIds.map((id) => byRun.get(id) ?? []);
    })
    .load(runId);

export const loadOpenRequest = (ctx: LoaderScope, runId: string): Promise<InputRequest | null> =>
  ctx.loaders
    .get<InputRequest | null>('open request of run', async (runIds) => {
      const rows = await ctx.em.find(InputRequestEntity, { runId: { $in: [...runIds] }, status: 'OPEN' });
      const byRun = new Map(rows.map((row) => [row.runId, row]));
      return runIds.map((id) => byRun.get(id) ?? null);
    })
    .load(runId);
