import { once } from 'node:events';
import type { Socket } from 'node:net';
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import WebSocket from 'ws';
import { type ApiServer, startApiServer } from '../src/api/api-server.js';
import { OPEN_EDGE } from '../src/api/edge-settings.js';
import { buildApiSchema } from '../src/api/graphql/build-schema.js';
import type { Actor } from '../src/platform/database/actor.js';
import type { Services } from '../src/platform/graphql/api-context.js';
import { encodeId, newId } from '../src/platform/ids.js';
import type { RunFeed } from '../src/runs/following/run-feed.js';
import { schemaParts } from '../src/schema.js';
import { accessTokenFor } from './support/auth.js';
import { createTestDatabase, type TestDatabase } from './support/database.js';
import { contextFor, createActor, createProjectRow } from './support/people.js';
import { FOLLOW } from './support/subscriber.js';
import { openTimeline, sight, type Timeline } from './support/timeline.js';

const PING_MS = 300; // for the half-open socket; a busy machine answers such pings too late
const NO_PING_MS = 600_000;
const WITHIN = { timeout: 20_000, interval: 20 };
const LIMITS = { maxDepth: 15, maxAliases: 15, maxTokens: 1000, maxCost: 5000 };

let db: TestDatabase;
let services: Services;
let feed: RunFeed;
let actor: Actor;
let projectId: string;
let token: string;
let api: ApiServer;
const serverSockets = new Set<Socket>();
const clients: WebSocket[] = [];

beforeAll(async () => {
  db = await createTestDatabase({ poolSize: 20 });
  actor = await createActor(db);
  projectId = await createProjectRow(db, actor);
  token = await accessTokenFor(actor);
  services = contextFor(db, actor, { log: pino({ level: 'silent' }) }).services;
  feed = services.runs.feed;
  await feed.start();
  api = await startApi(NO_PING_MS);
});

afterEach(() => {
  for (const client of clients.splice(0)) client.terminate();
});

afterAll(async () => {
  await api?.close();
  await feed?.stop();
  await db?.drop();
});

const startApi = (pingMs: number) =>
  startApiServer({
    schema: buildApiSchema(schemaParts),
    services,
    http: { host: '127.0.0.1', port: 0, allowedOrigins: [] },
    limits: LIMITS,
    edge: OPEN_EDGE,
    shutdownMs: 5_000,
    webSocket: { pingMs },
    addRoutes: async (app) => {
      app.server.on('connection', (socket: Socket) => {
        serverSockets.add(socket);
        socket.once('close', () => serverSockets.delete(socket));
      });
    },
  });

interface Client {
  socket: WebSocket;
  seen: string[];
  errors: string[]; // codes
  completed: boolean;
  closed: Promise<number>;
}

/** Speaks graphql-transport-ws by hand, so that a test decides when it reads and what it answers. */
async function connect(variables: Record<string, unknown>, options: { url?: string; token?: string } = {}) {
  const socket = new WebSocket(`${(options.url ?? api.url).replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
  clients.push(socket);
  const closed = new Promise<number>((resolve) => void socket.once('close', resolve));
  const client: Client = { socket, seen: [], errors: [], completed: false, closed };
  socket.on('error', () => undefined);
  socket.on('message', (data) => {
    const message = JSON.parse(String(data));
    if (message.type === 'connection_ack') {
      socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query: FOLLOW, variables } }));
    }
    const errors = message.type === 'error' ? message.payload : (message.payload?.errors ?? []);
    for (const error of errors) client.errors.push(error.extensions?.code);
    client.seen.push(...(message.payload?.data?.runEvents?.events ?? []).map(sight));
    if (message.type === 'complete') client.completed = true;
  });
  await once(socket, 'open');
  const payload = { authorization: `Bearer ${options.token ?? token}` };
  socket.send(JSON.stringify({ type: 'connection_init', payload }));
  return client;
}

const timeline = (): Promise<Timeline> => openTimeline(db, actor, projectId);
const followers = (count: number) => vi.waitFor(() => expect(feed.followers).toBe(count), WITHIN);

test('over a socket too, reconnecting at every cursor gives exactly the rest and completes', async () => {
  const run = await timeline();
  await run.append(9);
  await run.move('SUCCEEDED');
  const table = await run.table();
  const all = await Promise.all(table.map((_, after) => connect({ runId: run.publicId, after })));
  await vi.waitFor(() => expect(all.every((client) => client.completed)).toBe(true), WITHIN);
  expect(all.map((client) => client.seen)).toEqual(table.map((_, after) => table.slice(after)));
  expect(feed.followers).toBe(0);
});

test.each([
  ['negative', -1, 'BAD_INPUT'],
  ['ahead of the run', 3, 'BAD_INPUT'],
  ['beyond any seq', 2_147_483_647, 'BAD_INPUT'],
  ['no number', 'abc', 'BAD_INPUT'],
  ['too large for an Int', 2_147_483_648, 'BAD_INPUT'],
  ['a fraction', 1.5, 'BAD_INPUT'],
])('a cursor that is %s (%s) is answered with %s, once, and the socket stays open', async (_what, after, code) => {
  const run = await timeline();
  await run.append(2);
  const client = await connect({ runId: run.publicId, after });
  await vi.waitFor(() => expect(client.errors).toEqual([code]), WITHIN);
  expect(client.seen).toEqual([]);
  expect(client.socket.readyState).toBe(WebSocket.OPEN);
  expect(feed.followers).toBe(0);
});

test('a foreign run, an unknown one and an id of another type are the same NOT_FOUND', async () => {
  const run = await timeline();
  await run.append(2);
  const stranger = await accessTokenFor(await createActor(db));
  for (const runId of [run.publicId, encodeId('run', newId()), encodeId('proj', projectId), 'nonsense']) {
    const client = await connect({ runId, after: 0 }, { token: stranger });
    await vi.waitFor(() => expect(client.errors).toEqual(['NOT_FOUND']), WITHIN);
    expect(client.seen).toEqual([]);
  }
  expect(feed.followers).toBe(0);
});

test('a half-open socket is reaped within two pings, and its follower freed', async () => {
  const run = await timeline();
  const nervous = await startApi(PING_MS);
  const gone = await connect({ runId: run.publicId, after: 0 }, { url: nervous.url });
  await followers(1);
  const from = performance.now();
  gone.socket.pause(); // it reads nothing any more, so it answers no ping: what a cut cable looks like from here
  await followers(0);
  process.stdout.write(
    `half-open socket reaped after ${Math.round(performance.now() - from)} ms, pings every ${PING_MS}\n`,
  );
  await nervous.close();
});

test('a client that stops reading holds one batch of this process at most; others are not held up; it loses nothing', async () => {
  const run = await timeline();
  const filler = 'x'.repeat(1_900);
  const stalled = await connect({ runId: run.publicId, after: 0 });
  await followers(1);
  const [serverSide] = [...serverSockets].slice(-1);
  stalled.socket.pause();
  const other = await connect({ runId: run.publicId, after: 0 });
  for (let i = 0; i < 12; i++) await run.append(1_000, (at) => `${i} ${at} ${filler}`); // 24 MB: more than kernels hold
  await vi.waitFor(() => expect(other.seen.length).toBe(12_000), { timeout: 40_000, interval: 50 });
  const held = serverSide?.writableLength ?? 0;
  process.stdout.write(
    `a stalled socket holds ${Math.round(held / 1024)} KiB of the process, of 24 MB it was not given\n`,
  );
  expect(held).toBeGreaterThan(0);
  expect(held).toBeLessThan(2 ** 20); // 256 events of 2,000 characters, and their frame
  stalled.socket.resume();
  await run.move('SUCCEEDED');
  await vi.waitFor(() => expect(stalled.completed && other.completed).toBe(true), { timeout: 40_000, interval: 50 });
  const table = await run.table();
  expect(stalled.seen).toEqual(table);
  expect(other.seen).toEqual(table);
});

test('a revoked session is told why and closed within two seconds, and is given no further event', async () => {
  const run = await timeline();
  const guest = await createActor(db, 'RESEARCHER', actor.tenantId);
  const client = await connect({ runId: run.publicId, after: 0 }, { token: await accessTokenFor(guest) });
  await followers(1);
  const from = performance.now();
  await db.admin.query('update sessions set revoked_at = now() where id = $1', [guest.credentialId]);
  expect(await client.closed).toBe(4403);
  process.stdout.write(`revoked session: socket closed after ${Math.round(performance.now() - from)} ms\n`);
  await run.append(1);
  expect(client.seen).toEqual([]);
  expect(feed.followers).toBe(0);
});

test('a project made PRIVATE ends the subscription with NOT_FOUND; the socket and its other operations go on', async () => {
  const open = await createProjectRow(db, actor);
  const run = await openTimeline(db, actor, open);
  const guest = await createActor(db, 'RESEARCHER', actor.tenantId);
  const client = await connect({ runId: run.publicId, after: 0 }, { token: await accessTokenFor(guest) });
  await followers(1);
  await db.admin.query(`update projects set visibility = 'PRIVATE' where id = $1`, [open]);
  await vi.waitFor(() => expect(client.errors).toEqual(['NOT_FOUND']), WITHIN);
  await run.append(1);
  const owner = await connect({ runId: run.publicId, after: 0 });
  await vi.waitFor(() => expect(owner.seen).toHaveLength(1), WITHIN); // what was written is out by now
  expect(client.seen).toEqual([]);
  expect(client.socket.readyState).toBe(WebSocket.OPEN);
});

test('a client that disconnects, or completes its operation, frees its follower', async () => {
  const run = await timeline();
  const [leaves, completes] = [
    await connect({ runId: run.publicId, after: 0 }),
    await connect({ runId: run.publicId, after: 0 }),
  ];
  await followers(2);
  leaves.socket.terminate();
  await followers(1);
  completes.socket.send(JSON.stringify({ id: '1', type: 'complete' }));
  await followers(0);
  expect(completes.socket.readyState).toBe(WebSocket.OPEN);
});

test('a server that closes says 1001 to every socket and frees every follower', async () => {
  const leaving = await startApi(NO_PING_MS);
  const run = await timeline();
  const all = await Promise.all(
    Array.from({ length: 20 }, () => connect({ runId: run.publicId, after: 0 }, { url: leaving.url })),
  );
  await followers(20);
  await leaving.close();
  expect(await Promise.all(all.map((client) => client.closed))).toEqual(all.map(() => 1001));
  expect(all.some((client) => client.completed)).toBe(false);
  await followers(0);
});
