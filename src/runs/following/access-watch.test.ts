import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../tests/support/database.js';
import { contextFor, createActor, createProjectRow } from '../../../tests/support/people.js';
import { openTimeline, type Timeline } from '../../../tests/support/timeline.js';
import type { Actor } from '../../platform/database/actor.js';
import type { ActorContext } from '../../platform/graphql/api-context.js';
import { watchProject, watchRun } from './watch-runs.js';

let db: TestDatabase;
let owner: Actor;
let member: Actor;
let projectId: string;
let ctx: ActorContext;
let run: Timeline;

beforeAll(async () => {
  db = await createTestDatabase({ poolSize: 20 });
  owner = await createActor(db);
  ctx = contextFor(db, owner);
  await ctx.services.runs.feed.start();
});

afterAll(async () => {
  await ctx?.services.runs.feed.stop();
  await db?.drop();
});

beforeEach(async () => {
  member = await createActor(db, 'RESEARCHER', owner.tenantId);
  projectId = await createProjectRow(db, owner);
  run = await openTimeline(db, owner, projectId);
  await run.append(1);
});

const views: [string, () => AsyncGenerator<unknown, void, void>][] = [
  ['runEvents', () => ctx.services.runs.feed.follow({ actor: member, runId: run.runId, after: 0 })],
  ['runProgress', () => watchRun(as(member), run.runId)],
  ['projectActivity', () => watchProject(as(member), projectId)],
];
const as = (actor: Actor): ActorContext => ({ ...ctx, actor, em: db.database.asActor(actor) });

const losses: [string, string, () => Promise<unknown>][] = [
  [
    'the session is revoked',
    'UNAUTHENTICATED',
    () => db.admin.query('update sessions set revoked_at = now() where id = $1', [member.credentialId]),
  ],
  [
    'the session expires',
    'UNAUTHENTICATED',
    () => db.admin.query('update sessions set expires_at = now() where id = $1', [member.credentialId]),
  ],
  [
    'the role changes',
    'FORBIDDEN',
    () => db.admin.query(`update memberships set roles = '{VIEWER}' where user_id = $1`, [member.userId]),
  ],
  [
    'the membership ends, and the session with it',
    'UNAUTHENTICATED',
    () => db.admin.query('delete from memberships where user_id = $1', [member.userId]),
  ],
  [
    'the project becomes PRIVATE',
    'NOT_FOUND',
    () => db.admin.query(`update projects set visibility = 'PRIVATE' where id = $1`, [projectId]),
  ],
  ['the project is deleted', 'NOT_FOUND', () => db.admin.query('delete from projects where id = $1', [projectId])],
];

describe.each(views)('%s', (_name, open) => {
  test.each(losses)('is closed with a typed error when %s: %s', async (_what, code, lose) => {
    const view = open();
    expect((await view.next()).done).toBe(false);
    const next = view.next();
    const from = performance.now();
    await lose();
    await expect(next).rejects.toMatchObject({ code });
    const tookMs = performance.now() - from;
    expect(await view.next()).toEqual({ done: true, value: undefined });
    expect(ctx.services.runs.feed.followers).toBe(0);
    tooks.push(tookMs);
  });
});

const tooks: number[] = [];
afterAll(() => {
  process.stdout.write(`access lost → closed, ms: ${tooks.map(Math.round).join(' ')}\n`);
});

test('a client that was not reading when its right was lost is given nothing more', async () => {
  const stalled = ctx.services.runs.feed.follow({ actor: member, runId: run.runId, after: 0 });
  const attentive = ctx.services.runs.feed.follow({ actor: member, runId: run.runId, after: 0 });
  await Promise.all([stalled.next(), attentive.next()]);
  const told = attentive.next();
  await db.admin.query('update sessions set revoked_at = now() where id = $1', [member.credentialId]);
  await expect(told).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  await run.append(3);
  await expect(stalled.next()).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
});

test('others on the same run, and those of the project who are its owner, are not disturbed', async () => {
  const mine = ctx.services.runs.feed.follow({ actor: owner, runId: run.runId, after: 0 });
  const theirs = ctx.services.runs.feed.follow({ actor: member, runId: run.runId, after: 0 });
  await Promise.all([mine.next(), theirs.next()]);
  const [next, refused] = [mine.next(), theirs.next()];
  await db.admin.query(`update projects set visibility = 'PRIVATE' where id = $1`, [projectId]);
  await expect(refused).rejects.toMatchObject({ code: 'NOT_FOUND' });
  await run.append(1);
  expect((await next).value?.cursor).toBe(2);
  await mine.return();
});
