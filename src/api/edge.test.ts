/** The edge as an operator can set it: limits, caps, proxies, persisted documents. */
import { createHash } from 'node:crypto';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type DocumentNode, print } from 'graphql';
import { createClient } from 'graphql-ws';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { RENEWAL_QUERY } from '../../playground/renewal.js';
import { STARTER_TABS } from '../../playground/starter-tabs.js';
import * as operations from '../../sdk/generated/operations.js';
import { startTestApi, type TestApi, type TestApiOptions } from '../../tests/support/api.js';
import { createTestDatabase, type TestDatabase } from '../../tests/support/database.js';
import { probe, withProbes } from '../../tests/support/probe.resolver.js';
import { seedRun } from '../../tests/support/seed-run.js';
import { decodeId, encodeId } from '../platform/ids.js';
import { schemaParts } from '../schema.js';
import { type EdgeSettings, OPEN_EDGE } from './edge-settings.js';
import { buildApiSchema } from './graphql/build-schema.js';
import { loadPersistedDocuments } from './graphql/persisted-documents.js';
import { NO_QUOTAS } from './rate-limits/subjects.js';
import { registerEventStreams } from './routes/event-streams.js';

let db: TestDatabase;
let open: TestApi;
let owner: { token: string; userId: string; tenantId: string };
const schema = buildApiSchema(withProbes(schemaParts));
const started: TestApi[] = [];
const sockets: WebSocket[] = [];

beforeAll(async () => {
  db = await createTestDatabase({ poolSize: 20 });
  open = await startTestApi(db, { schema });
  owner = await open.register('edge');
});

afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.terminate();
  await Promise.all(started.splice(0).map((api) => api.close()));
});

afterAll(async () => {
  await open?.close();
  await db?.drop();
});

/** What another test has spent from the same address is forgiven. */
async function startApi(edge: Partial<EdgeSettings>, options: TestApiOptions = {}): Promise<TestApi> {
  await db.admin.query('delete from rate_buckets');
  const api = await startTestApi(db, { schema, edge, ...options });
  started.push(api);
  return api;
}

interface Answer {
  data?: Record<string, unknown>;
  errors?: { message: string; extensions: Record<string, unknown> }[];
  extensions?: { cost?: Record<string, unknown> };
}

async function send(api: TestApi, body: object, headers: Record<string, string> = {}) {
  const response = await fetch(`${api.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${owner.token}`, ...headers },
    body: JSON.stringify(body),
  });
  return { status: response.status, headers: response.headers, body: (await response.json()) as Answer };
}

const VIEWER = '{ viewer { user { id } } }';
const COUNT = 'subscription ($to: Int!) { count(to: $to) }';
const requests = (quota: Partial<typeof NO_QUOTAS.requests>) => ({
  ...NO_QUOTAS,
  requests: { ...NO_QUOTAS.requests, ...quota },
});
const cost = (quota: Partial<typeof NO_QUOTAS.cost>) => ({ ...NO_QUOTAS, cost: { ...NO_QUOTAS.cost, ...quota } });

const connect = (api: TestApi, token = owner.token) => {
  const client = createClient({
    url: api.wsUrl,
    webSocketImpl: class extends WebSocket {
      constructor(url: string, protocols: string) {
        super(url, protocols);
        sockets.push(this);
      }
    },
    lazy: true,
    retryAttempts: 0,
    connectionParams: { authorization: `Bearer ${token}` },
  });
  return client;
};

/** What the first message of an operation is: its result, its errors, or the close event. */
const first = (api: TestApi, payload: Record<string, unknown>, client = connect(api)) =>
  new Promise<{ result?: Answer; errors?: Answer['errors']; code?: number }>((resolve) => {
    client.subscribe(payload as never, {
      next: (result) => resolve({ result: result as Answer }),
      error: (error) => resolve(Array.isArray(error) ? { errors: error } : { code: (error as { code: number }).code }),
      complete: () => resolve({}),
    });
  });

describe('requests above the quota', () => {
  test('of an address are refused with 429, when to come back, and what is left in the headers', async () => {
    const api = await startApi({ quotas: requests({ address: 20 }) });
    const { headers } = await send(api, { query: VIEWER });
    expect(headers.get('ratelimit-policy')).toBe('"address";q=20;w=60');
    expect(headers.get('ratelimit')).toBe('"address";r=19;t=3');
    let refused = await send(api, { query: VIEWER });
    for (let i = 0; i < 30 && refused.status === 200; i++) refused = await send(api, { query: VIEWER });
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
    const { extensions } = refused.body.errors?.[0] ?? { extensions: {} as Record<string, unknown> };
    expect(extensions).toMatchObject({ code: 'RATE_LIMITED', retryable: true, retryAfterMs: expect.any(Number) });
    expect(extensions.details).toMatchObject({ retryAfterMs: extensions.retryAfterMs, of: 'address', limit: 20 });
    for (const route of ['/schema.graphql', '/runs/x/events', '/blobs/x', '/nothing'])
      expect([route, (await fetch(api.url + route)).status]).toEqual([route, 429]);
    for (const route of ['/healthz', '/metrics'])
      expect([route, (await fetch(api.url + route)).status]).toEqual([route, 200]);
    const upgrade = new WebSocket(api.wsUrl, 'graphql-transport-ws');
    const status = await new Promise((resolve) => {
      upgrade.on('unexpected-response', (_request, response) =>
        resolve([response.statusCode, Boolean(response.headers['retry-after'])]),
      );
      upgrade.on('error', () => undefined);
    });
    expect(status).toEqual([429, true]);
  });

  test.each(['user', 'key'] as const)('of a %s are refused, and nobody else is', async (subject) => {
    const other = await open.register('other');
    const api = await startApi({ quotas: requests({ [subject]: 10 }) });
    const statuses: number[] = [];
    for (let i = 0; i < 15; i++) statuses.push((await send(api, { query: VIEWER })).status);
    expect(statuses[0]).toBe(200);
    expect(statuses.at(-1)).toBe(429);
    expect((await send(api, { query: VIEWER }, { authorization: `Bearer ${other.token}` })).status).toBe(200);
  });

  test('count over a socket too, where the operation is refused and the socket stays', async () => {
    const api = await startApi({ quotas: requests({ user: 10 }) });
    const client = connect(api);
    const seen = [];
    for (let i = 0; i < 15; i++) seen.push(await first(api, { query: VIEWER }, client));
    expect(seen[0]?.result?.data).toBeDefined();
    expect(seen.at(-1)?.errors?.[0]?.extensions).toMatchObject({
      code: 'RATE_LIMITED',
      retryAfterMs: expect.any(Number),
    });
    expect(sockets).toHaveLength(1);
    expect(sockets[0]?.readyState).toBe(WebSocket.OPEN);
  });

  test('are limited by what they cost, and each answer tells what that was', async () => {
    const api = await startApi({ quotas: cost({ key: 1_000 }) });
    const query = 'query ($n: Int) { projects(first: $n) { nodes { id name } } }';
    const small = await send(api, { query, variables: { n: 10 } });
    expect(small.body.extensions?.cost).toMatchObject({ requested: 31, limit: 25_000 });
    expect(small.body.extensions?.cost?.remaining).toBeGreaterThanOrEqual(900);
    const large = await send(api, { query, variables: { n: 100 } });
    expect(large.body.extensions?.cost).toMatchObject({ requested: 301 });
    const seen = [];
    for (let i = 0; i < 4; i++) seen.push(await send(api, { query, variables: { n: 100 } }));
    expect(seen.at(-1)?.status).toBe(429);
    expect(seen.at(-1)?.body.errors?.[0]?.extensions.details).toMatchObject({ counted: 'cost', of: 'key' });
    expect((await first(api, { query, variables: { n: 100 } })).errors?.[0]?.extensions.code).toBe('RATE_LIMITED');
    expect((await send(open, { query: VIEWER })).body.extensions).toEqual({ cost: { requested: 3, limit: 25_000 } });
    expect((await first(open, { query: VIEWER })).result?.extensions).toEqual({
      cost: { requested: 3, limit: 25_000 },
    });
  });
});

describe('behind a proxy', () => {
  const from = (ip: string) => ({ 'x-forwarded-for': ip });

  test('that is named, each client has a quota of its own', async () => {
    const api = await startApi({ quotas: requests({ address: 10 }), trustedProxies: ['127.0.0.0/8'] });
    for (let i = 0; i < 15; i++) await send(api, { query: VIEWER }, from('203.0.113.1'));
    expect((await send(api, { query: VIEWER }, from('203.0.113.1'))).status).toBe(429);
    expect((await send(api, { query: VIEWER }, from('203.0.113.2'))).status).toBe(200);
    const upgrade = (ip: string) =>
      new Promise((resolve) => {
        const socket = new WebSocket(api.wsUrl, 'graphql-transport-ws', { headers: from(ip) });
        sockets.push(socket);
        socket.on('open', () => resolve(101));
        socket.on('unexpected-response', (_request, response) => resolve(response.statusCode));
        socket.on('error', () => undefined);
      });
    expect([await upgrade('203.0.113.1'), await upgrade('203.0.113.3')]).toEqual([429, 101]);
  });

  test('that is not, nobody escapes by writing the header', async () => {
    const api = await startApi({ quotas: requests({ address: 10 }), trustedProxies: ['192.0.2.1'] });
    const statuses: number[] = [];
    for (let i = 0; i < 15; i++) statuses.push((await send(api, { query: VIEWER }, from(`203.0.113.${i}`))).status);
    expect(statuses.at(-1)).toBe(429);
  });
});

describe('open sockets and subscriptions', () => {
  const caps = (some: Partial<EdgeSettings['sockets']>) => ({ sockets: { ...OPEN_EDGE.sockets, ...some } });
  const follow = async (api: TestApi) => {
    const iterator = connect(api).iterate({ query: COUNT, variables: { to: -1 } });
    await iterator.next();
    return iterator;
  };

  test('of one address: the next is refused with 429, and let in when one has left', async () => {
    const api = await startApi(caps({ socketsPerAddress: 2 }));
    const attempt = () =>
      new Promise<number>((resolve) => {
        const socket = new WebSocket(api.wsUrl, 'graphql-transport-ws');
        sockets.push(socket);
        socket.on('open', () => resolve(101));
        socket.on('unexpected-response', (_request, response) => resolve(response.statusCode ?? 0));
        socket.on('error', () => undefined);
      });
    expect([await attempt(), await attempt(), await attempt()]).toEqual([101, 101, 429]);
    sockets[0]?.terminate();
    while ((await attempt()) !== 101) await new Promise(setImmediate);
  });

  test('of one person: the next is closed with 1013, and that of another is not', async () => {
    const api = await startApi(caps({ socketsPerUser: 1 }));
    const held = await follow(api);
    expect((await first(api, { query: VIEWER })).code).toBe(1013);
    const other = await open.register('neighbour');
    expect((await first(api, { query: VIEWER }, connect(api, other.token))).result?.data).toBeDefined();
    await held.return?.();
  });

  test('subscriptions of one person: the next is refused, queries are not, and the place of an ended one is free', async () => {
    const api = await startApi(caps({ subscriptionsPerUser: 2 }));
    const [held] = [await follow(api), await follow(api)];
    expect((await first(api, { query: COUNT, variables: { to: 1 } })).errors?.[0]?.extensions.code).toBe(
      'RATE_LIMITED',
    );
    expect((await first(api, { query: VIEWER })).result?.data).toBeDefined();
    await held?.return?.();
    while (probe.openGenerators > 1) await new Promise(setImmediate);
    const again = await follow(api);
    for (let i = 0; i < 3; i++) await first(api, { query: '{ nonsense }' }); // what never began holds no place
    await again.return?.();
    while (probe.openGenerators > 1) await new Promise(setImmediate);
    expect((await first(api, { query: COUNT, variables: { to: 1 } })).result?.data).toEqual({ count: 1 });
  });

  test('event streams count as both', async () => {
    const api = await startApi(caps({ socketsPerUser: 1 }), {
      addRoutes: async (app, services, guards) => registerEventStreams(app, services, { guards }),
    });
    const held = await follow(api);
    const project = await open.gql('mutation { createProject(input: { name: "P" }) { id } }', {}, owner.token);
    const run = await seedRun(db, {
      tenantId: decodeId('ten', owner.tenantId),
      userId: decodeId('user', owner.userId),
      projectId: decodeId('proj', project.data.createProject.id),
    });
    const stream = () =>
      fetch(`${api.url}/runs/${encodeId('run', run)}/events`, {
        headers: { accept: 'text/event-stream', authorization: `Bearer ${owner.token}` },
      });
    const refused = await stream();
    expect([refused.status, refused.headers.has('retry-after')]).toEqual([429, true]);
    await held.return?.();
    for (const socket of sockets.splice(0)) socket.terminate();
    let allowed = await stream();
    while (allowed.status === 429) allowed = await stream();
    expect(allowed.status).toBe(200);
    await allowed.body?.cancel();
  });
});

describe('persisted documents', () => {
  const hashOf = (text: string) => createHash('sha256').update(text).digest('hex');
  const viewer = print(operations.ViewerDocument as DocumentNode);
  const codeOf = (answer: { body: Answer }) => answer.body.errors?.[0]?.extensions.code;

  test('the list that ships holds what the SDK, the playground and its starter tabs send, no more and no less', async () => {
    const sent = [
      ...Object.entries(operations)
        .filter(([name]) => /^[A-Z]\w*Document$/.test(name))
        .map(([, document]) => print(document as DocumentNode)),
      ...STARTER_TABS.map(({ query }) => query),
      RENEWAL_QUERY,
    ];
    expect(sent.length).toBeGreaterThan(20);
    const { texts } = await loadPersistedDocuments('only');
    expect([...texts.keys()].sort()).toEqual(sent.map(hashOf).sort()); // stale: npm run codegen
  });

  test("are meant by documentId or by Apollo's hash, over POST, GET and a socket", async () => {
    const documents = await loadPersistedDocuments('prefer');
    const api = await startApi({ documents });
    const hash = hashOf(viewer);
    const persistedQuery = { version: 1, sha256Hash: hash };
    for (const body of [
      { documentId: `sha256:${hash}` },
      { documentId: hash },
      { extensions: { persistedQuery } },
      { query: viewer, extensions: { persistedQuery } },
      { query: VIEWER },
    ])
      expect([body, (await send(api, body)).body.data?.viewer]).toEqual([body, expect.any(Object)]);
    for (const search of [
      `documentId=sha256:${hash}`,
      `extensions=${encodeURIComponent(JSON.stringify({ persistedQuery }))}`,
    ]) {
      const response = await fetch(`${api.url}/graphql?${search}`, {
        headers: { authorization: `Bearer ${owner.token}`, 'apollo-require-preflight': '1' },
      });
      expect(((await response.json()) as Answer).data?.viewer).toBeDefined();
    }
    const overSocket = await first(api, { query: '', extensions: { persistedQuery } });
    expect(overSocket.result?.data?.viewer).toBeDefined();
  });

  test('a hash that is not known, or not of the text beside it, is refused in words clients understand', async () => {
    const api = await startApi({ documents: await loadPersistedDocuments('prefer') });
    const unknown = await send(api, { extensions: { persistedQuery: { version: 1, sha256Hash: hashOf('other') } } });
    expect([unknown.status, codeOf(unknown), unknown.body.errors?.[0]?.message]).toEqual([
      400,
      'UNKNOWN_DOCUMENT',
      'PersistedQueryNotFound',
    ]);
    expect(codeOf(await send(api, { documentId: 'sha256:nonsense' }))).toBe('UNKNOWN_DOCUMENT');
    const swapped = { query: '{ __typename }', documentId: hashOf(viewer) };
    expect(codeOf(await send(api, swapped))).toBe('BAD_INPUT');
    expect(codeOf(await send(open, { documentId: hashOf(viewer) }))).toBe('BAD_INPUT'); // switched off there
  });

  test('alone are allowed where the operator says so: listed texts pass, others do not, over a socket neither', async () => {
    const own = '{ projects { nodes { id } } }';
    const file = path.join(await mkdtemp(path.join(tmpdir(), 'paperwright-persisted-')), 'own.json');
    await writeFile(file, JSON.stringify({ [hashOf(own)]: own }));
    const api = await startApi({ documents: await loadPersistedDocuments('only', file) });
    expect((await send(api, { query: viewer })).body.data).toBeDefined();
    expect((await send(api, { documentId: hashOf(own) })).body.data).toBeDefined();
    expect(codeOf(await send(api, { query: VIEWER }))).toBe('UNKNOWN_DOCUMENT');
    expect(codeOf(await send(api, { query: `${viewer} ` }))).toBe('UNKNOWN_DOCUMENT');
    expect((await first(api, { query: VIEWER })).errors?.[0]?.extensions.code).toBe('UNKNOWN_DOCUMENT');
    expect((await first(api, { query: viewer })).result?.data).toBeDefined();
  });

  test("a list that is none, or whose hashes are not its texts', stops the start with a sentence", async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'paperwright-persisted-'));
    for (const [name, text] of Object.entries({
      a: '{',
      b: '[]',
      c: '{"x":"y"}',
      d: JSON.stringify({ [hashOf('a')]: 'b' }),
    })) {
      await writeFile(path.join(folder, name), text);
      await expect(loadPersistedDocuments('prefer', path.join(folder, name))).rejects.toMatchObject({
        code: 'BAD_INPUT',
      });
    }
    await expect(loadPersistedDocuments('only', path.join(folder, 'none'))).rejects.toThrow(/none cannot be read/);
  });
});
