import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestApi, type TestApi } from '../../tests/support/api.js';
import { createTestDatabase, type TestDatabase } from '../../tests/support/database.js';
import { join } from '../../tests/support/invite.js';

let db: TestDatabase;
let api: TestApi;

beforeAll(async () => {
  db = await createTestDatabase();
  api = await startTestApi(db);
});

afterAll(async () => {
  await api?.close();
  await db?.drop();
});

const VIEWER = `{ viewer {
  user { id displayName email } tenant { id name } roles apiKeys { id name prefix lastUsedAt revokedAt }
} }`;
const SIGN_IN = `mutation ($email: String!, $password: String!, $tenantId: ID) {
  signIn(input: { email: $email, password: $password, tenantId: $tenantId }) {
    ... on SignedIn { accessToken expiresAt viewer { user { email } roles } }
  }
}`;
const REGISTER = `mutation ($input: RegisterInput!) { register(input: $input) { ... on SignedIn { accessToken } } }`;
const INVITE = `mutation ($input: InviteMemberInput!) { inviteMember(input: $input) { id } }`;
const SET_ROLES = `mutation ($id: ID!, $roles: [Role!]!) {
  setMemberRoles(input: { membershipId: $id, roles: $roles }) { id roles }
}`;
const CREATE_KEY = `mutation ($name: String!) { createApiKey(input: { name: $name }) { secret apiKey { id prefix } } }`;
const REVOKE_KEY = `mutation ($id: ID!) { revokeApiKey(id: $id) { id revokedAt } }`;
const MEMBERS = `{ viewer { tenant { members { nodes { id roles user { email } } } } } }`;

const codeOf = (answer: Awaited<ReturnType<TestApi['gql']>>) => answer.errors?.[0]?.extensions.code;

const invited = (owner: { token: string }, name: string, roles: string[]) => join(api, owner, name, roles);

describe('registering and signing in', () => {
  test('a newcomer registers, is signed in, and sees themselves as the owner of a new tenant', async () => {
    const ada = await api.register('ada');
    const { data } = await api.gql(VIEWER, {}, ada.token);
    expect(data.viewer.roles).toEqual(['OWNER']);
    expect(data.viewer.user).toEqual({ id: ada.userId, displayName: 'Dr ada', email: ada.email });
    expect(data.viewer.tenant).toEqual({ id: ada.tenantId, name: 'ada' });
    expect(ada.userId).toMatch(/^user_[0-9a-z]{26}$/);
  });

  test('the password opens a second session, whatever the case of the address', async () => {
    const { email, password, tenantId } = await api.register('grace');
    const { data } = await api.gql(SIGN_IN, { email: ` ${email.toUpperCase()} `, password, tenantId });
    expect(data.signIn.viewer).toEqual({ user: { email }, roles: ['OWNER'] });
    expect(data.signIn.accessToken).toMatch(/^eyJ[\w-]+\.[\w-]+\.[\w-]{43}$/);
  });

  test('a wrong password and an unknown address read the same, and so do a tenant of others and none at all', async () => {
    const { email, password } = await api.register('alan');
    const stranger = await api.register('stranger');
    const wrong = await api.gql(SIGN_IN, { email, password: 'wrong password' });
    const unknown = await api.gql(SIGN_IN, { email: 'nobody@example.org', password });
    const elsewhere = await api.gql(SIGN_IN, { email, password, tenantId: stranger.tenantId });
    expect(codeOf(wrong)).toBe('UNAUTHENTICATED');
    expect(unknown.errors).toEqual(wrong.errors);
    const nowhere = await api.gql(SIGN_IN, { email, password, tenantId: 'ten_01jx0000000000000000000000' });
    expect(codeOf(elsewhere)).toBe('NOT_FOUND');
    expect(nowhere.errors).toEqual(elsewhere.errors);
    const guessed = await api.gql(SIGN_IN, { email, password: 'wrong password', tenantId: stranger.tenantId });
    expect(guessed.errors).toEqual(wrong.errors);
  });

  test('a second account for an address is refused, in any case of letters, and nothing is half-written', async () => {
    const { email } = await api.register('twice');
    const before = await db.admin.query('select count(*) from tenants');
    const input = { email: email.toUpperCase(), password: 'another password', displayName: 'B', tenantName: 'B' };
    expect(codeOf(await api.gql(REGISTER, { input }))).toBe('CONFLICT');
    expect((await db.admin.query('select count(*) from tenants')).rows).toEqual(before.rows);
  });

  test.each([
    ['email', { email: 'not an address' }],
    ['email', { email: `${'a'.repeat(250)}@example.org` }],
    ['password', { password: 'elevenchars' }],
    ['password', { password: 'x'.repeat(257) }],
    ['displayName', { displayName: '   ' }],
    ['displayName', { displayName: 'Ada\u0000' }],
    ['tenantName', { tenantName: 'T\u202Egnp' }],
    ['tenantName', { tenantName: 'x'.repeat(121) }],
  ])('registering with a bad %s is BAD_INPUT that names the field: %j', async (field, bad) => {
    const good = { email: 'fine@example.org', password: 'long enough for us', displayName: 'Fine', tenantName: 'Fine' };
    const { errors } = await api.gql(REGISTER, { input: { ...good, ...bad } });
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'BAD_INPUT', details: { field } });
  });

  /** As if so many wrong guesses had been made from here. */
  const guessed = (email: string, guesses: number) =>
    db.admin.query(
      `insert into sign_in_attempts (bucket, window_ends_at, attempts)
       values (sha256(convert_to('sign in to ' || $1::text || ' from 127.0.0.1', 'UTF8')), now() + interval '15 min', $2)`,
      [email, guesses],
    );

  test('guessing is slowed down, with a hint how long to wait; the right password counts as a guess too', async () => {
    const { email, password } = await api.register('guessed');
    await guessed(email, 9);
    expect(codeOf(await api.gql(SIGN_IN, { email, password: 'not the password' }))).toBe('UNAUTHENTICATED');
    const { errors } = await api.gql(SIGN_IN, { email, password });
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'RATE_LIMITED', retryable: true });
    const details = errors?.[0]?.extensions.details as { retryAfterMs: number } | undefined;
    const retryAfterMs = details?.retryAfterMs ?? 0;
    expect(retryAfterMs).toBeGreaterThan(0);
    expect(retryAfterMs).toBeLessThanOrEqual(15 * 60_000);
  });

  test('a right password forgets the wrong guesses before it', async () => {
    const { email, password } = await api.register('forgiven');
    await guessed(email, 9);
    expect((await api.gql(SIGN_IN, { email, password })).errors).toBeUndefined();
    expect(codeOf(await api.gql(SIGN_IN, { email, password: 'not the password' }))).toBe('UNAUTHENTICATED');
    expect((await api.gql(SIGN_IN, { email, password })).errors).toBeUndefined();
  });

  test('signing out revokes the session at once', async () => {
    const { token } = await api.register('leaver');
    expect((await api.gql('mutation { signOut }', {}, token)).data.signOut).toBe(true);
    expect(codeOf(await api.gql(VIEWER, {}, token))).toBe('UNAUTHENTICATED');
  });

  test('an expired session no longer holds', async () => {
    const { token, tenantId } = await api.register('late');
    await db.admin.query(`update sessions set expires_at = now() - interval '1 second' where tenant_id = (
      select id from tenants where name = 'late')`);
    expect(tenantId).toMatch(/^ten_/);
    expect(codeOf(await api.gql(VIEWER, {}, token))).toBe('UNAUTHENTICATED');
  });

  test('a client that still sends a token that no longer holds can sign in', async () => {
    const { token, email, password } = await api.register('returning');
    await api.gql('mutation { signOut }', {}, token);
    expect((await api.gql(SIGN_IN, { email, password }, token)).errors).toBeUndefined();
  });

  test.each([
    '',
    'x',
    'pws_',
    `pws_${'A'.repeat(43)}`,
    `pw_${'A'.repeat(43)}`,
    `pws_${'é'.repeat(43)}`,
    'a b c',
    'A'.repeat(5000),
  ])('the malformed or unknown token %j is UNAUTHENTICATED, and never an internal error', async (token) => {
    const response = await fetch(`${api.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${encodeURIComponent(token)}` },
      body: JSON.stringify({ query: VIEWER }),
    });
    const { errors } = (await response.json()) as { errors: { extensions: { code: string } }[] };
    expect(errors[0]?.extensions.code).toBe('UNAUTHENTICATED');
  });
});

describe('api keys', () => {
  test('a key acts as its maker, shows its secret once, and ends when it is revoked', async () => {
    const ada = await api.register('keys');
    const { data } = await api.gql(CREATE_KEY, { name: ' nightly job ' }, ada.token);
    const { secret, apiKey } = data.createApiKey;
    expect(secret).toMatch(/^pw_[A-Za-z0-9_-]{43}$/);
    expect(secret.startsWith(apiKey.prefix)).toBe(true);
    const seen = await api.gql(VIEWER, {}, secret);
    expect(seen.data.viewer.user.id).toBe(ada.userId);
    expect(seen.data.viewer.apiKeys).toMatchObject([{ id: apiKey.id, name: 'nightly job', revokedAt: null }]);
    expect(seen.data.viewer.apiKeys[0].lastUsedAt).not.toBeNull();
    expect(JSON.stringify(seen.data)).not.toContain(secret);

    const revoked = await api.gql(REVOKE_KEY, { id: apiKey.id }, ada.token);
    expect(revoked.data.revokeApiKey.revokedAt).not.toBeNull();
    expect(codeOf(await api.gql(VIEWER, {}, secret))).toBe('UNAUTHENTICATED');
    expect((await api.gql(REVOKE_KEY, { id: apiKey.id }, ada.token)).data).toEqual(revoked.data);
  });

  test('members revoke their own keys only, administrators any of their tenant, strangers none', async () => {
    const owner = await api.register('keyowner');
    const member = await invited(owner, 'keymember', ['RESEARCHER']);
    const stranger = await api.register('keystranger');
    const { data } = await api.gql(CREATE_KEY, { name: 'of the owner' }, owner.token);
    const ownersKey = data.createApiKey.apiKey.id;
    const membersKey = (await api.gql(CREATE_KEY, { name: 'mine' }, member.token)).data.createApiKey.apiKey.id;
    expect(codeOf(await api.gql(REVOKE_KEY, { id: ownersKey }, member.token))).toBe('NOT_FOUND');
    expect(codeOf(await api.gql(REVOKE_KEY, { id: ownersKey }, stranger.token))).toBe('NOT_FOUND');
    expect(codeOf(await api.gql('query ($id: ID!) { node(id: $id) { id } }', { id: ownersKey }, member.token))).toBe(
      'NOT_FOUND',
    );
    expect((await api.gql(VIEWER, {}, data.createApiKey.secret)).errors).toBeUndefined();
    expect((await api.gql(REVOKE_KEY, { id: membersKey }, owner.token)).errors).toBeUndefined();
  });
});

describe('members', () => {
  test('an owner adds members with roles, and all members see who is there', async () => {
    const owner = await api.register('team');
    const viewer = await invited(owner, 'team-viewer', ['VIEWER']);
    const { data } = await api.gql(MEMBERS, {}, viewer.token);
    expect(data.viewer.tenant.members.nodes).toMatchObject([
      { roles: ['OWNER'], user: { email: owner.email } },
      { id: viewer.membershipId, roles: ['VIEWER'], user: { email: 'team-viewer@example.org' } },
    ]);
  });

  test('nobody gives a role above their own, or changes a member above them', async () => {
    const owner = await api.register('ranks');
    const admin = await invited(owner, 'ranks-admin', ['ADMIN']);
    const researcher = await invited(owner, 'ranks-researcher', ['RESEARCHER']);
    const ownerMembership = (await api.gql(MEMBERS, {}, owner.token)).data.viewer.tenant.members.nodes[0].id;
    const setRoles = (token: string, id: string, roles: string[]) => api.gql(SET_ROLES, { id, roles }, token);
    expect(codeOf(await setRoles(admin.token, researcher.membershipId, ['OWNER']))).toBe('FORBIDDEN');
    expect(codeOf(await setRoles(admin.token, ownerMembership, ['VIEWER']))).toBe('FORBIDDEN');
    expect(codeOf(await setRoles(researcher.token, researcher.membershipId, ['ADMIN']))).toBe('FORBIDDEN');
    expect(codeOf(await setRoles(owner.token, researcher.membershipId, []))).toBe('BAD_INPUT');
    const changed = await setRoles(admin.token, researcher.membershipId, ['ADMIN', 'VIEWER', 'ADMIN']);
    expect(changed.data.setMemberRoles.roles).toEqual(['VIEWER', 'ADMIN']);
  });

  test('the last owner stays, even when two demote each other at once', async () => {
    const owner = await api.register('last');
    const nodes = async () => (await api.gql(MEMBERS, {}, owner.token)).data.viewer.tenant.members.nodes;
    const first = (await nodes())[0].id;
    expect(codeOf(await api.gql(SET_ROLES, { id: first, roles: ['ADMIN'] }, owner.token))).toBe('CONFLICT');
    const second = await invited(owner, 'last-second', ['OWNER']);
    const both = await Promise.all([
      api.gql(SET_ROLES, { id: first, roles: ['VIEWER'] }, second.token),
      api.gql(SET_ROLES, { id: second.membershipId, roles: ['VIEWER'] }, owner.token),
    ]);
    expect(both.filter((answer) => answer.errors)).toHaveLength(1);
    const { rows } = await db.admin.query(
      `select count(*)::integer as owners from memberships m join tenants t on t.id = m.tenant_id
        where t.name = 'last' and 'OWNER' = any (m.roles)`,
    );
    expect(rows[0].owners).toBe(1);
  });

  test('a changed role holds from the next request on', async () => {
    const owner = await api.register('demoted');
    const member = await invited(owner, 'demoted-member', ['ADMIN']);
    await api.gql(SET_ROLES, { id: member.membershipId, roles: ['VIEWER'] }, owner.token);
    const input = { email: 'x@example.org', roles: ['VIEWER'] };
    expect(codeOf(await api.gql(INVITE, { input }, member.token))).toBe('FORBIDDEN');
  });

  test('people of another tenant cannot be found, by any id', async () => {
    const [one, two] = [await api.register('one'), await api.register('two')];
    for (const id of [two.userId, two.tenantId]) {
      expect(codeOf(await api.gql('query ($id: ID!) { node(id: $id) { id } }', { id }, one.token))).toBe('NOT_FOUND');
    }
    const twos = (await api.gql(MEMBERS, {}, two.token)).data.viewer.tenant.members.nodes[0].id;
    expect(codeOf(await api.gql(SET_ROLES, { id: twos, roles: ['VIEWER'] }, one.token))).toBe('NOT_FOUND');
  });
});

test('the role of the API may not read one secret, nor make a session by hand', async () => {
  const em = db.database.asNobody();
  const { runSql } = await import('../platform/database/sql.js');
  for (const statement of [
    'select password_hash from users',
    'select token_hash from refresh_tokens',
    'select secret_hash from api_keys',
    'select * from sign_in_attempts',
    'select sealed_secret from second_factors',
    'select * from recovery_codes',
    'select * from mfa_challenges',
    'select * from google_accounts',
    'select token_hash from invitations',
    `insert into invitations default values`,
    `select spend_code(gen_random_uuid(), 1, null)`,
    'insert into sessions default values',
    `update memberships set user_id = user_id`,
  ]) {
    await expect(runSql(em, statement), statement).rejects.toThrow('permission denied');
  }
});
