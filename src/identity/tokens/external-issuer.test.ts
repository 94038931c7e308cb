import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestApi, type TestApi } from '../../../tests/support/api.js';
import { createTestDatabase, type TestDatabase } from '../../../tests/support/database.js';
import { join } from '../../../tests/support/invite.js';

const ISSUER = 'https://identity.example.org/';
const AUDIENCE = 'papers';
const VIEWER = '{ viewer { roles user { id displayName email } tenant { id } } }';

const keys = {
  rsa: await generateKeyPair('RS256', { extractable: true }),
  ec: await generateKeyPair('ES256', { extractable: true }),
  ed: await generateKeyPair('EdDSA', { extractable: true }),
  fresh: await generateKeyPair('RS256', { extractable: true }),
  foreign: await generateKeyPair('RS256', { extractable: true }),
};
type KeyName = keyof typeof keys;
const ALGORITHMS: Record<KeyName, string> = {
  rsa: 'RS256',
  ec: 'ES256',
  ed: 'EdDSA',
  fresh: 'RS256',
  foreign: 'RS256',
};
const published = new Set<KeyName>(['rsa', 'ec', 'ed']);

let db: TestDatabase;
let api: TestApi;
let issuer: { url: string; requests: number; status: number; close(): void };
let owner: Awaited<ReturnType<TestApi['register']>>;

beforeAll(async () => {
  issuer = await startIssuer();
  db = await createTestDatabase();
  api = await startTestApi(db, { auth: { external: { issuer: ISSUER, jwksUrl: issuer.url, audience: AUDIENCE } } });
  owner = await api.register('outside');
});

afterAll(async () => {
  await api?.close();
  await db?.drop();
  issuer?.close();
});

async function tokenOf(claims: JWTPayload, by: KeyName = 'rsa', head: Record<string, unknown> = {}): Promise<string> {
  const now = Math.floor(Date.now() / 1000);
  const all = {
    iss: ISSUER,
    aud: AUDIENCE,
    sub: 'someone',
    tenant_id: owner.tenantId,
    iat: now,
    exp: now + 300,
    ...claims,
  };
  return new SignJWT(Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined)))
    .setProtectedHeader({ alg: ALGORITHMS[by], kid: by, ...head })
    .sign(keys[by].privateKey);
}

const viewerOf = async (token: string) => (await api.gql(VIEWER, {}, token)).data?.viewer;
const codeOf = async (token: string) => (await api.gql(VIEWER, {}, token)).errors?.[0]?.extensions.code;

describe('a token of another issuer', () => {
  test.each(['rsa', 'ec', 'ed'] as const)('signed with %s makes its bearer a member, once', async (by) => {
    const claims = { sub: `person-${by}`, roles: ['RESEARCHER'], name: 'Mary Somerville' };
    const first = await viewerOf(await tokenOf(claims, by));
    expect(first).toMatchObject({ roles: ['RESEARCHER'], tenant: { id: owner.tenantId } });
    expect(first.user).toMatchObject({
      displayName: 'Mary Somerville',
      email: expect.stringMatching(/@external\.invalid$/),
    });
    expect(await viewerOf(await tokenOf(claims, by))).toEqual(first);
  });

  test('many at once make one member', async () => {
    const token = await tokenOf({ sub: 'crowd' });
    const seen = await Promise.all(Array.from({ length: 8 }, () => viewerOf(token)));
    expect(new Set(seen.map((viewer) => viewer.user.id)).size).toBe(1);
  });

  test('without roles makes a VIEWER, and the namespaced claim names the tenant as well', async () => {
    const claims = { sub: 'plain', tenant_id: undefined, 'https://researchops.ai/tenant_id': owner.tenantId };
    expect((await viewerOf(await tokenOf(claims))).roles).toEqual(['VIEWER']);
  });

  test('gives no more than the member has here, and the member no more than it gives', async () => {
    const as = async (roles: string[]) => (await viewerOf(await tokenOf({ sub: 'capped', roles }))).roles;
    expect(await as(['RESEARCHER'])).toEqual(['RESEARCHER']);
    expect(await as(['viewer'])).toEqual(['VIEWER']);
    expect(await as(['OWNER'])).toEqual(['RESEARCHER']);
  });

  test('is one person in two tenants, and a stranger to the data of the other', async () => {
    const second = await api.register('second');
    const here = await viewerOf(await tokenOf({ sub: 'traveller' }));
    const there = await viewerOf(await tokenOf({ sub: 'traveller', tenant_id: second.tenantId }));
    expect(there.user.id).toBe(here.user.id);
    expect(there.tenant.id).toBe(second.tenantId);
  });

  test('never enters the account of somebody who registered the same address', async () => {
    const member = await join(api, owner, 'taken', ['ADMIN']);
    const viewer = await viewerOf(await tokenOf({ sub: 'impostor', email: member.email, email_verified: true }));
    expect(viewer.user.email).not.toBe(member.email);
    expect(viewer.roles).toEqual(['VIEWER']);
  });

  test('no longer holds after signing out everywhere; one that is issued later does', async () => {
    const now = Math.floor(Date.now() / 1000);
    const earlier = await tokenOf({ sub: 'leaver', iat: now - 10 });
    expect((await api.gql('mutation { signOutEverywhere }', {}, earlier)).data.signOutEverywhere).toBe(0);
    expect(await codeOf(earlier)).toBe('UNAUTHENTICATED');
    expect(await codeOf(await tokenOf({ sub: 'leaver', iat: now + 10 }))).toBeUndefined();
  });

  test('does not bring a removed member back', async () => {
    const token = await tokenOf({ sub: 'removed' });
    const { user } = await viewerOf(token);
    await db.admin.query(`delete from memberships where user_id = (
      select user_id from external_identities where subject = 'removed')`);
    expect(user.id).toMatch(/^user_/);
    expect(await codeOf(token)).toBe('UNAUTHENTICATED');
  });

  const now = () => Math.floor(Date.now() / 1000);
  const refused: [string, () => Promise<string>][] = [
    ['no tenant', () => tokenOf({ tenant_id: undefined })],
    ['a tenant that is none', () => tokenOf({ tenant_id: 'ten_01jx0000000000000000000000' })],
    ['two tenants', () => tokenOf({ 'https://researchops.ai/tenant_id': 'ten_01jx0000000000000000000000' })],
    ['a number for a tenant', () => tokenOf({ tenant_id: 7 })],
    ['roles that are none of ours', () => tokenOf({ roles: ['superuser'] })],
    ['an empty list of roles', () => tokenOf({ roles: [] })],
    ['no subject', () => tokenOf({ sub: undefined })],
    ['an endless subject', () => tokenOf({ sub: 'x'.repeat(256) })],
    ['another audience', () => tokenOf({ aud: 'another' })],
    ['another issuer', () => tokenOf({ iss: 'https://evil.example.org/' })],
    ['an expiry that has passed', () => tokenOf({ exp: now() - 61 })],
    ['no expiry', () => tokenOf({ exp: undefined })],
    ['a birth in the future', () => tokenOf({ iat: now() + 120 })],
    ['the type of an ID token of another kind', () => tokenOf({}, 'rsa', { typ: 'logout+jwt' })],
    ['a key that is not published', () => tokenOf({}, 'foreign', { kid: 'rsa' })],
    ['no key id', () => tokenOf({}, 'rsa', { kid: undefined })],
    ["the issuer's public key as a shared secret", confusedToken],
    [
      'no algorithm',
      async () =>
        `${Buffer.from('{"alg":"none","kid":"rsa"}').toString('base64url')}.${(await tokenOf({})).split('.')[1]}.`,
    ],
  ];
  test.each(refused)('with %s gives no access', async (_name, make) => {
    expect(await codeOf(await make())).toBe('UNAUTHENTICATED');
  });
});

describe('the keys of an issuer', () => {
  test('are fetched once; a key id that is not known does not have them fetched at each request', async () => {
    const before = issuer.requests;
    for (let i = 0; i < 5; i++) expect(await codeOf(await tokenOf({}, 'foreign'))).toBe('UNAUTHENTICATED');
    expect(issuer.requests - before).toBeLessThanOrEqual(1);
  });

  test('that are new are found by an API that has not asked before', async () => {
    published.add('fresh');
    const other = await startTestApi(db, {
      auth: { external: { issuer: ISSUER, jwksUrl: issuer.url, audience: AUDIENCE } },
    });
    const { data } = await other.gql(VIEWER, {}, await tokenOf({ sub: 'fresh' }, 'fresh'));
    await other.close();
    expect(data.viewer.roles).toEqual(['VIEWER']);
  });

  test('that cannot be had make such tokens UNAVAILABLE, with one attempt for many requests; sessions still hold', async () => {
    issuer.status = 500;
    const before = issuer.requests;
    const other = await startTestApi(db, {
      auth: { external: { issuer: ISSUER, jwksUrl: issuer.url, audience: AUDIENCE } },
    });
    for (let i = 0; i < 4; i++) {
      const { errors } = await other.gql(VIEWER, {}, await tokenOf({ sub: 'waiting' }));
      expect(errors?.[0]?.extensions).toMatchObject({ code: 'UNAVAILABLE', retryable: true });
    }
    expect((await other.gql(VIEWER, {}, owner.token)).errors).toBeUndefined();
    await other.close();
    issuer.status = 200;
    expect(issuer.requests - before).toBe(1);
  });
});

async function startIssuer() {
  const state = { url: '', requests: 0, status: 200, close: () => void server.close() };
  const server = http.createServer(async (_request, response) => {
    state.requests += 1;
    const jwks = await Promise.all(
      [...published].map(async (name) => ({
        ...(await exportJWK(keys[name].publicKey)),
        kid: name,
        alg: ALGORITHMS[name],
      })),
    );
    response.writeHead(state.status, { 'content-type': 'application/json' }).end(JSON.stringify({ keys: jwks }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  state.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/keys`;
  return state;
}

async function confusedToken(): Promise<string> {
  const publicKey = new TextEncoder().encode(JSON.stringify(await exportJWK(keys.rsa.publicKey)));
  const now = Math.floor(Date.now() / 1000);
  return new SignJWT({ tenant_id: owner.tenantId })
    .setProtectedHeader({ alg: 'HS256', kid: 'rsa' })
    .setIssuer(ISSUER)
    .setAudience(AUDIENCE)
    .setSubject('someone')
    .setIssuedAt(now)
    .setExpirationTime(now + 300)
    .sign(publicKey);
}
