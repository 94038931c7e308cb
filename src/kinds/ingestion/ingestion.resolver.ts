import { Arg, Ctx, FieldResolver, Mutation, Resolver, Root } from 'type-graphql';
import { signedIn } from '../../identity/authorize.js';
import { PaperEntity } from '../../papers/paper.entity.js';
import { PaperType } from '../../papers/paper.type.js';
import type { ApiContext } from '../../platform/graphql/api-context.js';
import { loadById } from '../../platform/graphql/loader-registry.js';
import type { Run } from '../../runs/run.entity.js';
import { ingestPaper } from './ingest-paper.js';
import { IngestionRunType, IngestPaperInput } from './ingestion.type.js';
import { loadIngestionDetails } from './load-ingestion-details.js';

@Resolver(() => IngestionRunType)
export class IngestionResolver {
  @Mutation(() => IngestionRunType, {
    description:
      'Takes RESEARCHER. The same bytes in a project are the same paper. RATE_LIMITED tells in `details.retryAfterMs` when to come back.',
  })
  ingestPaper(@Ctx() ctx: ApiContext, @Arg('input', () => IngestPaperInput) input: IngestPaperInput) {
    return ingestPaper(signedIn(ctx), input);
  }

  @FieldResolver(() => PaperType, { nullable: true, description: 'Null until the content is known.' })
  async paper(@Root() run: Run, @Ctx() ctx: ApiContext) {
    const details = await loadIngestionDetails(ctx, run.id);
    return details?.paperId ? loadById(ctx, PaperEntity, details.paperId) : null;
  }
}
