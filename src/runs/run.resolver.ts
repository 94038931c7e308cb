import { Arg, Args, Ctx, FieldResolver, ID, Int, Mutation, Query, Resolver, Root } from 'type-graphql';
import { signedIn } from '../identity/authorize.js';
import { UserEntity } from '../identity/user.entity.js';
import { UserType } from '../identity/user.type.js';
import { badInput } from '../platform/errors.js';
import type { ApiContext } from '../platform/graphql/api-context.js';
import { loadById } from '../platform/graphql/loader-registry.js';
import { PageArgs } from '../platform/graphql/page-args.js';
import { paginate, paginateEach } from '../platform/graphql/paginate.js';
import { decodeId } from '../platform/ids.js';
import { type Project, ProjectEntity } from '../projects/project.entity.js';
import { ProjectType } from '../projects/project.type.js';
import { answerInputRequest } from './answer-input-request.js';
import { cancelRun } from './cancel-run.js';
import { deleteRun } from './delete-run.js';
import { loadTimeline } from './following/load-timeline.js';
import { loadRun } from './load-run.js';
import { loadOpenRequest, loadStages } from './loaders.js';
import { retryRun } from './retry-run.js';
import { type Run, RunEntity } from './run.entity.js';
import {
  AnswerInputRequestInput,
  InputRequestType,
  RunBudgetType,
  RunConnection,
  RunFilter,
  RunStageType,
  RunType,
  StageUsageType,
} from './run.type.js';
import type { EventLevel, RunEventType } from './run-event.js';
import { EventLevelEnum, RunEventBatchType, RunEventTypeEnum, withTypedFields } from './run-event.type.js';
import { runFilter } from './run-filter.js';
import type { RunStage } from './run-stage.entity.js';
import { spentWallMs } from './spent-wall-ms.js';

@Resolver(() => RunType)
export class RunResolver {
  @Query(() => RunType, { nullable: true })
  run(@Ctx() ctx: ApiContext, @Arg('id', () => ID) id: string) {
    return loadRun(signedIn(ctx).em, id);
  }

  @Query(() => RunConnection, { description: 'The runs you may see, newest first.' })
  async runs(
    @Ctx() ctx: ApiContext,
    @Args(() => PageArgs) page: PageArgs,
    @Arg('filter', () => RunFilter, { nullable: true }) filter?: RunFilter,
  ) {
    const { em } = signedIn(ctx);
    return paginate(em, RunEntity, await runFilter(em, filter), page);
  }

  @Mutation(() => RunType, { description: 'Idempotent. A run that has ended is returned as it is.' })
  cancelRun(@Ctx() ctx: ApiContext, @Arg('id', () => ID) id: string) {
    return cancelRun(signedIn(ctx), id);
  }

  @Mutation(() => RunType, {
    description: 'For a FAILED, TIMED_OUT or BLOCKED run: it goes on at the stage it was in.',
  })
  retryRun(@Ctx() ctx: ApiContext, @Arg('id', () => ID) id: string) {
    return retryRun(signedIn(ctx), id);
  }

  @Mutation(() => RunType, {
    description: 'Unblocks a BLOCKED run. The same answer again is a no-op, another one a CONFLICT.',
  })
  answerInputRequest(
    @Ctx() ctx: ApiContext,
    @Arg('input', () => AnswerInputRequestInput) input: AnswerInputRequestInput,
  ) {
    return answerInputRequest(signedIn(ctx), input, ctx.services.runs.answerChecks);
  }

  @Mutation(() => ID, { description: 'Deletes an ended run with all it made.' })
  deleteRun(@Ctx() ctx: ApiContext, @Arg('id', () => ID) id: string) {
    return deleteRun(signedIn(ctx), id);
  }

  @FieldResolver(() => ProjectType)
  project(@Root() run: Run, @Ctx() ctx: ApiContext) {
    return loadById(ctx, ProjectEntity, run.projectId);
  }

  @FieldResolver(() => UserType, { nullable: true })
  createdBy(@Root() run: Run, @Ctx() ctx: ApiContext) {
    return loadById(ctx, UserEntity, run.createdBy);
  }

  @FieldResolver(() => [RunStageType], { description: 'The whole plan in order, done or not.' })
  stages(@Root() run: Run, @Ctx() ctx: ApiContext) {
    return loadStages(ctx, run.id);
  }

  @FieldResolver(() => RunBudgetType)
  budget(@Root() run: Run, @Ctx() ctx: ApiContext): RunBudgetType {
    return {
      ...run.limits,
      spentWallMs: spentWallMs(run, ctx.clock()),
      spentModelTokens: run.spentTokens,
      spentCostUsd: run.spentCostUsd,
    };
  }

  @FieldResolver(() => InputRequestType, { nullable: true })
  pendingInput(@Root() run: Run, @Ctx() ctx: ApiContext) {
    return loadOpenRequest(ctx, run.id);
  }

  @FieldResolver(() => RunEventBatchType, { description: 'A page of the timeline; `runEvents` follows it live.' })
  async events(
    @Root() run: Run,
    @Ctx() ctx: ApiContext,
    @Arg('first', () => Int, { nullable: true }) first?: number,
    @Arg('after', () => Int, { nullable: true }) after?: number,
    @Arg('stage', () => String, { nullable: true }) stage?: string,
    @Arg('types', () => [RunEventTypeEnum], { nullable: true }) types?: RunEventType[],
    @Arg('minLevel', () => EventLevelEnum, { nullable: true }) minLevel?: EventLevel,
  ) {
    const filter = { ...(stage && { stage }), ...(types && { types }), ...(minLevel && { minLevel }) };
    const batch = await loadTimeline(signedIn(ctx), run.id, { first: first ?? null, after: after ?? null, filter });
    return { ...batch, events: withTypedFields(batch.events) };
  }
}

@Resolver(() => RunStageType)
export class RunStageResolver {
  @FieldResolver(() => Boolean, {
    description: 'What another run had made of it was taken over: this run never began it.',
  })
  reused(@Root() { status, attempt }: RunStageType): boolean {
    return status === 'SUCCEEDED' && attempt === 0;
  }

  @FieldResolver(() => Number, { nullable: true, description: 'Milliseconds; null until it has ended.' })
  durationMs(@Root() stage: RunStageType): number | null {
    return stage.startedAt && stage.finishedAt ? stage.finishedAt.getTime() - stage.startedAt.getTime() : null;
  }

  @FieldResolver(() => StageUsageType, { description: 'The stages of a run add up to what its `budget` has spent.' })
  usage(@Root() { modelCalls, inputTokens, outputTokens, costUsd }: RunStage): StageUsageType {
    return { calls: modelCalls, inputTokens, outputTokens, costUsd };
  }
}

@Resolver(() => ProjectType)
export class ProjectRunsResolver {
  @FieldResolver(() => RunConnection)
  runs(
    @Root() project: Project,
    @Ctx() ctx: ApiContext,
    @Args(() => PageArgs) page: PageArgs,
    @Arg('filter', () => RunFilter, { nullable: true }) filter?: RunFilter,
  ) {
    if (filter?.projectId != null && decodeId('proj', filter.projectId) !== project.id) {
      throw badInput(
        '`filter.projectId` names another project than the one whose runs are asked for. Leave it out here.',
      );
    }
    const where = { status: filter?.statuses ?? undefined, kind: filter?.kinds ?? undefined };
    return paginateEach(ctx, { entity: RunEntity, parent: 'projectId', where }, project.id, page);
  }
}
