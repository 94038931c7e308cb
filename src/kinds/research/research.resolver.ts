import { Arg, Args, Ctx, FieldResolver, ID, Mutation, Query, Resolver, Root } from 'type-graphql';
import { ClaimEntity } from '../../claims/claim.entity.js';
import { ClaimConnection, ClaimType } from '../../claims/claim.type.js';
import { Verdict } from '../../claims/verdict.js';
import { SourceConnection } from '../../evidence/source.type.js';
import { signedIn } from '../../identity/authorize.js';
import type { ApiContext } from '../../platform/graphql/api-context.js';
import { loadById } from '../../platform/graphql/loader-registry.js';
import { PageArgs } from '../../platform/graphql/page-args.js';
import { paginateEach } from '../../platform/graphql/paginate.js';
import type { Run } from '../../runs/run.entity.js';
import { ConnectorName } from './connector-name.js';
import { ResearchEstimateType } from './estimate.type.js';
import { estimateResearch } from './estimate-research.js';
import { ForkChangesInput } from './fork.type.js';
import { forkResearch } from './fork-research.js';
import { replayResearch } from './replay-research.js';
import { loadDetails, loadOrigin, loadOriginRow, loadSources } from './research-loaders.js';
import type { StoredSentence } from './research-run.entity.js';
import {
  OutlineType,
  ReportSentenceType,
  ReportType,
  ResearchRunType,
  StartResearchInput,
} from './research-run.type.js';
import { startResearch } from './start-research.js';

@Resolver(() => ResearchRunType)
export class ResearchResolver {
  @Query(() => ResearchEstimateType, {
    description: 'What `startResearch` with this input may take of a language model. Starts nothing. Takes RESEARCHER.',
  })
  estimateResearch(@Ctx() ctx: ApiContext, @Arg('input', () => StartResearchInput) input: StartResearchInput) {
    return estimateResearch(signedIn(ctx), input);
  }

  @Mutation(() => ResearchRunType, { description: 'Asks a question of the project’s library. Takes RESEARCHER.' })
  startResearch(@Ctx() ctx: ApiContext, @Arg('input', () => StartResearchInput) input: StartResearchInput) {
    return startResearch(signedIn(ctx), input);
  }

  @Mutation(() => ResearchRunType, {
    description:
      'Runs a SUCCEEDED or FAILED run again from its record: nobody is asked, nothing is spent, and the artifacts come out byte for byte the same. Takes RESEARCHER.',
  })
  replayRun(
    @Ctx() ctx: ApiContext,
    @Arg('id', () => ID) id: string,
    @Arg('clientRequestId', () => String, { nullable: true }) clientRequestId?: string | null,
  ) {
    return replayResearch(signedIn(ctx), { id, clientRequestId: clientRequestId ?? null });
  }

  @Mutation(() => ResearchRunType, {
    description:
      'A new run that takes over what an ended one had made before `fromStage`, and goes on from there with the changes. Takes RESEARCHER.',
  })
  forkRun(
    @Ctx() ctx: ApiContext,
    @Arg('id', () => ID) id: string,
    @Arg('fromStage', () => String, {
      description: 'retrieve, ingest, outline, draft, validate, factcheck or export; the run must have come to it.',
    })
    fromStage: string,
    @Arg('changes', () => ForkChangesInput, { nullable: true }) changes?: ForkChangesInput | null,
    @Arg('clientRequestId', () => String, { nullable: true }) clientRequestId?: string | null,
  ) {
    return forkResearch(signedIn(ctx), {
      id,
      fromStage,
      changes: changes ?? null,
      clientRequestId: clientRequestId ?? null,
    });
  }

  @FieldResolver(() => ResearchRunType, {
    nullable: true,
    description: 'The run whose record answered this one; null when it is no replay, or that run was deleted.',
  })
  replayOf(@Root() run: Run, @Ctx() ctx: ApiContext) {
    return loadOrigin(ctx, run.id, 'REPLAY');
  }

  @FieldResolver(() => ResearchRunType, {
    nullable: true,
    description: 'The run whose first stages this one took over; null when it is no fork, or that run was deleted.',
  })
  forkedFrom(@Root() run: Run, @Ctx() ctx: ApiContext) {
    return loadOrigin(ctx, run.id, 'FORK');
  }

  @FieldResolver(() => String, { nullable: true, description: 'The first stage that the fork ran itself.' })
  async forkedFromStage(@Root() run: Run, @Ctx() ctx: ApiContext) {
    const origin = await loadOriginRow(ctx, run.id);
    return origin?.how === 'FORK' ? origin.fromStage : null;
  }

  @FieldResolver(() => String)
  async question(@Root() run: Run, @Ctx() ctx: ApiContext) {
    return (await loadDetails(ctx, run.id)).question;
  }

  @FieldResolver(() => [ConnectorName], { description: 'Where it looks for sources.' })
  async connectors(@Root() run: Run, @Ctx() ctx: ApiContext) {
    return (await loadDetails(ctx, run.id)).connectors;
  }

  @FieldResolver(() => OutlineType, { nullable: true, description: 'Null until the outline stage has ended.' })
  async outline(@Root() run: Run, @Ctx() ctx: ApiContext) {
    return (await loadDetails(ctx, run.id)).outline;
  }

  @FieldResolver(() => ReportType, { nullable: true, description: 'Null until the run has SUCCEEDED.' })
  async report(@Root() run: Run, @Ctx() ctx: ApiContext) {
    return (await loadDetails(ctx, run.id)).report;
  }

  @FieldResolver(() => SourceConnection, {
    description: 'The sources it was given, best first; `score` is of this run.',
  })
  sources(@Root() run: Run, @Ctx() ctx: ApiContext, @Args(() => PageArgs) page: PageArgs) {
    return loadSources(ctx, run.id, page);
  }

  @FieldResolver(() => ClaimConnection, { description: 'In reading order.' })
  claims(
    @Root() run: Run,
    @Ctx() ctx: ApiContext,
    @Args(() => PageArgs) page: PageArgs,
    @Arg('verdict', () => Verdict, { nullable: true }) verdict?: Verdict,
  ) {
    return paginateEach(
      ctx,
      { entity: ClaimEntity, parent: 'runId', where: { verdict }, order: 'oldestFirst' },
      run.id,
      page,
    );
  }
}

@Resolver(() => ReportSentenceType)
export class ReportSentenceResolver {
  @FieldResolver(() => ClaimType, { nullable: true, description: 'Null for prose of the report’s own.' })
  claim(@Root() sentence: StoredSentence, @Ctx() ctx: ApiContext) {
    return sentence.claimId === null ? null : loadById(ctx, ClaimEntity, sentence.claimId);
  }
}
