import { once } from 'node:events';
import net from 'node:net';
import { type Client, createClient } from 'graphql-ws';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type CloseEvent, WebSocket } from 'ws';
import { startTestApi, type TestApi } from '../../../tests/support/api.js';
import { createTestDatabase, type TestDatabase } from '../../../tests/support/database.js';
import { join } from '../../../tests/support/invite.js';
import { probe, withProbes } from '../../../tests/support/probe.resolver.js';
import { schemaParts } from '../../schema.js';
import { buildApiSchema } from '../graphql/build-schema.js';

let db: TestDatabase;
let api: TestApi;
let owner: Awaited<ReturnType<TestApi['register']>>;
const clients: Client[] = [];
const schema = buildApiSchema(withProbes(schemaParts));

beforeAll(async () => {
  db = await createTestDatabase();
  api = await startTestApi(db, {
    schema,
    webSocket: { pingMs: 100, credentialCheckMs: 50 },
    allowedOrigins: ['https://ui.example.org'],
  });
  owner = await api.register('socket');
});

afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.dispose()));
});

afterAll(async () => {
  await api?.close();
  await db?.drop();
});

interface Connection {
  client: Client;
  closed: Promise<CloseEvent>;
}

function connect(authorization?: string, url = api.wsUrl): Connection {
  let close: (event: CloseEvent) => void = () => undefined;
  const closed = new Promise<CloseEvent>((resolve) => {
    close = resolve;
  });
  const client = createClient({
    url,
    webSocketImpl: WebSocket,
    retryAttempts: 0,
    lazy: true,
    onNonLazyError: () => undefined,
    connectionParams: authorization === undefined ? {} : { authorization },
    on: { closed: (event) => close(event as CloseEvent) },
  });
  clients.push(client);
  return { client, closed };
}

interface Outcome {
  data: unknown[];
  errors: { message: string; extensions?: { code?: string } }[];
}

/** Everything the operation gave until it ended. */
function run({ client }: Connection, query: string, variables?: Record<string, unknown>): Promise<Outcome> {
  const outcome: Outcome = { data: [], errors: [] };
  return new Promise((resolve, reject) => {
    client.subscribe(
      { query, variables },
      {
        next: ({ data, errors }) => {
          if (data) outcome.data.push(data);
          outcome.errors.push(...((errors ?? []) as unknown as Outcome['errors']));
        },
        error: (error) => {
          if (!Array.isArray(error)) return reject(error);
          outcome.errors.push(...error);
          resolve(outcome);
        },
        complete: () => resolve(outcome),
      },
    );
  });
}

const COUNT = 'subscription ($to: Int!) { count(to: $to) }';
const bearer = (token: string) => `Bearer ${token}`;

describe('operations over a socket', () => {
  test('queries, mutations and subscriptions are answered, as the caller', async () => {
    const connection = connect(bearer(owner.token));
    expect((await run(connection, '{ viewer { user { id } } }')).data).toEqual([
      { viewer: { user: { id: owner.userId } } },
    ]);
    const created = await run(connection, 'mutation { createProject(input: { name: "By socket" }) { name } }');
    expect(created.data).toEqual([{ createProject: { name: 'By socket' } }]);
    expect((await run(connection, COUNT, { to: 3 })).data).toEqual([{ count: 1 }, { count: 2 }, { count: 3 }]);
  });

  test("a stranger's subscription is refused before its `subscribe` is called", async () => {
    const before = probe.subscribeCalls;
    const { errors, data } = await run(connect(), COUNT, { to: 3 });
    expect(errors[0]?.extensions?.code).toBe('UNAUTHENTICATED');
    expect(data).toEqual([]);
    expect(probe.subscribeCalls).toBe(before);
  });

  test("a subscription above the caller's role is refused in the same way", async () => {
    const viewer = await join(api, owner, 'sockviewer', ['VIEWER']);
    const before = probe.subscribeCalls;
    const { errors } = await run(connect(bearer(viewer.token)), COUNT, { to: 1 });
    expect(errors[0]?.extensions?.code).toBe('FORBIDDEN');
    expect(probe.subscribeCalls).toBe(before);
  });

  test('errors are masked here too, in results and in refusals', async () => {
    const connection = connect(bearer(owner.token));
    const events = await run(connection, COUNT, { to: 14 });
    expect(events.errors).toMatchObject([{ extensions: { code: 'INTERNAL' } }]);
    expect(events.data).toHaveLength(13); // the failed one is null, the others come
    const sql = await run(connection, '{ brokenSql }');
    expect(JSON.stringify([events, sql])).not.toMatch(/secret|a_table_nobody_has/);
    for (const query of ['{ nonsense }', 'subscription {', '{ viewer { user { id } } ']) {
      expect((await run(connection, query)).errors[0]?.extensions?.code).toBe('BAD_INPUT');
    }
    expect((await run(connection, COUNT, { to: 'many' })).errors[0]?.extensions?.code).toBe('BAD_INPUT');
  });

  test('a client that leaves leaves no generator behind', async () => {
    const connection = connect(bearer(owner.token));
    const iterator = connection.client.iterate({ query: COUNT, variables: { to: -1 } });
    await iterator.next();
    expect(probe.openGenerators).toBe(1);
    await iterator.return?.();
    while (probe.openGenerators > 0) await new Promise(setImmediate);
    const again = connection.client.iterate({ query: COUNT, variables: { to: -1 } });
    await again.next();
    connection.client.terminate();
    while (probe.openGenerators > 0) await new Promise(setImmediate);
    await again.next().catch(() => undefined);
  });

  test('more operations at once than one connection may carry are refused', async () => {
    const connection = connect(bearer(owner.token));
    const iterators = Array.from({ length: 100 }, () =>
      connection.client.iterate({ query: COUNT, variables: { to: -1 } }),
    );
    await Promise.all(iterators.map((iterator) => iterator.next()));
    const { errors } = await run(connection, '{ viewer { user { id } } }');
    expect(errors[0]?.message).toContain('100 operations');
    const metrics = async () => (await fetch(`${api.url}/metrics`)).text();
    while (!/paperwright_graphql_subscriptions 100\b/.test(await metrics())) await new Promise(setImmediate);
    await Promise.all(iterators.map((iterator) => iterator.return?.()));
  });
});

describe('opening and closing', () => {
  test.each([
    'Bearer nonsense',
    `Bearer pws_${'A'.repeat(43)}`,
    'Basic dXNlcjpwYXNz',
    'Bearer',
    '\u0000',
    'x'.repeat(10_000),
  ])('a token that does not hold closes the socket with 4401 and a reason: %j', async (authorization) => {
    const connection = connect(authorization);
    await expect(run(connection, '{ viewer { user { id } } }')).rejects.toMatchObject({ code: 4401 });
    expect((await connection.closed).reason).toMatch(/token|Authorization/);
  });

  test('the header of the upgrade request proves the caller too', async () => {
    const socket = new WebSocket(api.wsUrl, 'graphql-transport-ws', {
      headers: { authorization: bearer(owner.token) },
    });
    await once(socket, 'open');
    socket.send(JSON.stringify({ type: 'connection_init' }));
    await once(socket, 'message');
    socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query: '{ viewer { user { id } } }' } }));
    const [message] = await once(socket, 'message');
    expect(JSON.parse(String(message)).payload.data.viewer.user.id).toBe(owner.userId);
    socket.terminate();
  });

  test.each([
    ['https://evil.example', 403],
    ['null', 403],
    ['https://ui.example.org', 101],
  ])('a browser on %s is answered %d', async (origin, status) => {
    const socket = new WebSocket(api.wsUrl, 'graphql-transport-ws', { headers: { origin } });
    const seen = await new Promise<number>((resolve) => {
      socket.on('open', () => resolve(101));
      socket.on('unexpected-response', (_request, response) => resolve(response.statusCode ?? 0));
      socket.on('error', () => undefined);
    });
    expect(seen).toBe(status);
    socket.terminate();
  });

  test('a page of our own host may connect, and no other path upgrades', async () => {
    const own = new WebSocket(api.wsUrl, 'graphql-transport-ws', { headers: { origin: api.url } });
    await once(own, 'open');
    own.terminate();
    const elsewhere = new WebSocket(api.wsUrl.replace('/graphql', '/other'), 'graphql-transport-ws');
    const [error] = await once(elsewhere, 'error');
    expect((error as Error).message).toContain('404');
  });

  test.each([
    ['longer than 64 KB', JSON.stringify({ type: 'ping', payload: { filler: 'x'.repeat(70_000) } }), 1009],
    ['not JSON', 'hello', 4400],
    ['of no known type', '{"type":"shout"}', 4400],
    [
      'an operation before the connection was opened',
      '{"id":"1","type":"subscribe","payload":{"query":"{ __typename }"}}',
      4401,
    ],
  ])('a message that is %s closes the socket with its own code', async (_what, message, code) => {
    const socket = new WebSocket(api.wsUrl, 'graphql-transport-ws');
    await once(socket, 'open');
    socket.send(message);
    const [seen] = await once(socket, 'close');
    expect(seen).toBe(code);
  });

  test('a revoked key and a signed-out session close their sockets, and no others', async () => {
    const key = await api.gql(
      'mutation { createApiKey(input: { name: "k" }) { secret apiKey { id } } }',
      {},
      owner.token,
    );
    const { secret, apiKey } = key.data.createApiKey;
    const [revoked, untouched] = [connect(bearer(secret)), connect(bearer(owner.token))];
    const watching = run(revoked, COUNT, { to: -1 });
    watching.catch(() => undefined);
    const other = untouched.client.iterate({ query: COUNT, variables: { to: -1 } });
    await other.next();
    await api.gql('mutation ($id: ID!) { revokeApiKey(id: $id) { id } }', { id: apiKey.id }, owner.token);
    expect(await revoked.closed).toMatchObject({ code: 4403, reason: expect.stringContaining('revoked') });
    expect((await other.next()).done).toBe(false);
    await other.return?.();
  });

  test('a socket whose other end has gone silent is cut within two pings', async () => {
    const closes = async () =>
      Number(
        /websocket_closed_total\{code="1006"\} (\d+)/.exec(await (await fetch(`${api.url}/metrics`)).text())?.[1] ?? 0,
      );
    const before = await closes();
    const { hostname, port } = new URL(api.url);
    const silent = net.connect(Number(port), hostname);
    silent.write(
      `GET /graphql HTTP/1.1\r\nHost: ${hostname}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
        'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n',
    );
    silent.resume(); // reads, and never answers a ping
    await once(silent, 'close');
    expect(await closes()).toBe(before + 1);
  });

  test('a server that stops tells its clients to go elsewhere, with 1001', async () => {
    const other = await startTestApi(db, { schema });
    const connection = connect(bearer(owner.token), other.wsUrl);
    const iterator = connection.client.iterate({ query: COUNT, variables: { to: -1 } });
    await iterator.next();
    await other.close();
    expect((await connection.closed).code).toBe(1001);
    await iterator.next().catch(() => undefined);
    expect(probe.openGenerators).toBe(0);
  });
});
