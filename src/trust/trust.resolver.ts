import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import type { ApiContext } from '../platform/graphql/api-context.js';
import type { Run } from '../runs/run.entity.js';
import { RunType } from '../runs/run.type.js';
import { TrustScoreType } from './trust.type.js';
import { type TrustScore, TrustScoreEntity } from './trust-score.entity.js';

@Resolver(() => RunType)
export class RunTrustResolver {
  @FieldResolver(() => TrustScoreType, { nullable: true, description: 'Null until the run has been scored.' })
  trust(@Root() run: Run, @Ctx() ctx: ApiContext): Promise<TrustScore | null> {
    return ctx.loaders
      .get<TrustScore | null>('trust of run', async (runIds) => {
        const rows = await ctx.em.find(TrustScoreEntity, { runId: { $in: [...runIds] } });
        const byRun = new Map(rows.map((row) => [row.runId, row]));
        return runIds.map((id) => byRun.get(id) ?? null);
      })
      .load(run.id);
  }
}
