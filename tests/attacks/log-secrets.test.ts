/** A server that logs all it can is driven through everything that handles a secret; none may be in what it has logged. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { buildApiSchema } from '../../src/api/graphql/build-schema.js';
import { decodeId, encodeId } from '../../src/platform/ids.js';
import { schemaParts } from '../../src/schema.js';
import { startTestApi, type TestApi } from '../support/api.js';
import { accessTokenFor } from '../support/auth.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { createActor } from '../support/people.js';
import { withProbes } from '../support/probe.resolver.js';

let db: TestDatabase;
let api: TestApi;
/** By what they are. */
const secrets = new Map<string, string>();

beforeAll(async () => {
  db = await createTestDatabase();
  api = await startTestApi(db, { schema: buildApiSchema(withProbes(schemaParts)) });
});
afterAll(async () => {
  await api?.close();
  await db?.drop();
});

const secret = (name: string, value: string): string => {
  expect(value.length, name).toBeGreaterThan(5);
  secrets.set(name, value);
  return value;
};
const SIGN_IN = `mutation ($input: SignInInput!) {
  signIn(input: $input) { ... on SignedIn { accessToken refreshToken } ... on MfaRequired { challengeToken } }
}`;

test('no secret that went through the server is in its log', async () => {
  const password = secret('password', 'a Password of twelve and more');
  const input = { email: 'log@example.org', password, displayName: 'L', tenantName: 'T' };
  const register =
    'mutation ($input: RegisterInput!) { register(input: $input) { ... on SignedIn { accessToken refreshToken viewer { tenant { id } } } } }';
  const registered = await api.gql(register, { input });
  const token = secret('access token', registered.data.register.accessToken);
  const refreshToken = secret('refresh token', registered.data.register.refreshToken);
  await api.gql(register, { input }); // a conflict

  // passwords: wrong, of the wrong type, in a literal, in a text that is no document
  const wrong = secret('wrong password', 'wrong-guess-4711');
  await api.gql(SIGN_IN, { input: { email: input.email, password: wrong } });
  await api.gql(SIGN_IN, { input: { email: input.email, password: [wrong] } });
  await api.gql(SIGN_IN, { input: { email: 7, password: wrong } });
  await api.gql(`mutation { signIn(input: { email: "x", password: ${JSON.stringify(wrong)}, no: 1 }) { __typename } }`);
  await api.gql(`mutation { signIn(input: { password: "${wrong}" `);
  await api.gql(
    'mutation ($current: String!, $next: String!) { changePassword(input: { currentPassword: $current, newPassword: $next }) { roles } }',
    { current: wrong, next: secret('new password', 'another Password 0815') },
    token,
  );

  // keys and tokens: right, altered, expired, in the wrong place
  const created = await api.gql('mutation { createApiKey(input: { name: "k" }) { secret } }', {}, token);
  const key = secret('API key', created.data.createApiKey.secret);
  for (const bad of [key, `${key}x`, token, `${token}x`, refreshToken, 'Bearer'])
    await api.gql('{ viewer { user { id } } brokenSql }', {}, bad);
  await fetch(`${api.url}/graphql?query={viewer}&token=${token}`, {
    headers: { authorization: `Basic ${key}`, 'x-api-key': key, cookie: `a=${refreshToken}` },
  });
  await fetch(`${api.url}/nothing/${key}?signature=${secret('signature', 'c2lnbmF0dXJlLW9mLWEtbGluaw')}`);
  await api.gql(`{ node(id: "${key}") { id } }`, {}, token);
  await api.gql('mutation { refreshSession(refreshToken: "pwr_nonsense") { accessToken } }');
  const refreshed = await api.gql(
    'mutation ($t: String!) { refreshSession(refreshToken: $t) { accessToken refreshToken } }',
    { t: refreshToken },
  );
  secret('second refresh token', refreshed.data.refreshSession.refreshToken);
  await api.gql('mutation ($t: String!) { refreshSession(refreshToken: $t) { accessToken } }', { t: refreshToken });

  // a socket
  for (const authorization of [`Bearer ${token}`, `Bearer ${key}x`]) {
    const socket = new WebSocket(`${api.wsUrl}?access_token=${key}`, 'graphql-transport-ws', {
      headers: { authorization },
    });
    await new Promise<void>((resolve) => {
      socket.on('open', () => socket.send(JSON.stringify({ type: 'connection_init', payload: { authorization } })));
      socket.on('message', () => resolve());
      socket.on('close', () => resolve());
    });
    socket.terminate();
  }

  // a second factor
  const person = await accessTokenFor(await createActor(db));
  const enrolled = await api.gql('mutation { startTotpEnrollment { secret otpauthUri } }', {}, person);
  secret('TOTP secret', enrolled.data.startTotpEnrollment.secret);
  await api.gql('mutation { confirmTotpEnrollment(code: "000000") { roles } }', {}, person);

  // an invitation
  const invited = await api.gql(
    'mutation { inviteMember(input: { email: "i@example.org", roles: [VIEWER] }) { invitationToken } }',
    {},
    token,
  );
  const invitation = secret('invitation', invited.data?.inviteMember.invitationToken ?? 'none was made');
  await api.gql('mutation ($input: AcceptInvitationInput!) { acceptInvitation(input: $input) { __typename } }', {
    input: { token: `${invitation}x` },
  });

  // a recovery token, altered and used
  const member = await createActor(db, 'VIEWER', decodeId('ten', registered.data.register.viewer.tenant.id));
  const { rows } = await db.admin.query('select id from memberships where user_id = $1', [member.userId]);
  const issued = await api.gql(
    'mutation ($id: ID!) { issuePasswordReset(membershipId: $id) { token } }',
    { id: encodeId('mem', rows[0].id) },
    token,
  );
  const recovery = secret('recovery token', issued.data.issuePasswordReset.token);
  const newPassword = secret('recovered password', 'a Password found again');
  for (const given of [`${recovery}x`, recovery, recovery])
    await api.gql('mutation ($input: ResetPasswordInput!) { resetPassword(input: $input) }', {
      input: { token: given, newPassword },
    });
  await api.gql(`mutation { resetPassword(input: { token: "${recovery}", newPassword: "${newPassword}", no: 1 }) }`);

  const log = api.logged.map((line) => JSON.stringify(line));
  expect(log.length).toBeGreaterThan(10); // it does log
  expect(log.some((line) => line.includes('request failed'))).toBe(true);
  for (const [name, value] of secrets)
    expect(
      log.filter((line) => line.includes(value)),
      name,
    ).toEqual([]);
});
