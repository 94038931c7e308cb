/** An account of a running product, made through its API, and the same person as the code below the API knows it. */
import type { Actor } from '../../src/platform/database/actor.js';
import { decodeId } from '../../src/platform/ids.js';
import type { TestDatabase } from './database.js';

export interface Account {
  token: string;
  actor: Actor;
}

const REGISTER = `mutation ($input: RegisterInput!) {
  register(input: $input) { ... on SignedIn { accessToken viewer { user { id } tenant { id } } } }
}`;

export async function openAccount(url: string, db: TestDatabase): Promise<Account> {
  const input = {
    email: `someone-${Date.now()}-${Math.random()}@example.org`,
    password: 'correct horse battery',
    displayName: 'Someone',
    tenantName: 'Laboratory',
  };
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: REGISTER, variables: { input } }),
  });
  const answer = (await response.json()) as {
    data?: { register: { accessToken: string; viewer: { user: { id: string }; tenant: { id: string } } } };
  };
  if (!answer.data) throw new Error(`register failed: ${JSON.stringify(answer)}`);
  const { accessToken, viewer } = answer.data.register;
  const userId = decodeId('user', viewer.user.id);
  const { rows } = await db.admin.query('select id from sessions where user_id = $1', [userId]);
  const tenantId = decodeId('ten', viewer.tenant.id);
  return { token: accessToken, actor: { tenantId, userId, roles: ['OWNER'], credentialId: rows[0].id } };
}
