import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestApi, type TestApi } from '../../tests/support/api.js';
import { createTestDatabase, type TestDatabase } from '../../tests/support/database.js';

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

const VIEWER =
  '{ viewer { user { id displayName email } tenant { id name } roles apiKeys { id name prefix revokedAt } } }';
const SIGN_IN = `mutation ($email: String!, $password: String!) {
  signIn(input: { email: $email, password: $password }) { ... on SignedIn { accessToken expiresAt viewer { user { email } roles } } }
}`;

test('a newcomer registers, is signed in, and sees themselves as the owner of a new tenant', async () => {
  const ada = await api.register('ada');
  const { data } = await api.gql(VIEWER, {}, ada.token);
  expect(data.viewer.roles).toEqual(['OWNER']);
  expect(data.viewer.user).toEqual({ id: ada.userId, displayName: 'Dr ada', email: ada.email });
  expect(data.viewer.tenant).toEqual({ id: ada.tenantId, name: 'ada' });
  expect(ada.userId).toMatch(/^user_[0-9a-z]{26}$/);
});
