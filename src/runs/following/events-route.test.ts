import { once } from 'node:events';
import http from 'node:http';
import type { Socket } from 'node:net';
import Fastify, { type FastifyInstance } from 'fastify';
import { pino } from 'pino';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { accessTokenFor } from '../../../tests/support/auth.js';
import { createTestDatabase, type TestDatabase } from '../../../tests/support/database.js';
import { contextFor, createActor, createProjectRow } from '../../../tests/support/people.js';
import { openTimeline, sight, type Timeline } from '../../../tests/support/timeline.js';
import { registerEventStreams } from '../../api/routes/event-streams.js';
import type { Actor } from '../../platform/database/actor.js';
import type { Services } from '../../platform/graphql/api-context.js';
import { encodeId, newId } from '../../platform/ids.js';
import type { RunFeed } from './run-feed.js';

const KEEPALIVE_MS = 200;
const WITHIN = { timeout: 20_000, interval: 20 };

let db: TestDatabase;
let services: Services;
let feed: RunFeed;
let actor: Actor;
let projectId: string;
let token: string;
let run: Timeline;
let app: FastifyInstance;
let url: string;

beforeAll(async () => {
  db = await createTestDatabase({ poolSize: 20 });
  actor = await createActor(db);
  projectId = await createProjectRow(db, actor);
  token = await accessTokenFor(actor);
  services = contextFor(db, actor, { log: pino({ level: 'silent' }) }).services;
  feed = services.runs.feed;
  await feed.start();
  ({ app, url } = await listen());
});

afterAll(async () => {
  await app?.close();
  await feed?.stop();
  await db?.drop();
});

beforeEach(async () => {
  run = await openTimeline(db, actor, projectId);
});

async function listen() {
  const opened = Fastify();
  registerEventStreams(opened, services, { keepaliveMs: KEEPALIVE_MS });
  const address = await opened.listen({ host: '127.0.0.1', port: 0 });
  return { app: opened, url: address };
}

interface Opened {
  response: http.IncomingMessage;
  /** Resolves when it has ended or was cut. */
  over: Promise<void>;
  /** What follows the last complete event, and comments. */
  tail(): string;
  /** `seq message` of the events so far. */
  seen: string[];
}

/** A stream as a careful client reads it; `headers` beside the token and Accept. */
async function open(path: string, headers: Record<string, string> = {}, base = url): Promise<Opened> {
  const request = http.get(`${base}${path}`, {
    agent: new http.Agent(),
    headers: { authorization: `Bearer ${token}`, accept: 'text/event-stream', ...headers },
  });
  const [response] = (await once(request, 'response')) as [http.IncomingMessage];
  const seen: string[] = [];
  let rest = '';
  let others = '';
  response.setEncoding('utf8').on('data', (chunk) => {
    const frames = (rest + chunk).split('\n\n');
    rest = frames.pop() ?? ''; // what is cut within a frame is no event
    for (const frame of frames) {
      if (frame.startsWith('id: ')) seen.push(sight(JSON.parse(frame.split('\ndata: ')[1] ?? '')));
      else others += `${frame}\n\n`;
    }
  });
  response.on('error', () => undefined); // a stream that is cut on purpose
  const over = new Promise<void>((resolve) => void response.once('close', () => resolve()));
  return { response, over, seen, tail: () => others };
}

const pathOf = ({ publicId }: Timeline) => `/runs/${publicId}/events`;
const json = async (path: string, headers: Record<string, string> = { authorization: `Bearer ${token}` }) => {
  const response = await fetch(url + path, { headers });
  return { status: response.status, body: (await response.json()) as Record<string, never> };
};

test('a stream carries history, then what happens, then an explicit end, and is not held back by proxies', async () => {
  await run.append(600);
  const stream = await open(pathOf(run));
  expect(stream.response.statusCode).toBe(200);
  expect(stream.response.headers).toMatchObject({
    'content-type': 'text/event-stream; charset=utf-8',
    'x-accel-buffering': 'no',
    'cache-control': 'no-cache, no-transform',
  });
  await run.append(3, (i) => `emoji 🙂 and\nnew line ${i}`);
  await run.move('SUCCEEDED');
  await stream.over;
  expect(stream.seen).toEqual(await run.table());
  expect(stream.tail().endsWith('event: end\ndata: {}\n\n')).toBe(true);
  expect(feed.followers).toBe(0);
});

test('Last-Event-ID and ?after_id= resume exactly, and the header goes before the address', async () => {
  await run.append(5);
  await run.move('FAILED');
  const table = await run.table();
  for (let after = 0; after <= table.length; after++) {
    const byHeader = await open(`${pathOf(run)}?after_id=1`, { 'last-event-id': String(after) });
    const byAddress = await open(`${pathOf(run)}?after_id=${after}`);
    await Promise.all([byHeader.over, byAddress.over]);
    expect(byHeader.seen).toEqual(table.slice(after));
    expect(byAddress.seen).toEqual(table.slice(after));
  }
});

test('an idle stream is kept open by comments, which are no events', async () => {
  const stream = await open(pathOf(run));
  await vi.waitFor(() => expect(stream.tail().match(/: keepalive\n\n/g)?.length).toBeGreaterThan(2), WITHIN);
  expect(stream.seen).toEqual([]);
  stream.response.destroy();
});

test('without Accept: text/event-stream one JSON batch is answered', async () => {
  await run.append(7);
  const { status, body } = await json(`${pathOf(run)}?after_id=2&first=3`);
  expect(status).toBe(200);
  expect(body).toMatchObject({ cursor: 5, caughtUp: false, events: [{ seq: 3 }, { seq: 4 }, { seq: 5 }] });
  expect((await json(`${pathOf(run)}?after_id=5`)).body).toMatchObject({ cursor: 7, caughtUp: true });
  expect((await json(`${pathOf(run)}?first=501`)).body).toMatchObject({
    errors: [{ extensions: { code: 'BAD_INPUT' } }],
  });
});

test.each(['-1', 'abc', '1.5', '1e3', '99999999999', '9999999999999', ' 1', '%00', "1';--"])(
  'the cursor %s is refused with BAD_INPUT, as a stream and as JSON',
  async (cursor) => {
    for (const accept of ['text/event-stream', 'application/json']) {
      const path = `${pathOf(run)}?after_id=${encodeURIComponent(cursor)}`;
      const { status, body } = await json(path, { authorization: `Bearer ${token}`, accept });
      expect([status, body]).toMatchObject([400, { errors: [{ extensions: { code: 'BAD_INPUT' } }] }]);
    }
    expect(feed.followers).toBe(0);
  },
);

test('a cursor ahead of the run is refused with BAD_INPUT before anything is streamed', async () => {
  await run.append(2);
  const { status, body } = await json(`${pathOf(run)}?after_id=3`, {
    authorization: `Bearer ${token}`,
    accept: 'text/event-stream',
  });
  expect([status, body]).toMatchObject([400, { errors: [{ extensions: { code: 'BAD_INPUT' } }] }]);
  expect(feed.followers).toBe(0);
});

test('strangers get the same NOT_FOUND for a run of others and for one that never was; nobody gets UNAUTHENTICATED', async () => {
  const stranger = await accessTokenFor(await createActor(db));
  const theirs = { authorization: `Bearer ${stranger}`, accept: 'text/event-stream' };
  const foreign = await json(pathOf(run), theirs);
  expect(foreign).toMatchObject({ status: 404, body: { errors: [{ extensions: { code: 'NOT_FOUND' } }] } });
  expect(await json(`/runs/${encodeId('run', newId())}/events`, theirs)).toEqual(foreign);
  expect(await json(`/runs/${encodeId('proj', projectId)}/events`, theirs)).toEqual(foreign);
  for (const headers of [{}, { authorization: 'Bearer nonsense' }]) {
    expect(await json(pathOf(run), headers as Record<string, string>)).toMatchObject({
      status: 401,
      body: { errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] },
    });
  }
});

test('a client that leaves frees its follower, at once when it waits and before the first byte too', async () => {
  const stream = await open(pathOf(run));
  expect(feed.followers).toBe(1);
  stream.response.destroy();
  await vi.waitFor(() => expect(feed.followers).toBe(0), WITHIN);
  for (let i = 0; i < 20; i++) {
    const request = http.get(url + pathOf(run), {
      agent: new http.Agent(),
      headers: { authorization: `Bearer ${token}`, accept: 'text/event-stream' },
    });
    const gone = new Promise<void>((resolve) => void request.on('error', () => resolve()));
    setTimeout(() => request.destroy(new Error('left')), 2 * i); // wherever that falls: before, within, after the answer
    await gone;
  }
  await vi.waitFor(() => expect(feed.followers).toBe(0), WITHIN);
});

test('a lost right closes the stream with a typed error, and nothing after it', async () => {
  const guest = await createActor(db, 'RESEARCHER', actor.tenantId);
  const stream = await open(pathOf(run), { authorization: `Bearer ${await accessTokenFor(guest)}` });
  await db.admin.query('update sessions set revoked_at = now() where id = $1', [guest.credentialId]);
  await stream.over;
  await run.append(1);
  expect(stream.seen).toEqual([]);
  expect(stream.tail()).toMatch(/event: error\ndata: {"message":".*"UNAUTHENTICATED".*\n\n$/);
});

test('a deleted run closes the stream with NOT_FOUND, not with end', async () => {
  const stream = await open(pathOf(run));
  await run.remove();
  await stream.over;
  expect(stream.tail()).toContain('"NOT_FOUND"');
  expect(stream.tail()).not.toContain('event: end');
});

test('a client that stops reading is cut, holds little of this process meanwhile, and resumes without a gap', async () => {
  const filler = 'x'.repeat(1_900);
  for (let i = 0; i < 12; i++) await run.append(1_000, (at) => `${i} ${at} ${filler}`); // 24 MB: more than kernels hold
  const before = process.memoryUsage().rss;
  const closed: number[] = [];
  const seenBySocket = (socket: Socket) => socket.once('close', () => closed.push(1));
  app.server.on('connection', seenBySocket);
  const stalled = await open(pathOf(run));
  stalled.response.pause();
  const others = await open(pathOf(run));
  await vi.waitFor(() => expect(others.seen.length).toBe(12_000), { timeout: 40_000, interval: 50 });
  await vi.waitFor(() => expect(closed).toHaveLength(1), WITHIN); // the stalled one was cut by the server
  process.stdout.write(
    `stalled SSE client: rss grew ${Math.round((process.memoryUsage().rss - before) / 2 ** 20)} MiB\n`,
  );
  app.server.off('connection', seenBySocket);
  stalled.response.resume();
  await stalled.over;
  const seen = stalled.seen;
  expect(seen.length).toBeLessThan(12_000);
  await run.move('SUCCEEDED');
  const resumed = await open(pathOf(run), { 'last-event-id': String(seen.length) });
  await Promise.all([resumed.over, others.over]);
  const table = await run.table();
  expect([...seen, ...resumed.seen]).toEqual(table);
  expect(others.seen).toEqual(table);
  expect(feed.followers).toBe(0);
});

test('a server that goes away cuts its streams without an end, so that clients resume elsewhere', async () => {
  const leaving = await listen();
  const stream = await open(pathOf(run), {}, leaving.url);
  await run.append(2);
  await vi.waitFor(() => expect(stream.seen).toHaveLength(2), WITHIN);
  await leaving.app.close();
  await stream.over;
  expect(stream.tail()).not.toContain('event: end');
  await run.append(1);
  await run.move('SUCCEEDED');
  const resumed = await open(pathOf(run), { 'last-event-id': '2' });
  await resumed.over;
  expect([...stream.seen, ...resumed.seen]).toEqual(await run.table());
});
