/**
 * The three live views. `runEvents` is lossless and resumable; `runProgress` and `projectActivity` are conflated: they
 * show the latest state only, at most a few times a second. Each authorises as it starts, by the question the feed asks
 * again while it is open: one statement for all that start together.
 */
import { Arg, Ctx, ID, Int, Resolver, Root, type SubscribeResolverData, Subscription } from 'type-graphql';
import { signedIn } from '../../identity/authorize.js';
import type { ApiContext } from '../../platform/graphql/api-context.js';
import { decodeId } from '../../platform/ids.js';
import { requireProject } from '../../projects/load-project.js';
import { RunEventBatchType, withTypedFields } from '../run-event.type.js';
import { checkCursor } from './read-timeline.js';
import type { EventBatch } from './run-feed.js';
import { ProjectActivityType, RunProgressType } from './run-progress.type.js';
import { type RunProgress, watchProject, watchRun } from './watch-runs.js';

type Start<Args> = SubscribeResolverData<unknown, Args & Record<string, unknown>, ApiContext>;

@Resolver()
export class RunSubscriptions {
  @Subscription(() => RunEventBatchType, {
    description: 'Everything after `after`, oldest first, then live. Completes by itself when the run has ended.',
    subscribe: async ({ args, context }: Start<{ runId: string; after: number }>) => {
      const ctx = signedIn(context);
      const after = checkCursor(args.after);
      const runId = await ctx.services.runs.feed.requireRun(ctx.actor, args.runId);
      return ctx.services.runs.feed.follow({ actor: ctx.actor, runId, after });
    },
  })
  runEvents(
    @Root() batch: EventBatch,
    @Arg('runId', () => ID) _runId: string,
    @Arg('after', () => Int, { defaultValue: 0 }) _after: number,
  ) {
    return { ...batch, events: withTypedFields(batch.events) };
  }

  @Subscription(() => RunProgressType, {
    description: 'The latest state of one run, conflated. Completes when the run has ended.',
    subscribe: async ({ args, context }: Start<{ runId: string }>) => {
      const ctx = signedIn(context);
      return watchRun(ctx, await ctx.services.runs.feed.requireRun(ctx.actor, args.runId));
    },
  })
  runProgress(@Root() progress: RunProgress, @Arg('runId', () => ID) _runId: string) {
    return progress;
  }

  @Subscription(() => ProjectActivityType, {
    description: 'What changes in a project: its latest runs, conflated.',
    subscribe: async ({ args, context }: Start<{ projectId: string }>) => {
      const ctx = signedIn(context);
      const project = await requireProject(ctx, decodeId('proj', args.projectId));
      return watchProject(ctx, project.id);
    },
  })
  projectActivity(
    @Root() activity: { runs: RunProgress[] },
    @Ctx() _ctx: ApiContext,
    @Arg('projectId', () => ID) _projectId: string,
  ) {
    return activity;
  }
}
