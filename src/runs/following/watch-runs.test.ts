import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../tests/support/database.js';
import { contextFor, createActor, createProjectRow } from '../../../tests/support/people.js';
import { openTimeline } from '../../../tests/support/timeline.js';
import type { Actor } from '../../platform/database/actor.js';
import type { ActorContext } from '../../platform/graphql/api-context.js';
import { silentNotifier } from '../../platform/notifications/notifier.js';
import { watchProject, watchRun } from './watch-runs.js';

let db: TestDatabase;
let actor: Actor;
let projectId: string;
let ctx: ActorContext;

beforeAll(async () => {
  db = await createTestDatabase({ poolSize: 20 });
  actor = await createActor(db);
  ctx = contextFor(db, actor);
  await ctx.services.runs.feed.start();
});

afterAll(async () => {
  await ctx?.services.runs.feed.stop();
  await db?.drop();
});

beforeEach(async () => {
  projectId = await createProjectRow(db, actor);
});

const next = async <T>(view: AsyncGenerator<T, void, void>): Promise<T> => {
  const { value, done } = await view.next();
  if (done || value === undefined) throw new Error('The view has completed.');
  return value;
};

test('runProgress shows where the run stands at once, then each time it has moved, and ends with the run', async () => {
  const run = await openTimeline(db, actor, projectId);
  const view = watchRun(ctx, run.runId);
  expect(await next(view)).toMatchObject({ runId: run.publicId, status: 'RUNNING', lastSeq: 0 });
  await run.append(3);
  expect(await next(view)).toMatchObject({ lastSeq: 3 });
  await run.move('SUCCEEDED');
  expect(await next(view)).toMatchObject({ status: 'SUCCEEDED', lastSeq: 4 });
  expect((await view.next()).done).toBe(true);
});

test('a slow consumer of runProgress is given the latest state only, however much happened meanwhile', async () => {
  const run = await openTimeline(db, actor, projectId);
  const view = watchRun(ctx, run.runId);
  await next(view);
  for (let i = 0; i < 200; i++) await run.append(1);
  await run.move('SUCCEEDED');
  const seen: number[] = [];
  for await (const progress of view) seen.push(progress.lastSeq);
  expect(seen).toEqual([201]);
});

test('a reader of runProgress who keeps up sees states in order, far fewer than there were events', async () => {
  const run = await openTimeline(db, actor, projectId);
  const seen: number[] = [];
  const reading = (async () => {
    for await (const progress of watchRun(ctx, run.runId)) seen.push(progress.lastSeq);
  })();
  for (let i = 0; i < 300; i++) await run.append(1);
  await run.move('FAILED');
  await reading;
  expect(seen).toEqual([...seen].sort((a, b) => a - b));
  expect(seen.at(-1)).toBe(301);
  expect(seen.length).toBeLessThan(150);
});

test('runProgress goes on by the poll when no hint arrives, and a retried run is not ended', async () => {
  const run = await openTimeline(db, actor, projectId, silentNotifier);
  await run.move('FAILED');
  await run.move('QUEUED');
  const view = watchRun(ctx, run.runId);
  expect(await next(view)).toMatchObject({ status: 'QUEUED' });
  await run.move('RUNNING');
  expect(await next(view)).toMatchObject({ status: 'RUNNING' });
  await view.return();
});

test('runProgress of a deleted run ends with NOT_FOUND', async () => {
  const run = await openTimeline(db, actor, projectId);
  const view = watchRun(ctx, run.runId);
  await next(view);
  const rest = view.next();
  await run.remove();
  await expect(rest).rejects.toMatchObject({ code: 'NOT_FOUND' });
});

test('projectActivity shows the latest runs, newest first, those that begin and end meanwhile, and stays open', async () => {
  const view = watchProject(ctx, projectId);
  expect(await next(view)).toEqual({ runs: [] });
  const first = await openTimeline(db, actor, projectId);
  await first.append(1);
  expect((await next(view)).runs).toMatchObject([{ runId: first.publicId, lastSeq: 1 }]);
  const second = await openTimeline(db, actor, projectId);
  await second.append(1);
  expect((await next(view)).runs.map((run) => run.runId)).toEqual([second.publicId, first.publicId]);
  await second.move('SUCCEEDED');
  expect((await next(view)).runs[0]).toMatchObject({ status: 'SUCCEEDED' });
  await second.remove();
  expect((await next(view)).runs.map((run) => run.runId)).toEqual([first.publicId]);
  await view.return();
});

test('projectActivity is conflated, and told of other projects it shows nothing', async () => {
  const mine = await openTimeline(db, actor, projectId);
  const other = await openTimeline(db, actor, await createProjectRow(db, actor));
  const view = watchProject(ctx, projectId);
  await next(view);
  for (let i = 0; i < 100; i++) await other.append(1);
  for (let i = 0; i < 100; i++) await mine.append(1);
  expect((await next(view)).runs).toMatchObject([{ runId: mine.publicId, lastSeq: 100 }]);
  const more = next(view);
  await other.append(1);
  await mine.append(1);
  expect((await more).runs).toMatchObject([{ runId: mine.publicId, lastSeq: 101 }]);
  const parked = view.next();
  await view.return();
  expect((await parked).done).toBe(true);
});
