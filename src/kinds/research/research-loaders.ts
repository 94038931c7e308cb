/** What a research run has beside its run, read for all runs of an answer at once. */
import { type Source, SourceEntity } from '../../evidence/source.entity.js';
import { notFound } from '../../platform/errors.js';
import type { ApiContext } from '../../platform/graphql/api-context.js';
import type { Page } from '../../platform/graphql/connection.js';
import { loadById } from '../../platform/graphql/loader-registry.js';
import type { PageArgs } from '../../platform/graphql/page-args.js';
import { paginateEach } from '../../platform/graphql/paginate.js';
import { type Run, RunEntity } from '../../runs/run.entity.js';
import { type RunOrigin, RunOriginEntity } from '../../runs/run-origin.entity.js';
import { type ResearchRunDetails, ResearchRunEntity } from './research-run.entity.js';
import { ResearchSourceEntity } from './research-source.entity.js';

type LoaderScope = Pick<ApiContext, 'em' | 'loaders'>;

export async function loadDetails(ctx: LoaderScope, runId: string): Promise<ResearchRunDetails> {
  const details = await ctx.loaders
    .get<ResearchRunDetails | null>('details of research run', async (runIds) => {
      const rows = await ctx.em.find(ResearchRunEntity, { runId: { $in: [...runIds] } }, { refresh: true });
      const byRun = new Map(rows.map((row) => [row.runId, row]));
      return runIds.map((id) => byRun.get(id) ?? null);
    })
    .load(runId);
  if (!details) throw notFound('Run');
  return details;
}

/** Where the run goes back to; null when it began by itself. */
export const loadOriginRow = (ctx: LoaderScope, runId: string): Promise<RunOrigin | null> =>
  ctx.loaders
    .get<RunOrigin | null>('origin of run', async (runIds) => {
      const rows = await ctx.em.find(RunOriginEntity, { runId: { $in: [...runIds] } });
      const byRun = new Map(rows.map((row) => [row.runId, row]));
      return runIds.map((id) => byRun.get(id) ?? null);
    })
    .load(runId);

/** The run that it replays, or was forked from; null when it is neither, or that run is gone or may not be seen. */
export async function loadOrigin(ctx: LoaderScope, runId: string, how: RunOrigin['how']): Promise<Run | null> {
  const origin = await loadOriginRow(ctx, runId);
  return origin?.how === how && origin.originId ? loadById(ctx, RunEntity, origin.originId) : null;
}

export type ScoredSource = Source & { score: number };

/** A page of the run's sources, best first, each with its score in this run. */
export async function loadSources(ctx: LoaderScope, runId: string, args: PageArgs): Promise<Page<ScoredSource>> {
  const page = await paginateEach(
    ctx,
    { entity: ResearchSourceEntity, parent: 'runId', order: 'oldestFirst' },
    runId,
    args,
  );
  const scored = await Promise.all(
    page.edges.map(async ({ cursor, node }) => {
      const source = await loadById(ctx, SourceEntity, node.sourceId);
      return source ? [{ cursor, node: { ...source, score: node.score } as ScoredSource }] : [];
    }),
  );
  const edges = scored.flat();
  return { ...page, edges, nodes: edges.map((edge) => edge.node) };
}
