/**
 * Attacks on a running server. One with the production profile as it ships; one with introspection and GET, where the
 * audits of GraphQL over HTTP need them.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { serverAudits } from 'graphql-http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { registerPlayground } from '../../src/api/routes/playground.js';
import { startTestApi, type TestApi } from '../support/api.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { productionEdge } from '../support/production-edge.js';
import { startCarelessServer } from './careless-server.js';
import { CHECKS } from './graphql-cop.js';

const ALLOWED = 'https://ui.example.org';
const EVIL = 'https://evil.example';

let db: TestDatabase;
let open: TestApi;
let production: TestApi;
let owner: { token: string; email: string; password: string };

beforeAll(async () => {
  db = await createTestDatabase();
  const edge = await productionEdge({ PUBLIC_URL: 'https://papers.example.org' });
  [open, production] = await Promise.all([
    startTestApi(db, { allowedOrigins: [ALLOWED] }),
    startTestApi(db, {
      edge,
      allowedOrigins: [ALLOWED],
      addRoutes: async (app) => {
        if (edge.playground) await registerPlayground(app);
      },
    }),
  ]);
  owner = await open.register('owner');
});

afterAll(async () => {
  await Promise.all([open?.close(), production?.close()]);
  await db?.drop();
});

const graphql = (api: TestApi) => `${api.url}/graphql`;
const json = { 'content-type': 'application/json' };

describe("GraphQL Cop's checks", () => {
  test.each(Object.entries(CHECKS))('find nothing in the production profile: %s', async (_name, check) => {
    expect(await check(graphql(production))).toBe(false);
  });

  test('find all thirteen in a server that guards against nothing', async () => {
    const careless = await startCarelessServer();
    const findings = await Promise.all(
      Object.entries(CHECKS).map(async ([name, check]) => [name, await check(careless.url)]),
    );
    careless.close();
    expect(findings).toEqual(Object.keys(CHECKS).map((name) => [name, true]));
    expect(findings).toHaveLength(13);
  });
});

describe('GraphQL over HTTP', () => {
  test('its audits find no error, and each of what they remark is explained in docs/security.md', async () => {
    const audits = serverAudits({ url: graphql(open) });
    const results = await Promise.all(audits.map(async (audit) => ({ ...(await audit.fn()), id: audit.id })));
    const remarks = results.filter(({ status }) => status !== 'ok');
    expect(remarks.filter(({ status }) => status === 'error')).toEqual([]);
    expect(results).toHaveLength(61);
    expect(results.length - remarks.length).toBeGreaterThanOrEqual(55);
    const page = readFileSync(path.resolve(import.meta.dirname, '../../docs/security.md'), 'utf8');
    const explained = Array.from(
      page.matchAll(/^\| `([0-9A-F]{4})` (notice|warn) \|/gm),
      ([, id, status]) => `${id} ${status}`,
    );
    expect(explained.sort()).toEqual(remarks.map(({ id, status }) => `${id} ${status}`).sort());
  });
});

describe('a page of another site', () => {
  const mutation = 'mutation { createProject(input: { name: "Stolen" }) { id } }';
  const cookie = 'paperwright_refresh=x; __Host-paperwright_refresh=x';

  test.each([
    ['a form, URL-encoded', 'application/x-www-form-urlencoded', new URLSearchParams({ query: mutation }).toString()],
    [
      'a form, in parts',
      'multipart/form-data; boundary=x',
      `--x\r\ncontent-disposition: form-data; name="query"\r\n\r\n${mutation}\r\n--x--`,
    ],
    ['a form, as plain text', 'text/plain', JSON.stringify({ query: mutation })],
    ['no content type', '', JSON.stringify({ query: mutation })],
  ])('cannot send an operation by %s, though the browser adds its cookies', async (_what, type, body) => {
    for (const api of [open, production]) {
      const response = await fetch(graphql(api), {
        method: 'POST',
        headers: {
          cookie,
          origin: EVIL,
          authorization: `Bearer ${owner.token}`,
          ...(type && { 'content-type': type }),
        },
        body: Buffer.from(body),
      });
      expect(response.status).toBeGreaterThanOrEqual(400);
      expect(await response.text()).not.toContain('"data":{');
    }
  });

  test('cannot send a query or a mutation by an image or a link', async () => {
    for (const query of [mutation, '{ viewer { user { id } } }', 'mutation { refreshSession { accessToken } }']) {
      for (const api of [open, production]) {
        const response = await fetch(`${graphql(api)}?query=${encodeURIComponent(query)}`, {
          headers: { cookie, authorization: `Bearer ${owner.token}` },
        });
        expect([query, response.status >= 400]).toEqual([query, true]);
      }
    }
  });

  test('is told by CORS that it may not read, and an allowed one that it may', async () => {
    const preflight = (origin: string) =>
      fetch(graphql(production), {
        method: 'OPTIONS',
        headers: { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'content-type' },
      });
    expect((await preflight(EVIL)).headers.get('access-control-allow-origin')).toBeNull();
    const allowed = (await preflight(ALLOWED)).headers;
    expect([allowed.get('access-control-allow-origin'), allowed.get('access-control-allow-credentials')]).toEqual([
      ALLOWED,
      'true',
    ]);
    const answer = await fetch(graphql(production), {
      method: 'POST',
      headers: { ...json, origin: EVIL },
      body: '{"query":"{ __typename }"}',
    });
    expect(answer.headers.get('access-control-allow-origin')).toBeNull();
  });

  test('cannot use the refresh cookie, even past CORS: the header that asks for it and the origin are looked at', async () => {
    const cookieOf = (response: Response) => response.headers.get('set-cookie')?.split(';')[0] ?? '';
    const send = (headers: Record<string, string>, query: string, variables = {}) =>
      fetch(graphql(open), {
        method: 'POST',
        headers: { ...json, ...headers },
        body: JSON.stringify({ query, variables }),
      });
    const input = { email: owner.email, password: owner.password };
    const signedIn = await send(
      { origin: ALLOWED, 'x-refresh-cookie': '1' },
      'mutation ($input: SignInInput!) { signIn(input: $input) { ... on SignedIn { refreshToken } } }',
      { input },
    );
    const stolen = cookieOf(signedIn);

    expect(stolen).toContain('=');
    const refresh = 'mutation { refreshSession { accessToken } }';
    for (const headers of [
      { cookie: stolen, origin: EVIL, 'x-refresh-cookie': '1' },
      { cookie: stolen, origin: ALLOWED },
      { cookie: stolen, origin: 'null', 'x-refresh-cookie': '1' },
      { cookie: stolen },
    ]) {
      const answer = (await (await send(headers as never, refresh)).json()) as {
        data?: unknown;
        errors: { extensions: { code: string } }[];
      };
      expect(answer.errors[0]?.extensions.code).toBe('FORBIDDEN');
    }
    const own = (await (await send({ cookie: stolen, origin: ALLOWED, 'x-refresh-cookie': '1' }, refresh)).json()) as {
      data: unknown;
    };
    expect(own.data).toMatchObject({ refreshSession: { accessToken: expect.any(String) } });
  });

  test.each([
    [EVIL, 403],
    ['null', 403],
    ['https://ui.example.org.evil.example', 403],
    ['http://ui.example.org', 403],
    [ALLOWED, 101],
  ])('on %s that opens a WebSocket is answered %d', async (origin, status) => {
    const socket = new WebSocket(production.wsUrl, 'graphql-transport-ws', { headers: { origin, cookie } });
    const seen = await new Promise<number>((resolve) => {
      socket.on('open', () => resolve(101));
      socket.on('unexpected-response', (_request, response) => resolve(response.statusCode ?? 0));
      socket.on('error', () => undefined);
    });
    socket.terminate();
    expect(seen).toBe(status);
  });

  test('cannot frame, sniff or embed an answer; browsers are told to come by HTTPS', async () => {
    const answers = [
      await fetch(graphql(production), { method: 'POST', headers: json, body: '{"query":"{ __typename }"}' }),
      await fetch(`${production.url}/nothing-here`),
      await fetch(graphql(production)),
    ];
    for (const { headers } of answers) {
      expect(Object.fromEntries(headers)).toMatchObject({
        'content-security-policy': expect.stringContaining("frame-ancestors 'none'"),
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
        'referrer-policy': 'no-referrer',
        'cross-origin-resource-policy': 'same-origin',
        'strict-transport-security': 'max-age=31536000',
      });
    }
    expect((await fetch(`${open.url}/nothing-here`)).headers.get('strict-transport-security')).toBeNull();
  });
});

describe('guessing a password', () => {
  const guess = (index: number) =>
    `g${index}: signIn(input: { email: "${owner.email}", password: "guess ${index}" }) { __typename }`;
  const codes = (answer: { errors?: { extensions: { code: string } }[] }) =>
    (answer.errors ?? []).map(({ extensions }) => extensions.code);

  test('a batch of operations is refused whole', async () => {
    const batch = Array.from({ length: 10 }, (_, index) => ({ query: `mutation { ${guess(index)} }` }));
    const response = await fetch(graphql(production), { method: 'POST', headers: json, body: JSON.stringify(batch) });
    expect(response.status).toBe(400);
  });

  test('aliases make no guess free: after ten the account is shut to them', async () => {
    const seen: string[] = [];
    for (let round = 0; round < 13; round++) {
      const fields = Array.from({ length: 10 }, (_, index) => guess(round * 10 + index)).join(' ');
      seen.push(...codes(await production.gql(`mutation { ${fields} }`)));
    }
    expect(seen.filter((code) => code === 'UNAUTHENTICATED').length).toBeLessThanOrEqual(10);
    expect(seen.filter((code) => code === 'RATE_LIMITED').length).toBeGreaterThanOrEqual(3);
  });
});

test('the production profile tells nothing of the schema, over HTTP and WebSocket, and answers queries by GET with 405', async () => {
  expect((await fetch(`${production.url}/schema.graphql`)).status).toBe(404);
  const byGet = await fetch(`${graphql(production)}?query={__typename}`, {
    headers: { 'apollo-require-preflight': '1' },
  });
  expect([byGet.status, byGet.headers.get('allow')]).toEqual([405, 'POST']);
  const socket = new WebSocket(production.wsUrl, 'graphql-transport-ws');
  const messages: string[] = [];
  await new Promise<void>((resolve) => {
    socket.on('open', () => socket.send('{"type":"connection_init"}'));
    socket.on('message', (data) => {
      messages.push(String(data));
      if (messages.length === 3) resolve();
      if (messages.length > 1) return;
      for (const [id, query] of ['{ __schema { types { name } } }', '{ vewer }'].entries())
        socket.send(JSON.stringify({ id: String(id + 1), type: 'subscribe', payload: { query } }));
    });
  });
  socket.terminate();
  expect(messages.slice(1).every((message) => message.includes('"type":"error"'))).toBe(true);
  expect(messages.join()).not.toMatch(/Did you mean|queryType":/);
});
