import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestApi, type TestApi } from '../../../tests/support/api.js';
import { createTestDatabase, type TestDatabase } from '../../../tests/support/database.js';
import { localActor } from './local-identity.js';

const VIEWER = '{ viewer { roles user { id displayName } tenant { id name } } }';
const REGISTER = `mutation { register(input: {
  email: "real@example.org", password: "correct horse battery", displayName: "Real", tenantName: "Real"
}) { ... on SignedIn { accessToken } } }`;

let db: TestDatabase;
let byHeaders: TestApi;
let open: TestApi;
let closed: TestApi;

beforeAll(async () => {
  db = await createTestDatabase();
  const start = (header: boolean, anonymous: boolean) =>
    startTestApi(db, { auth: { local: { byHeaders: header, anonymous } } });
  [byHeaders, open, closed] = await Promise.all([start(true, false), start(false, true), start(false, false)]);
});

afterAll(async () => {
  await Promise.all([byHeaders, open, closed].map((api) => api?.close()));
  await db?.drop();
});

async function ask(api: TestApi, headers: Record<string, string>, query = VIEWER) {
  const response = await fetch(`${api.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query }),
  });
  const { data, errors } = (await response.json()) as {
    data: {
      viewer: { roles: string[]; user: { id: string; displayName: string }; tenant: { id: string; name: string } };
    };
    errors?: { extensions: { code: string } }[];
  };
  return { viewer: data?.viewer, code: errors?.[0]?.extensions.code };
}

const ADA = { 'x-dev-user-id': 'ada', 'x-dev-tenant-id': 'lab', 'x-dev-roles': 'RESEARCHER' };

describe('an identity by header', () => {
  test('is somebody of that name in a tenant of that name, with those roles, the same each time', async () => {
    const { viewer } = await ask(byHeaders, ADA);
    expect(viewer).toMatchObject({ roles: ['RESEARCHER'], user: { displayName: 'ada' }, tenant: { name: 'lab' } });
    expect((await ask(byHeaders, ADA)).viewer).toEqual(viewer);
    const other = await ask(byHeaders, { ...ADA, 'x-dev-user-id': 'grace', 'x-dev-roles': 'viewer, ADMIN' });
    expect(other.viewer.roles).toEqual(['ADMIN']);
    expect(other.viewer.tenant).toEqual(viewer.tenant);
    expect(other.viewer.user.id).not.toBe(viewer.user.id);
  });

  test('can be somewhere real: in the tenant whose id it names', async () => {
    const { viewer } = await ask(byHeaders, ADA);
    const there = await ask(byHeaders, { ...ADA, 'x-dev-tenant-id': viewer.tenant.id });
    expect(there.viewer.tenant).toEqual(viewer.tenant);
  });

  test.each([
    ['an unknown role', { 'x-dev-roles': 'ROOT' }],
    ['a role among others', { 'x-dev-roles': 'VIEWER,ROOT' }],
    ['a name that is none', { 'x-dev-user-id': 'a b' }],
    ['a name that is endless', { 'x-dev-user-id': 'a'.repeat(65) }],
  ])('with %s is refused', async (_name, headers) => {
    expect((await ask(byHeaders, { ...ADA, ...headers })).code).toBe('UNAUTHENTICATED');
  });

  test.each([
    ['x-forwarded-for', '203.0.113.9'],
    ['forwarded', 'for=203.0.113.9'],
    ['via', '1.1 proxy'],
    ['x-forwarded-host', 'papers.example.org'],
  ])('is refused to a request that came through a proxy: %s', async (name, value) => {
    expect((await ask(byHeaders, { ...ADA, [name]: value })).code).toBe('UNAUTHENTICATED');
  });

  test('is refused to a page of a site whose name was made to point here, and to another machine', async () => {
    const settings = { byHeaders: true, anonymous: true };
    const request = { user: 'ada', host: 'localhost:4000', remoteAddress: '127.0.0.1', proxied: false };
    const actorOf = (change: object) => localActor(db.database.nobody, settings, { ...request, ...change });
    for (const host of ['localhost', '127.0.0.1:4000', '[::1]:4000', '127.9.9.9']) {
      expect(await actorOf({ host, remoteAddress: '::ffff:127.0.0.1' })).toMatchObject({ roles: ['OWNER'] });
    }
    for (const host of ['rebound.example.org:4000', 'localhost.example.org', '127.0.0.1.example.org', '', undefined]) {
      await expect(actorOf({ host })).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
      await expect(actorOf({ host, user: undefined })).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    }
    for (const remoteAddress of ['192.168.1.7', '::ffff:10.0.0.1', '', undefined]) {
      await expect(actorOf({ remoteAddress })).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    }
  });

  test('does not stand in for a credential that came along and does not hold', async () => {
    expect((await ask(byHeaders, { ...ADA, authorization: 'Bearer nonsense' })).code).toBe('UNAUTHENTICATED');
  });

  test('is nothing where it is not switched on, and nobody is somebody without a header', async () => {
    expect((await ask(closed, ADA)).code).toBe('UNAUTHENTICATED');
    expect((await ask(open, ADA)).code).toBe('UNAUTHENTICATED');
    expect((await ask(byHeaders, {})).code).toBe('UNAUTHENTICATED');
  });
});

test('where no credential is required, who sends none is the owner of the local tenant, and who sends one is who it says', async () => {
  const { viewer } = await ask(open, {});
  expect(viewer).toMatchObject({ roles: ['OWNER'], user: { displayName: 'developer' }, tenant: { name: 'local' } });
  const { data } = await open.gql(REGISTER);
  const real = await ask(open, { authorization: `Bearer ${data.register.accessToken}` });
  expect(real.viewer.tenant.name).toBe('Real');
});
