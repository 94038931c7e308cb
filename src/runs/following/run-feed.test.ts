import { EventEmitter, once } from 'node:events';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../tests/support/database.js';
import { createActor, createProjectRow } from '../../../tests/support/people.js';
import { collect, lines, openTimeline, sight } from '../../../tests/support/timeline.js';
import type { Actor } from '../../platform/database/actor.js';
import type { Em } from '../../platform/database/database.js';
import { newId } from '../../platform/ids.js';
import { silentNotifier } from '../../platform/notifications/notifier.js';
import { appendEvents } from '../append-events.js';
import { type EventBatch, RunFeed } from './run-feed.js';

let db: TestDatabase;
let feed: RunFeed;
let actor: Actor;
let projectId: string;

beforeAll(async () => {
  db = await createTestDatabase({ poolSize: 20 });
  actor = await createActor(db);
  projectId = await createProjectRow(db, actor);
  feed = new RunFeed({ database: db.database, listenUrl: db.urls.app });
  await feed.start();
});

afterAll(async () => {
  await feed?.stop();
  await db?.drop();
});

const timeline = (notifier = undefined as typeof silentNotifier | undefined) =>
  openTimeline(db, actor, projectId, notifier);
const follow = (runId: string, after = 0, who = actor) => feed.follow({ actor: who, runId, after });
const nextOf = async (batches: AsyncGenerator<EventBatch, void, void>): Promise<EventBatch> => {
  const { value, done } = await batches.next();
  if (done || !value) throw new Error('The subscription has completed.');
  return value;
};

test('reconnecting at every cursor from 0 to the end gives exactly the rest', async () => {
  const run = await timeline();
  for (let i = 0; i < 12; i++) await run.append(3);
  await run.move('SUCCEEDED');
  const table = await run.table();
  expect(table).toHaveLength(37);
  for (let after = 0; after <= table.length; after++) {
    expect(await collect(follow(run.runId, after))).toEqual(table.slice(after));
  }
});

test('reconnecting at every cursor while the run goes on gives exactly the rest, history and live end', async () => {
  const run = await timeline();
  await run.append(20);
  const followers = Array.from({ length: 21 }, (_, after) => collect(follow(run.runId, after)));
  for (let i = 0; i < 10; i++) await run.append(2);
  await run.move('FAILED');
  const table = await run.table();
  expect(await Promise.all(followers)).toEqual(followers.map((_, after) => table.slice(after)));
});

test('a cursor ahead of the run is BAD_INPUT and names where the timeline ends', async () => {
  const run = await timeline();
  await run.append(2);
  await expect(collect(follow(run.runId, 3))).rejects.toMatchObject({ code: 'BAD_INPUT', details: { lastSeq: 2 } });
  await expect(collect(follow(run.runId, 2_147_483_647))).rejects.toMatchObject({ code: 'BAD_INPUT' });
  expect(feed.followers).toBe(0);
});

test('a run of another tenant, a hidden one and one that never was are the same NOT_FOUND, and nothing stays behind', async () => {
  const run = await timeline();
  await run.append(2);
  const stranger = await createActor(db);
  const colleague = await createActor(db, 'RESEARCHER', actor.tenantId);
  const hidden = await openTimeline(db, actor, await createProjectRow(db, actor, 'PRIVATE'));
  await hidden.append(1);
  const refusals = await Promise.allSettled([
    collect(follow(run.runId, 0, stranger)),
    collect(follow(hidden.runId, 0, colleague)),
    collect(follow(newId())),
  ]);
  for (const refusal of refusals) expect(refusal).toMatchObject({ status: 'rejected', reason: { code: 'NOT_FOUND' } });
  expect(new Set(refusals.map((refusal) => refusal.status === 'rejected' && refusal.reason.message)).size).toBe(1);
  expect(feed.followers).toBe(0);
});

test('the first batch comes at once, empty if there is nothing, and says whether it is caught up', async () => {
  const run = await timeline();
  const fromNothing = follow(run.runId);
  expect(await nextOf(fromNothing)).toEqual({ events: [], cursor: 0, caughtUp: true });
  await run.append(700);
  const fromStart = follow(run.runId);
  expect(await nextOf(fromStart)).toMatchObject({ cursor: 250, caughtUp: false });
  expect(await nextOf(fromStart)).toMatchObject({ cursor: 500, caughtUp: false });
  expect(await nextOf(fromStart)).toMatchObject({ cursor: 700, caughtUp: true });
  const fromEnd = follow(run.runId, 700);
  expect(await nextOf(fromEnd)).toEqual({ events: [], cursor: 700, caughtUp: true });
  await Promise.all([fromNothing, fromStart, fromEnd].map((batches) => batches.return()));
  expect(feed.followers).toBe(0);
});

test('it completes once all of an ended run was given, and not before', async () => {
  const run = await timeline();
  await run.append(2);
  const batches = follow(run.runId);
  expect((await nextOf(batches)).cursor).toBe(2);
  const last = batches.next();
  await run.move('SUCCEEDED');
  expect((await last).value?.events.map((event) => event.type)).toEqual(['STATE_CHANGED']);
  expect(await batches.next()).toEqual({ done: true, value: undefined });
});

test("a retried run's timeline passes through the old failure and completes by the run's present state", async () => {
  const run = await timeline();
  await run.append(2);
  await run.move('FAILED');
  await run.move('QUEUED');
  const batches = follow(run.runId);
  expect(await nextOf(batches)).toMatchObject({ cursor: 4, caughtUp: true });
  await run.move('RUNNING');
  expect((await nextOf(batches)).events[0]?.message).toBe('QUEUED → RUNNING');
  const rest = collect(batches);
  await run.append(1);
  await run.move('SUCCEEDED');
  expect([...(await run.table()).slice(0, 5), ...(await rest)]).toEqual(await run.table());
});

test('one who subscribes just after a retry is never told that the run has ended, whatever is being read meanwhile', async () => {
  for (let round = 0; round < 10; round++) {
    const run = await timeline();
    await run.append(1);
    const early = follow(run.runId);
    await nextOf(early);
    await run.move('FAILED'); // its hint begins a read in this very process
    const retried = run.move('QUEUED');
    await retried;
    const late = follow(run.runId, 3);
    expect(await nextOf(late)).toEqual({ events: [], cursor: 3, caughtUp: true });
    const ended = late.next();
    await run.move('RUNNING');
    expect((await ended).done).toBe(false);
    await Promise.all([early.return(), late.return()]);
  }
});

test('a deleted run ends its subscription with NOT_FOUND, not as if it had finished', async () => {
  const run = await timeline();
  const batches = follow(run.runId);
  await nextOf(batches);
  const next = batches.next();
  await run.remove();
  await expect(next).rejects.toMatchObject({ code: 'NOT_FOUND' });
  expect(feed.followers).toBe(0);
});

test('two writers who want to commit out of order cannot: no seq is skipped and no gap is ever shown', async () => {
  const run = await timeline();
  const seen = collect(follow(run.runId));
  const steps = new EventEmitter();
  const hasWritten = once(steps, 'written');
  const mayCommit = once(steps, 'commit');
  const slow = db.database.asTenant(actor.tenantId).transactional(async (em) => {
    await appendEvents(
      em as Em,
      run.runId,
      lines(2, (i) => `slow ${i}`),
      null,
    );
    steps.emit('written');
    await mayCommit;
  });
  await hasWritten;
  const fast = run.append(2, (i) => `fast ${i}`); // waits for the row lock the slow one holds
  const other = await timeline();
  await other.append(1); // hints and polls go on meanwhile
  expect((await run.table()).length).toBe(0);
  steps.emit('commit');
  await Promise.all([slow, fast]);
  await run.move('SUCCEEDED');
  expect(await run.table()).toEqual(['1 slow 1', '2 slow 2', '3 fast 1', '4 fast 2', '5 RUNNING → SUCCEEDED']);
  expect(await seen).toEqual(await run.table());
});

test('eight writers in parallel on one run: seq is dense, batches come in order, every follower sees the table', async () => {
  const run = await timeline();
  const followers = Array.from({ length: 5 }, () => collect(follow(run.runId)));
  const writer = async (name: number) => {
    for (let i = 0; i < 40; i++) await run.append(1 + (i % 7), (at) => `writer ${name}, batch ${i}, ${at}`);
  };
  await Promise.all(Array.from({ length: 8 }, (_, name) => writer(name)));
  await run.move('SUCCEEDED');
  const table = await run.table();
  expect(table.map((row) => Number.parseInt(row, 10))).toEqual(table.map((_, i) => i + 1));
  for (const seen of await Promise.all(followers)) expect(seen).toEqual(table);
});

test('a follower that has fallen behind what is kept in memory reads the table and loses nothing', async () => {
  const run = await timeline();
  const slow = follow(run.runId);
  const seen = (await nextOf(slow)).events.map(sight);
  const quick = collect(follow(run.runId));
  for (let i = 0; i < 20; i++) await run.append(150);
  await run.move('SUCCEEDED');
  const table = await run.table();
  expect(await quick).toEqual(table);
  expect([...seen, ...(await collect(slow))]).toEqual(table);
});

test('with no NOTIFY at all the gap is filled by the poll', async () => {
  const run = await timeline(silentNotifier);
  const batches = follow(run.runId);
  await nextOf(batches);
  const waited: number[] = [];
  for (let i = 0; i < 5; i++) {
    await run.append(1);
    const from = performance.now();
    expect((await nextOf(batches)).cursor).toBe(i + 1);
    waited.push(performance.now() - from);
  }
  await batches.return();
  process.stdout.write(`gap filled without NOTIFY, ms: ${waited.map(Math.round).join(' ')}\n`);
});

test('the LISTEN connection is killed again and again: nothing is lost, and it listens again', async () => {
  const run = await timeline();
  const seen = collect(follow(run.runId));
  for (let i = 0; i < 5; i++) {
    const pid = await vi.waitFor(() => feed.listenerPid ?? Promise.reject(new Error('not listening yet')), 10_000);
    await db.admin.query('select pg_terminate_backend($1)', [pid]);
    for (let j = 0; j < 10; j++) await run.append(3);
    await vi.waitFor(() => expect(feed.listenerPid).not.toBe(pid), 10_000);
  }
  await run.move('SUCCEEDED');
  expect(await seen).toEqual(await run.table());
});

test('every connection to the database breaks while clients follow: they wait, and miss nothing', async () => {
  const run = await timeline(silentNotifier);
  await run.append(400);
  const seen = collect(follow(run.runId));
  const behind = follow(run.runId);
  const first = (await nextOf(behind)).events.map(sight);
  for (let i = 0; i < 3; i++) {
    await db.admin.query(
      `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`,
    );
    await vi.waitFor(() => run.append(10), { timeout: 10_000 });
  }
  await vi.waitFor(() => run.move('SUCCEEDED'), { timeout: 10_000 });
  expect([...first, ...(await collect(behind))]).toEqual(await run.table());
  expect(await seen).toEqual(await run.table());
});

test('a follower that leaves while it waits is freed at once', async () => {
  const run = await timeline();
  const followers = Array.from({ length: 50 }, () => follow(run.runId));
  await Promise.all(followers.map(nextOf));
  const parked = followers.map((batches) => batches.next());
  expect(feed.followers).toBe(50);
  await Promise.all(followers.map((batches) => batches.return()));
  expect(feed.followers).toBe(0);
  for (const result of await Promise.all(parked)) expect(result.done).toBe(true);
});
