import { createClient } from 'graphql-ws';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type CloseEvent, WebSocket } from 'ws';
import { type GraphQLAnswer, startTestApi, type TestApi } from '../../../tests/support/api.js';
import { TEST_AUTH } from '../../../tests/support/auth.js';
import { createTestDatabase, type TestDatabase } from '../../../tests/support/database.js';
import { contextFor, createActor } from '../../../tests/support/people.js';
import type { Actor } from '../../platform/database/actor.js';
import { LONGEST_SESSION_MS } from './refresh-session.js';
import { openSession } from './session.js';

const PAGE = 'https://ui.example.org';
const TOKENS = 'accessToken expiresAt refreshToken refreshExpiresAt';
const REGISTER = `mutation ($input: RegisterInput!) { register(input: $input) { ... on SignedIn { ${TOKENS} } } }`;
const REFRESH = `mutation ($token: String) { refreshSession(refreshToken: $token) { ${TOKENS} viewer { roles } } }`;
const VIEWER = '{ viewer { roles } }';
const DAY_MS = 86_400_000;

let db: TestDatabase;
let api: TestApi;

beforeAll(async () => {
  db = await createTestDatabase();
  api = await startTestApi(db, { allowedOrigins: [PAGE], webSocket: { credentialCheckMs: 50 } });
});

afterAll(async () => {
  await api?.close();
  await db?.drop();
});

interface Tokens {
  accessToken: string;
  refreshToken: string;
  refreshExpiresAt: string | Date;
}

let people = 0;
const newPerson = () => ({
  input: {
    email: `session-${process.pid}-${++people}@example.org`,
    password: 'correct horse battery',
    displayName: 'Someone',
    tenantName: 'Somewhere',
  },
});
const codeOf = (answer: GraphQLAnswer) => answer.errors?.[0]?.extensions.code;
/** A session of `actor`, or of somebody new: without the second that a password takes. */
async function signedIn(actor?: Actor): Promise<Tokens> {
  const person = actor ?? (await createActor(db));
  const session = await openSession(contextFor(db, person), person, 'PASSWORD');
  return { ...session, refreshToken: session.refreshToken ?? '' };
}
const refresh = (token: string, at = api) => at.gql(REFRESH, { token });
const refreshed = async (token: string): Promise<Tokens> => (await refresh(token)).data.refreshSession;
const holds = async (accessToken: string) => codeOf(await api.gql(VIEWER, {}, accessToken)) === undefined;
const sessionOf = (accessToken: string): string =>
  JSON.parse(Buffer.from(accessToken.split('.')[1] ?? '', 'base64url').toString()).sid;
/** As if that much time had passed since the token was exchanged. */
const age = (accessToken: string, ms: number) =>
  db.admin.query(
    `update refresh_tokens set rotated_at = rotated_at - $2 * interval '1 millisecond' where session_id = $1`,
    [sessionOf(accessToken), ms],
  );

describe('refreshing', () => {
  test('gives the next pair of tokens for the same session, again and again', async () => {
    const first = await signedIn();
    expect(first.refreshToken).toMatch(/^pwr_[\w-]{43}$/);
    const second = await refreshed(first.refreshToken);
    const third = await refreshed(second.refreshToken);
    expect(new Set([first, second, third].map((tokens) => tokens.refreshToken)).size).toBe(3);
    expect(new Set([first, second, third].map((tokens) => sessionOf(tokens.accessToken))).size).toBe(1);
    expect(await Promise.all([first, second, third].map((tokens) => holds(tokens.accessToken)))).toEqual([
      true,
      true,
      true,
    ]);
  });

  test('needs no access token that holds, and answers as the person', async () => {
    const { refreshToken, accessToken } = await signedIn();
    const { data } = await api.gql(REFRESH, { token: refreshToken }, `${accessToken}broken`);
    expect(data.refreshSession.viewer.roles).toEqual(['OWNER']);
  });

  test('moves the end of the session, but never past its longest', async () => {
    const first = await signedIn();
    const ahead = (tokens: Tokens) => (new Date(tokens.refreshExpiresAt).getTime() - Date.now()) / DAY_MS;
    expect(ahead(first)).toBeCloseTo(14, 2);
    const old = `update sessions set expires_at = now() + interval '1 day', created_at = now() - $2 * interval '1 millisecond' where id = $1`;
    await db.admin.query(old, [sessionOf(first.accessToken), 2 * DAY_MS]);
    const second = await refreshed(first.refreshToken);
    expect(ahead(second)).toBeCloseTo(14, 2);
    await db.admin.query(old, [sessionOf(first.accessToken), LONGEST_SESSION_MS - 3 * DAY_MS]);
    expect(ahead(await refreshed(second.refreshToken))).toBeCloseTo(3, 2);
  });

  test('a client that lost the answer and asks again gets the same refresh token, not a second branch', async () => {
    const first = await signedIn();
    const [lost, again] = [await refreshed(first.refreshToken), await refreshed(first.refreshToken)];
    expect(again.refreshToken).toBe(lost.refreshToken);
    expect(await holds(again.accessToken)).toBe(true);
    expect((await refresh(again.refreshToken)).errors).toBeUndefined();
  });

  test('twenty tabs that refresh at once all get the same next token', async () => {
    const { refreshToken } = await signedIn();
    const answers = await Promise.all(Array.from({ length: 20 }, () => refreshed(refreshToken)));
    expect(new Set(answers.map((tokens) => tokens.refreshToken)).size).toBe(1);
    expect(await holds(answers[7]?.accessToken ?? '')).toBe(true);
  });

  test('with a used token after the grace ends the session, for the thief and for the owner', async () => {
    const first = await signedIn();
    const second = await refreshed(first.refreshToken);
    await age(first.accessToken, 11_000);
    expect(codeOf(await refresh(first.refreshToken))).toBe('UNAUTHENTICATED');
    expect(codeOf(await refresh(second.refreshToken))).toBe('UNAUTHENTICATED');
    expect(await holds(second.accessToken)).toBe(false);
    expect(JSON.stringify(api.logged)).toContain('a refresh token was used twice');
  });

  test('with a token whose successor is used already ends the session, within the grace too', async () => {
    const first = await signedIn();
    const second = await refreshed(first.refreshToken);
    const third = await refreshed(second.refreshToken);
    expect(codeOf(await refresh(first.refreshToken))).toBe('UNAUTHENTICATED');
    expect(await holds(third.accessToken)).toBe(false);
  });

  test('with any token of the family, however old, ends it; another session of the person goes on', async () => {
    const person = await createActor(db);
    const [first, other] = [await signedIn(person), await signedIn(person)];
    let newest = first;
    for (let i = 0; i < 4; i++) newest = await refreshed(newest.refreshToken);
    await age(first.accessToken, 60_000);
    await refresh(first.refreshToken);
    expect(await holds(newest.accessToken)).toBe(false);
    expect(await holds(other.accessToken)).toBe(true);
  });

  test.each(['', 'pwr_', `pwr_${'A'.repeat(43)}`, `pw_${'A'.repeat(43)}`, `pwr_${'é'.repeat(43)}`, 'A'.repeat(5_000)])(
    'with %j is UNAUTHENTICATED',
    async (token) => {
      expect(codeOf(await refresh(token))).toBe('UNAUTHENTICATED');
    },
  );

  test('ends with the session: signed out, expired, or its person no longer a member', async () => {
    const out = await signedIn();
    await api.gql('mutation { signOut }', {}, out.accessToken);
    expect(codeOf(await refresh(out.refreshToken))).toBe('UNAUTHENTICATED');
    const late = await signedIn();
    await db.admin.query('update sessions set expires_at = now() where id = $1', [sessionOf(late.accessToken)]);
    expect(codeOf(await refresh(late.refreshToken))).toBe('UNAUTHENTICATED');
  });

  test('goes on with tokens of before when the secret is changed and the earlier one is kept', async () => {
    const { refreshToken, accessToken } = await signedIn();
    const moved = { own: 'a new secret of thirty-two characters', ownPrevious: [], root: '', rootPrevious: [] };
    const kept = {
      ...TEST_AUTH.refreshSecrets,
      root: 'another root of thirty-two characters',
      rootPrevious: [TEST_AUTH.refreshSecrets.root],
    };
    const strict = await startTestApi(db, { auth: { accessSecrets: moved, refreshSecrets: moved } });
    const lenient = await startTestApi(db, { auth: { accessSecrets: kept, refreshSecrets: kept } });
    try {
      expect(codeOf(await strict.gql(VIEWER, {}, accessToken))).toBe('UNAUTHENTICATED');
      expect(codeOf(await refresh(refreshToken, strict))).toBe('UNAUTHENTICATED');
      expect((await lenient.gql(VIEWER, {}, accessToken)).errors).toBeUndefined();
      const { data } = await refresh(refreshToken, lenient);
      expect((await refresh(data.refreshSession.refreshToken, lenient)).errors).toBeUndefined();
    } finally {
      await Promise.all([strict.close(), lenient.close()]);
    }
  });

  test('asked for again while the secret was changed gives the same refresh token, and ends no session', async () => {
    const first = await signedIn();
    const lost = await refreshed(first.refreshToken);
    const { root } = TEST_AUTH.refreshSecrets;
    const refreshSecrets = {
      ...TEST_AUTH.refreshSecrets,
      root: 'the next root of thirty-two characters',
      rootPrevious: [root],
    };
    const rotated = await startTestApi(db, { auth: { refreshSecrets } });
    try {
      const again = (await refresh(first.refreshToken, rotated)).data.refreshSession;
      expect(again.refreshToken).toBe(lost.refreshToken);
      const next = (await refresh(again.refreshToken, rotated)).data.refreshSession;
      expect((await refresh(again.refreshToken, rotated)).data.refreshSession.refreshToken).toBe(next.refreshToken);
      expect((await refresh(next.refreshToken, rotated)).errors).toBeUndefined();
      expect(codeOf(await refresh(first.refreshToken, rotated)), 'and a real reuse is one still').toBe(
        'UNAUTHENTICATED',
      );
      expect(await holds(next.accessToken)).toBe(false);
    } finally {
      await rotated.close();
    }
  });

  test('leaves no token in the database or in the log', async () => {
    const first = await signedIn();
    const second = await refreshed(first.refreshToken);
    const { rows } = await db.admin.query('select row_to_json(t)::text as row from refresh_tokens t');
    const kept = JSON.stringify([rows, api.logged]);
    for (const secret of [first.refreshToken, second.refreshToken, first.accessToken])
      expect(kept).not.toContain(secret);
  });
});

describe('signing out everywhere', () => {
  test('ends all sessions of the person and of nobody else, and closes their sockets', async () => {
    const person = await createActor(db); // whose first session is this one's
    const [first, second] = [await signedIn(person), await signedIn(person)];
    const stranger = await signedIn();
    const { closed } = await openSocket(api, second.accessToken);
    expect((await api.gql('mutation { signOutEverywhere }', {}, first.accessToken)).data.signOutEverywhere).toBe(3);
    expect((await closed).code).toBe(4403);
    expect(await Promise.all([first, second, stranger].map((tokens) => holds(tokens.accessToken)))).toEqual([
      false,
      false,
      true,
    ]);
    expect(codeOf(await refresh(second.refreshToken))).toBe('UNAUTHENTICATED');
  });
});

describe('the end of an access token', () => {
  test('closes the sockets it has opened with 4403 and says what to do; the session is as before', async () => {
    const short = await startTestApi(db, { auth: { accessTokenMs: 1_000 }, webSocket: { credentialCheckMs: 20 } });
    try {
      const { data } = await short.gql(REFRESH, { token: (await signedIn()).refreshToken });
      const { accessToken, refreshToken } = data.refreshSession;
      const event = await (await openSocket(short, accessToken)).closed;
      expect(event.code).toBe(4403);
      expect(event.reason).toMatch(/expired.*Refresh it.*cursor/);
      expect((await refresh(refreshToken)).errors).toBeUndefined();
    } finally {
      await short.close();
    }
  });
});

describe('the refresh cookie', () => {
  const ASKED = { 'x-refresh-cookie': '1', origin: PAGE };

  async function post(query: string, variables: object, headers: Record<string, string>, at = api) {
    const response = await fetch(`${at.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ query, variables }),
    });
    const [cookie = ''] = response.headers.getSetCookie();
    return { cookie, answer: (await response.json()) as GraphQLAnswer, response };
  }
  const pairOf = (cookie: string) => cookie.split(';')[0] ?? '';

  test('is set only for a page that asks, and then the token is nowhere else', async () => {
    const plain = await post(REGISTER, newPerson(), { origin: PAGE });
    expect(plain.cookie).toBe('');
    const asked = await post(REGISTER, newPerson(), ASKED);
    expect(asked.cookie).toMatch(
      /^paperwright_refresh=pwr_[\w-]{43}; Max-Age=1209\d{3}; Path=\/; HttpOnly; SameSite=Strict$/,
    );
    expect(asked.answer.data.register.refreshToken).toBeNull();
    expect(asked.response.headers.get('access-control-allow-credentials')).toBe('true');
  });

  test('renews the session and itself, and is taken away with the session', async () => {
    const { cookie } = await post(REGISTER, newPerson(), ASKED);
    const renewed = await post(REFRESH, {}, { ...ASKED, cookie: `other=1; ${pairOf(cookie)}` });
    expect(renewed.answer.errors).toBeUndefined();
    expect(renewed.answer.data.refreshSession.refreshToken).toBeNull();
    expect(pairOf(renewed.cookie)).not.toBe(pairOf(cookie));
    const { accessToken } = renewed.answer.data.refreshSession;
    const authorized = { authorization: `Bearer ${accessToken}`, cookie: pairOf(renewed.cookie) };
    const out = await post('mutation { signOut }', {}, authorized);
    expect(out.cookie).toMatch(/^paperwright_refresh=; Max-Age=0; Path=\/; HttpOnly/);
    const dead = await post(REFRESH, {}, { ...ASKED, cookie: pairOf(renewed.cookie) });
    expect(codeOf(dead.answer)).toBe('UNAUTHENTICATED');
    expect(dead.cookie).toMatch(/^paperwright_refresh=; Max-Age=0/);
  });

  test.each([
    ['another site', { 'x-refresh-cookie': '1', origin: 'https://evil.example.org' }],
    ['no known page', { 'x-refresh-cookie': '1' }],
    ['a page that does not ask', { origin: PAGE }],
    ['a sandboxed frame', { 'x-refresh-cookie': '1', origin: 'null' }],
  ])('is not taken from %s, and stays unused', async (_name, headers) => {
    const { cookie } = await post(REGISTER, newPerson(), ASKED);
    const refused = await post(REFRESH, {}, { ...headers, cookie: pairOf(cookie) });
    expect(codeOf(refused.answer)).toBe('FORBIDDEN');
    expect(refused.cookie).toBe('');
    expect((await post(REFRESH, {}, { ...ASKED, cookie: pairOf(cookie) })).answer.errors).toBeUndefined();
  });

  test('is not sent by a form of another site: such a request never becomes an operation', async () => {
    const { cookie } = await post(REGISTER, newPerson(), ASKED);
    const response = await fetch(`${api.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'text/plain', cookie: pairOf(cookie), origin: 'https://evil.example.org' },
      body: JSON.stringify({ query: REFRESH }),
    });
    expect(response.status).toBeGreaterThanOrEqual(400);
    const preflight = await fetch(`${api.url}/graphql`, {
      method: 'OPTIONS',
      headers: {
        origin: 'https://evil.example.org',
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'x-refresh-cookie',
      },
    });
    expect(preflight.headers.get('access-control-allow-origin')).toBeNull();
  });

  test('Secure, it has the prefix that binds it to this host, and all three attributes', async () => {
    const settings = { name: '__Host-paperwright_refresh', secure: true, sameSite: 'Strict' as const };
    const secure = await startTestApi(db, { allowedOrigins: [PAGE], auth: { refreshCookie: settings } });
    const { cookie } = await post(REGISTER, newPerson(), ASKED, secure);
    await secure.close();
    expect(cookie).toMatch(/^__Host-paperwright_refresh=pwr_.*; Path=\/; HttpOnly; SameSite=Strict; Secure$/);
    expect(cookie).not.toMatch(/domain/i);
  });
});

/** Answers how the socket is closed by the server. */
async function openSocket(at: TestApi, token: string): Promise<{ closed: Promise<CloseEvent> }> {
  const client = createClient({
    url: at.wsUrl,
    webSocketImpl: WebSocket,
    connectionParams: { authorization: `Bearer ${token}` },
    lazy: false,
    retryAttempts: 0,
    onNonLazyError: () => undefined,
  });
  const closed = new Promise<CloseEvent>((resolve) => client.on('closed', (event) => resolve(event as CloseEvent)));
  await new Promise<void>((resolve) => client.on('connected', () => resolve()));
  return { closed };
}
