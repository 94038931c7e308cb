import { type GraphQLInputType, getNamedType, isEnumType, isInputObjectType, isListType, isNonNullType } from 'graphql';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestApi, type TestApi } from '../../tests/support/api.js';
import { createTestDatabase, type TestDatabase } from '../../tests/support/database.js';
import { contextFor, createActor } from '../../tests/support/people.js';
import { probe, withProbes } from '../../tests/support/probe.resolver.js';
import { createLog } from '../platform/log.js';
import { schemaParts } from '../schema.js';
import { startApiServer } from './api-server.js';
import { OPEN_EDGE } from './edge-settings.js';
import { buildApiSchema } from './graphql/build-schema.js';

let db: TestDatabase;
let api: TestApi;
const schema = buildApiSchema(withProbes(schemaParts));

beforeAll(async () => {
  db = await createTestDatabase();
  api = await startTestApi(db, { schema });
});

afterAll(async () => {
  await api?.close();
  await db?.drop();
});

const post = (body: string, headers: Record<string, string> = {}) =>
  fetch(`${api.url}/graphql`, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body });
const codeOf = (answer: { errors?: { extensions: { code: string } }[] }) => answer.errors?.[0]?.extensions.code;

/** A value that passes validation: what is refused then is refused by permission. */
function plausible(type: GraphQLInputType): string {
  if (isNonNullType(type)) return plausible(type.ofType);
  if (isListType(type)) return '[]';
  if (isEnumType(type)) return type.getValues()[0]?.name ?? '';
  if (isInputObjectType(type)) {
    const required = Object.values(type.getFields()).filter((field) => isNonNullType(field.type));
    return `{ ${required.map((field) => `${field.name}: ${plausible(field.type)}`).join(', ')} }`;
  }
  return ['Int', 'Float'].includes(type.name)
    ? '1'
    : type.name === 'Boolean'
      ? 'true'
      : type.name === 'JSON'
        ? '{}'
        : '"x"';
}

function operationsOf(kind: 'query' | 'mutation') {
  const root = kind === 'query' ? schema.getQueryType() : schema.getMutationType();
  return Object.values(root?.getFields() ?? {}).map((field) => {
    const required = field.args.filter((arg) => isNonNullType(arg.type));
    const args = required.map((arg) => `${arg.name}: ${plausible(arg.type)}`).join(', ');
    const named = getNamedType(field.type);
    const selection = 'getFields' in named || 'getTypes' in named ? ' { __typename }' : '';
    return { name: field.name, text: `${kind} { ${field.name}${args ? `(${args})` : ''}${selection} }` };
  });
}

describe('who may call what', () => {
  const open = new Set([
    ...['register', 'signIn', 'signInWithGoogle', 'verifyMfa', 'acceptInvitation', 'resetPassword'], // each asks for a proof of its own
    ...['brokenSql', 'nothing', 'backend', 'slow'],
  ]);

  test.each([...operationsOf('query'), ...operationsOf('mutation')].filter(({ name }) => !open.has(name)))(
    'a stranger may not call $name',
    async ({ text }) => {
      expect(codeOf(await api.gql(text))).toBe('UNAUTHENTICATED');
    },
  );

  test('a schema with a root field that has no permission is not built, nor one with a permission for no field', () => {
    const { createProject, ...others } = schemaParts.permissions.Mutation;
    expect(createProject).toBe('RESEARCHER');
    expect(() =>
      buildApiSchema({ ...schemaParts, permissions: { ...schemaParts.permissions, Mutation: others } }),
    ).toThrow('Mutation.createProject has no permission');
    const stale = { ...schemaParts.permissions, Query: { ...schemaParts.permissions.Query, gone: 'VIEWER' as const } };
    expect(() => buildApiSchema({ ...schemaParts, permissions: stale })).toThrow('Query.gone names no field');
  });

  test('a node type that no kind names stops the build', () => {
    expect(() => buildApiSchema({ ...schemaParts, nodeKinds: [] })).toThrow('implements Node');
  });
});

describe('errors', () => {
  test('SQL never leaves the process; its id leads to it in the log', async () => {
    const answer = await api.gql('{ brokenSql }');
    expect(JSON.stringify(answer)).not.toMatch(/select|secret_column|relation|a_table|stack|node_modules/i);
    const errorId = answer.errors?.[0]?.extensions.errorId;
    expect(codeOf(answer)).toBe('INTERNAL');
    expect(errorId).toBeDefined();
    expect(JSON.stringify(api.logged.find((line) => line.errorId === errorId))).toContain('a_table_nobody_has');
  });

  test('a resolver that breaks its own promise is INTERNAL, not a message of the library', async () => {
    const answer = await api.gql('{ nothing }');
    expect(codeOf(answer)).toBe('INTERNAL');
    expect(JSON.stringify(answer)).not.toContain('non-nullable');
  });

  test.each([
    ['a syntax error', '{ viewer '],
    ['an unknown field', '{ viewr { user { id } } }'],
    ['a missing selection', '{ viewer }'],
    ['a variable of the wrong type', 'query ($first: Int!) { projects(first: $first) { nodes { id } } }'],
    ['two operations and no name', 'query A { __typename } query B { __typename }'],
    ['nothing', ''],
  ])('%s is BAD_INPUT with a message that says what', async (_what, query) => {
    const answer = await api.gql(query, { first: 'many' });
    expect(codeOf(answer)).toBe('BAD_INPUT');
    expect(answer.errors?.[0]?.message.length).toBeGreaterThan(10);
  });

  test('a value echoed in a message is cut short', async () => {
    const query = 'query ($first: Int!) { projects(first: $first) { nodes { id } } }';
    const answer = await api.gql(query, { first: 'x'.repeat(500_000) });
    expect(codeOf(answer)).toBe('BAD_INPUT');
    expect(answer.errors?.[0]?.message.length).toBeLessThan(600);
  });

  test.each([
    ['not JSON', '{', {}, 400, 'BAD_INPUT'],
    [
      'more than 1 MB',
      JSON.stringify({ query: `{ viewer { user { id } } } #${'x'.repeat(1_000_000)}` }),
      {},
      413,
      'BAD_INPUT',
    ],
    ['XML', '<a/>', { 'content-type': 'application/xml' }, 415, 'UNSUPPORTED_MEDIA_TYPE'],
    ['a batch', '[{"query":"{ __typename }"}]', {}, 400, 'BAD_INPUT'],
    ['a string', '"{ __typename }"', {}, 400, 'BAD_INPUT'],
    ['a form', '{ __typename }', { 'content-type': 'text/plain' }, 400, 'BAD_INPUT'],
  ] as const)('a body that is %s gets a typed answer', async (_what, body, headers, status, code) => {
    const response = await post(body, headers);
    expect(response.status).toBe(status);
    expect(codeOf((await response.json()) as never)).toBe(code);
  });

  test('an address that is nothing says where the API is', async () => {
    const response = await fetch(`${api.url}/nowhere`);
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'NOT_FOUND' } }] });
  });

  test('a form on another site cannot send an operation (CSRF)', async () => {
    const query = encodeURIComponent('{ __typename }');
    expect((await fetch(`${api.url}/graphql?query=${query}`)).status).toBe(400);
    const asked = await fetch(`${api.url}/graphql?query=${query}`, { headers: { 'apollo-require-preflight': 'yes' } });
    expect(await asked.json()).toMatchObject({ data: { __typename: 'Query' } });
  });

  test('a mutation cannot be sent by GET', async () => {
    const query = encodeURIComponent('mutation { signOut }');
    const response = await fetch(`${api.url}/graphql?query=${query}`, {
      headers: { 'apollo-require-preflight': 'yes' },
    });
    expect(response.status).toBe(405);
  });
});

describe('transactions', () => {
  test('all fields of a query read over one connection, which is given back', async () => {
    const aliases = Array.from({ length: 15 }, (_, index) => `b${index}: backend`).join(' ');
    for (let round = 0; round < 3; round++) {
      const { data, errors } = await api.gql(`{ ${aliases} }`);
      expect(errors).toBeUndefined();
      expect(new Set(Object.values(data)).size).toBe(1);
    }
    const { rows } = await db.admin.query(
      `select count(*)::integer as open from pg_stat_activity
        where datname = current_database() and usename = 'pw_app' and state like 'idle in transaction%'`,
    );
    expect(rows[0].open).toBe(0);
  });

  test('twice as many queries as connections are all answered', async () => {
    const { token } = await api.register('crowd');
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => api.gql('{ viewer { user { id } tenant { id } } backend }', {}, token)),
    );
    expect(answers.flatMap((answer) => answer.errors ?? [])).toEqual([]);
  });

  test('a query cannot write', async () => {
    const { token } = await api.register('writer');
    expect(codeOf(await api.gql('{ writes }', {}, token))).toBe('INTERNAL');
  });
});

describe('what operators look at', () => {
  test('the process is alive, and not ready without a worker; with one it is', async () => {
    for (const path of ['/healthz', '/health']) expect((await fetch(api.url + path)).status).toBe(200);
    const without = await fetch(`${api.url}/readyz`);
    expect(without.status).toBe(503);
    expect(await without.json()).toMatchObject({
      checks: { database: { ok: true }, migrations: { ok: true }, worker: { ok: false } },
    });
    await db.admin.query(`insert into workers (id, host, pid, version, lease_until)
      values (gen_random_uuid(), 'test', 1, '0', now() + interval '1 minute')`);
    const ready = await fetch(`${api.url}/readyz`);
    expect(await ready.json()).toMatchObject({ status: 'ready' });
    await db.admin.query(`delete from schema_migrations where name like '0002%'`);
    expect((await (await fetch(`${api.url}/readyz`)).json()) as unknown).toMatchObject({
      checks: { migrations: { ok: false, message: expect.stringContaining('0002_identity_projects.sql') } },
    });
  });

  test('metrics count operations by outcome and carry no name a client made up', async () => {
    await api.gql('query MadeUp { viewer { user { id } } }');
    const text = await (await fetch(`${api.url}/metrics`)).text();
    expect(text).toMatch(/graphql_operation_duration_seconds_count\{type="query",outcome="UNAUTHENTICATED"\} \d/);
    expect(text).toContain('paperwright_websocket_connections 0');
    expect(text).toContain('nodejs_eventloop_lag_seconds');
    expect(text).not.toContain('MadeUp');
  });

  test('the schema is served as text', async () => {
    const response = await fetch(`${api.url}/schema.graphql`);
    expect(response.headers.get('content-type')).toContain('text/plain');
    expect(await response.text()).toContain('type Project implements Node');
  });
});

describe('stopping', () => {
  test('requests under way are answered, new connections are refused', async () => {
    const other = await startTestApi(db, { schema });
    probe.release = undefined;
    const answer = other.gql('{ slow }');
    await slowIsReached();
    const closed = other.close();
    await expect(fetchRefused(other.url)).resolves.toBe(true);
    letGo();
    expect((await answer).data).toEqual({ slow: 'finished' });
    await closed;
  });

  test('what hangs is cut when the time for stopping is over', async () => {
    const other = await startTestApi(db, { schema, shutdownMs: 50 });
    probe.release = undefined;
    const answer = other.gql('{ slow }').then(
      () => 'answered',
      () => 'cut',
    );
    await slowIsReached();
    await other.close();
    expect(await answer).toBe('cut');
  });

  test('a port that is taken is one clear sentence', async () => {
    const port = Number(new URL(api.url).port);
    const { services } = contextFor(db, await createActor(db), { log: createLog('test', 'silent') });
    const start = startApiServer({
      schema,
      services,
      http: { host: '127.0.0.1', port, allowedOrigins: [] },
      limits: { maxDepth: 15, maxAliases: 15, maxTokens: 1000, maxCost: 5000 },
      edge: OPEN_EDGE,
      shutdownMs: 100,
    });
    await expect(start).rejects.toThrow(`Port ${port} on 127.0.0.1 is taken by another program.`);
  });
});

/** The compiler takes what was `undefined` above for undefined still. */
const letGo = () => probe.release?.();

/** Resolves once a call of `slow` waits: it has then put a release function of its own. */
async function slowIsReached(): Promise<void> {
  while (!probe.release) await new Promise(setImmediate);
}

/** Polls until a new connection is refused: closing takes a moment to reach the socket. */
async function fetchRefused(url: string): Promise<boolean> {
  for (;;) {
    const refused = await fetch(`${url}/healthz`, { headers: { connection: 'close' } }).then(
      () => false,
      () => true,
    );
    if (refused) return true;
  }
}
