import { createClient } from 'graphql-ws';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { startTestApi, type TestApi } from '../../../tests/support/api.js';
import { createTestDatabase, type TestDatabase } from '../../../tests/support/database.js';

let db: TestDatabase;
let api: TestApi;
let token: string;

beforeAll(async () => {
  db = await createTestDatabase();
  api = await startTestApi(db);
  ({ token } = await api.register('limits'));
});

afterAll(async () => {
  await api?.close();
  await db?.drop();
});

const many = (count: number, part: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => part(index)).join(' ');
const RUNS = 'runs(first: $n) { nodes { id status } }';
const PAGE = 'nodes { id name owner { id displayName } }';

/** What GraphQL Cop and its kin send: each would cost far more than it looks. */
const HOSTILE: [string, string, string][] = [
  ['aliases of a field', `{ ${many(100, (index) => `a${index}: viewer { user { id } }`)} }`, 'QUERY_TOO_COMPLEX'],
  ['aliases of __typename', `{ ${many(100, (index) => `a${index}: __typename`)} }`, 'QUERY_TOO_COMPLEX'],
  [
    'aliases hidden in a fragment',
    `{ ...f } fragment f on Query { ${many(16, (index) => `a${index}: __typename`)} }`,
    'QUERY_TOO_COMPLEX',
  ],
  [
    'guesses at a password',
    `mutation { ${many(50, (index) => `g${index}: signIn(input: { email: "a@b.cc", password: "${index}" }) { __typename }`)} }`,
    'QUERY_TOO_COMPLEX',
  ],
  ['a field repeated', `{ ${many(11, () => '__typename')} }`, 'QUERY_TOO_COMPLEX'],
  ['a fragment repeated', `{ ${many(11, () => '...f')} } fragment f on Query { __typename }`, 'QUERY_TOO_COMPLEX'],
  ['directives by the dozen', `{ __typename ${many(12, () => '@include(if: true)')} }`, 'QUERY_TOO_COMPLEX'],
  ['unknown directives', `{ __typename ${many(50, (index) => `@aa${index}`)} }`, 'QUERY_TOO_COMPLEX'],
  [
    'a deep nest',
    `{ __type(name: "Project") { ${'ofType { '.repeat(20)}name${' }'.repeat(20)} } }`,
    'QUERY_TOO_COMPLEX',
  ],
  [
    'introspection in a circle',
    `{ __schema { types { ${'fields { type { '.repeat(8)}name${' } }'.repeat(8)} } } }`,
    'BAD_INPUT',
  ],
  ['fragments in a circle', '{ ...a } fragment a on Query { ...b } fragment b on Query { ...a }', 'BAD_INPUT'],
  [
    'the largest pages, nested',
    `{ projects(first: 100) { nodes { ${RUNS.replace('$n', '100')} } } }`,
    'QUERY_TOO_COMPLEX',
  ],
  [
    'sizes hidden in variables',
    `query ($n: Int = 1) { projects(first: $n) { nodes { ${RUNS} } } }`,
    'QUERY_TOO_COMPLEX',
  ],
  [
    'sizes hidden in a fragment',
    `query ($n: Int) { projects(last: $n) { nodes { ...p } } } fragment p on Project { ${RUNS} }`,
    'QUERY_TOO_COMPLEX',
  ],
  ['tokens without end', `{ ${many(1001, (index) => `f${index}`)} }`, 'QUERY_TOO_COMPLEX'],
  [
    'a long comment before tokens without end',
    `#${'x'.repeat(40_000)}\n{ ${many(1001, (index) => `f${index}`)} }`,
    'QUERY_TOO_COMPLEX',
  ],
];

describe('over HTTP', () => {
  test.each(HOSTILE)('%s: refused with what to do, before anything runs', async (_what, query, code) => {
    const answer = await api.gql(query, {}, token);
    const codes = answer.errors?.map((error) => error.extensions.code) ?? [];
    expect(codes).toContain(code);
    expect(answer.data ?? null).toBeNull();
  });

  test('batches are refused', async () => {
    const response = await fetch(`${api.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(Array.from({ length: 10 }, () => ({ query: '{ __typename }' }))),
    });
    expect(response.status).toBe(400);
  });

  test('a limit names what it is and what was found, and answers 400, not 500', async () => {
    const response = await fetch(`${api.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: HOSTILE[0]?.[1] }),
    });
    expect(response.status).toBe(400);
    const { errors } = (await response.json()) as { errors: { message: string; extensions: { hint?: string } }[] };
    expect(errors[0]?.message).toBe('Aliases limit of 15 exceeded, found 100.');
    expect(errors[0]?.extensions.hint).toContain('Ask for less');
  });

  test('what honest clients send passes: introspection, a page of everything, fragments', async () => {
    const { getIntrospectionQuery } = await import('graphql');
    expect((await api.gql(getIntrospectionQuery())).errors).toBeUndefined();
    expect(
      (await api.gql(`{ projects(first: 50) { ${PAGE} pageInfo { endCursor } } viewer { user { id } } }`, {}, token))
        .errors,
    ).toBeUndefined();
    const claims = `{ projects(first: 20) { nodes { runs(first: 10) { nodes { id status stages { name status } } } } } }`;
    expect((await api.gql(claims, {}, token)).errors).toBeUndefined();
    const fragments =
      '{ projects { nodes { ...p } } } fragment p on Project { id owner { ...u } } fragment u on User { id email }';
    expect((await api.gql(fragments, {}, token)).errors).toBeUndefined();
  });
});

test.each(HOSTILE)('over a WebSocket, %s is refused in the same way', async (_what, query, code) => {
  const client = createClient({
    url: api.wsUrl,
    webSocketImpl: WebSocket,
    retryAttempts: 0,
    connectionParams: { authorization: `Bearer ${token}` },
  });
  const errors = await new Promise<unknown>((resolve) => {
    client.subscribe(
      { query },
      { next: ({ data, errors }) => resolve(errors ?? data), error: resolve, complete: () => undefined },
    );
  });
  await client.dispose();
  expect(JSON.stringify(errors)).toContain(code);
});
