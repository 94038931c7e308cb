import * as argon2 from '@node-rs/argon2';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { startTestApi, type TestApi } from '../../../tests/support/api.js';
import { createTestDatabase, type TestDatabase } from '../../../tests/support/database.js';
import { join } from '../../../tests/support/invite.js';
import { decodeId } from '../../platform/ids.js';
import { isOutdated } from './password.js';

vi.mock('@node-rs/argon2', async (original) => {
  const real = await original<typeof import('@node-rs/argon2')>();
  return { ...real, verify: vi.fn(real.verify) };
});
const verifications = () => vi.mocked(argon2.verify).mock.calls.length;

let db: TestDatabase;
let api: TestApi;

beforeAll(async () => {
  db = await createTestDatabase();
  api = await startTestApi(db, { limits: { maxDepth: 15, maxAliases: 100, maxTokens: 5000, maxCost: 25_000 } });
});
afterAll(async () => {
  await api?.close();
  await db?.drop();
});
beforeEach(async () => {
  vi.mocked(argon2.verify).mockClear();
  await db.admin.query('delete from sign_in_attempts');
});

/** As if so many attempts had been made. */
const attempted = (bucket: string, attempts: number) =>
  db.admin.query(
    `insert into sign_in_attempts (bucket, window_ends_at, attempts)
     values (sha256(convert_to($1, 'UTF8')), now() + interval '1 hour', $2)`,
    [bucket, attempts],
  );

const SIGN_IN = `mutation ($input: SignInInput!) {
  signIn(input: $input) { __typename ... on SignedIn { accessToken viewer { tenant { id } } } }
}`;
const CHANGE = `mutation ($input: ChangePasswordInput!) { changePassword(input: $input) { user { email } } }`;
const ME = '{ viewer { hasPassword googleLinked mfaEnabled recoveryCodesLeft tenants { id name roles } } }';
const SWITCH =
  'mutation ($id: ID!) { switchTenant(tenantId: $id) { accessToken viewer { roles tenant { id name } } } }';

const codeOf = (answer: Awaited<ReturnType<TestApi['gql']>>) => answer.errors?.[0]?.extensions.code;
const signIn = (email: string, password: string) => api.gql(SIGN_IN, { input: { email, password } });

describe('guessing passwords', () => {
  const aliased = (email: string, password: (i: number) => string) => {
    const field = (_: unknown, i: number) =>
      `a${i + 1}: signIn(input: { email: "${email}", password: "${password(i)}" }) { __typename }`;
    return api.gql(`mutation { ${Array.from({ length: 50 }, field).join('\n')} }`);
  };

  test('gains nothing by fifty aliases in one request: the first wrong one is counted and ends it', async () => {
    const { email } = await api.register('aliased');
    await attempted(`sign in to ${email} from 127.0.0.1`, 8);
    const seen: unknown[] = [];
    for (let request = 0; request < 3; request++) {
      const { errors } = await aliased(email, (i) => `guess number ${request} ${i}`);
      seen.push(errors?.map(({ path, extensions }) => [path?.[0], extensions.code]));
    }
    expect(seen).toEqual([[['a1', 'UNAUTHENTICATED']], [['a1', 'UNAUTHENTICATED']], [['a1', 'RATE_LIMITED']]]);
    expect(verifications()).toBe(2);
  });

  test('and signing in are counted by field: the eleventh of fifty aliases is RATE_LIMITED', async () => {
    const { email, password } = await api.register('counted');
    await attempted('sign in from 127.0.0.1', 290);
    const { errors } = await aliased(email, () => password);
    expect(errors?.map(({ path, extensions }) => [path?.[0], extensions.code])).toEqual([['a11', 'RATE_LIMITED']]);
    expect(verifications()).toBe(10);
  });

  test('gains nothing by sending them all at once', async () => {
    const { email } = await api.register('parallel');
    await attempted(`sign in to ${email} from 127.0.0.1`, 7);
    const answers = await Promise.all(Array.from({ length: 10 }, (_, i) => signIn(email, `guess number ${i}`)));
    expect(answers.filter((answer) => codeOf(answer) === 'RATE_LIMITED')).toHaveLength(7);
    expect(verifications()).toBe(3);
  });

  test('costs the same work for an unknown person, one without a password and a wrong password', async () => {
    const { email } = await api.register('same-work');
    await db.admin.query(`insert into users (id, email, display_name) values (gen_random_uuid(), $1, 'G')`, [
      'passwordless@example.org',
    ]);
    const seen: unknown[] = [];
    for (const address of ['nobody-at-all@example.org', 'passwordless@example.org', email]) {
      vi.mocked(argon2.verify).mockClear();
      const { errors } = await signIn(address, 'not the password');
      const stored = vi.mocked(argon2.verify).mock.calls.map(([hash]) => String(hash).slice(0, 30));
      seen.push([stored, errors?.[0]?.message]);
    }
    expect(seen).toEqual(Array(3).fill([['$argon2id$v=19$m=19456,t=2,p=1'], expect.stringContaining('is wrong')]));
  });

  test('from many networks ends after a hundred, for one account', async () => {
    const { email, password } = await api.register('spread');
    await attempted(`sign in to ${email}`, 100);
    expect(codeOf(await signIn(email, password))).toBe('RATE_LIMITED');
    expect(verifications()).toBe(0);
  });
});

describe('passwords', () => {
  test('that were hashed with less work are hashed again when they are at hand', async () => {
    const { email, password } = await api.register('old-hash');
    const stored = async () =>
      (await db.admin.query('select password_hash from users where email = $1', [email])).rows[0].password_hash;
    const weak = await argon2.hash(password, { memoryCost: 8_192, timeCost: 1, parallelism: 1 });
    await db.admin.query('update users set password_hash = $2 where email = $1', [email, weak]);
    expect(isOutdated(weak)).toBe(true);
    expect(codeOf(await signIn(email, 'not the password'))).toBe('UNAUTHENTICATED');
    expect(await stored()).toBe(weak);
    expect((await signIn(email, password)).errors).toBeUndefined();
    const strong = await stored();
    expect(isOutdated(strong)).toBe(false);
    expect((await signIn(email, password)).errors).toBeUndefined();
    expect(await stored()).toBe(strong);
  });

  test('of twelve equal letters, emoji or any other kind are taken; of eleven characters not', async () => {
    const passwords = ['aaaaaaaaaaaa', '🧪'.repeat(6)];
    for (const [i, password] of passwords.entries()) {
      const input = { email: `kind-${i}@example.org`, password, displayName: 'K', tenantName: 'K' };
      const document = 'mutation ($input: RegisterInput!) { register(input: $input) { __typename } }';
      expect((await api.gql(document, { input })).errors).toBeUndefined();
      expect((await signIn(input.email, password)).errors).toBeUndefined();
    }
  });

  test('are changed by who knows the old one; all other sessions end, in every tenant', async () => {
    const ada = await api.register('changer');
    const other = (await signIn(ada.email, ada.password)).data.signIn.accessToken;
    const change = (input: object, token = ada.token) => api.gql(CHANGE, { input }, token);
    const newPassword = 'an altogether other one';
    const wrong = await change({ currentPassword: 'not the password', newPassword });
    expect(wrong.errors?.[0]?.extensions).toMatchObject({ code: 'BAD_INPUT', details: { field: 'currentPassword' } });
    expect(codeOf(await change({ newPassword }))).toBe('BAD_INPUT');
    expect(codeOf(await change({ currentPassword: ada.password, newPassword: 'elevenchars' }))).toBe('BAD_INPUT');
    expect((await api.gql(ME, {}, other)).errors).toBeUndefined();

    const changed = await change({ currentPassword: ada.password, newPassword });
    expect(changed.data.changePassword.user.email).toBe(ada.email);
    expect((await api.gql(ME, {}, ada.token)).errors).toBeUndefined();
    expect(codeOf(await api.gql(ME, {}, other))).toBe('UNAUTHENTICATED');
    expect(codeOf(await signIn(ada.email, ada.password))).toBe('UNAUTHENTICATED');
    expect((await signIn(ada.email, newPassword)).errors).toBeUndefined();
  });

  test('are not guessed by whoever has found a session', async () => {
    const ada = await api.register('found-session');
    await attempted(`password of ${decodeId('user', ada.userId)}`, 9);
    const guess = { currentPassword: 'not the password', newPassword: 'an altogether other one' };
    expect(codeOf(await api.gql(CHANGE, { input: guess }, ada.token))).toBe('BAD_INPUT');
    const input = { currentPassword: ada.password, newPassword: 'an altogether other one' };
    expect(codeOf(await api.gql(CHANGE, { input }, ada.token))).toBe('RATE_LIMITED');
  });

  test('are not changed by an API key', async () => {
    const ada = await api.register('key-changer');
    const made = await api.gql('mutation { createApiKey(input: { name: "K" }) { secret } }', {}, ada.token);
    const input = { currentPassword: ada.password, newPassword: 'an altogether other one' };
    expect(codeOf(await api.gql(CHANGE, { input }, made.data.createApiKey.secret))).toBe('FORBIDDEN');
  });
});

describe('a person', () => {
  test('sees how they sign in, and which tenants they may enter; switching opens a session there', async () => {
    const home = await api.register('home');
    const away = await api.register('away');
    const joined = await join(api, away, 'traveller', ['RESEARCHER']);
    const invited = await api.gql(
      'mutation ($input: InviteMemberInput!) { inviteMember(input: $input) { invitationToken } }',
      { input: { email: 'traveller@example.org', roles: ['VIEWER'] } },
      home.token,
    );
    const { invitationToken: token } = invited.data.inviteMember;
    const accept = 'mutation ($token: String!) { acceptInvitation(input: { token: $token }) { __typename } }';
    expect((await api.gql(accept, { token }, joined.token)).data.acceptInvitation.__typename).toBe('SignedIn');

    const { data } = await api.gql(ME, {}, joined.token);
    expect(data.viewer).toEqual({
      hasPassword: true,
      googleLinked: false,
      mfaEnabled: false,
      recoveryCodesLeft: 0,
      tenants: [
        { id: away.tenantId, name: 'away', roles: ['RESEARCHER'] },
        { id: home.tenantId, name: 'home', roles: ['VIEWER'] },
      ],
    });
    const switched = await api.gql(SWITCH, { id: home.tenantId }, joined.token);
    expect(switched.data.switchTenant.viewer).toEqual({
      roles: ['VIEWER'],
      tenant: { id: home.tenantId, name: 'home' },
    });
    expect((await api.gql(ME, {}, switched.data.switchTenant.accessToken)).errors).toBeUndefined();
    const stranger = await api.register('stranger-tenant');
    expect(codeOf(await api.gql(SWITCH, { id: stranger.tenantId }, joined.token))).toBe('NOT_FOUND');
  });
});

test('closed registration refuses strangers and tells them whom to ask', async () => {
  const closed = await startTestApi(db, { accounts: { registrationOpen: false } });
  try {
    const input = { email: 'late@example.org', password: 'correct horse battery', displayName: 'L', tenantName: 'L' };
    const document = 'mutation ($input: RegisterInput!) { register(input: $input) { __typename } }';
    const { errors } = await closed.gql(document, { input });
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'FORBIDDEN', hint: expect.stringContaining('invitation') });
    const owner = await api.register('closed');
    expect((await join(closed, owner, 'still-invited', ['VIEWER'])).token).toBeTruthy();
  } finally {
    await closed.close();
  }
});
