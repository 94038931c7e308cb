/** API keys × operations: each mutation by a key that is made for it, by one that is not, and by one that is for all. */
import { createClient } from 'graphql-ws';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { newSecretToken } from '../../src/identity/sessions/secret-token.js';
import { type Actor, SCOPES, type Scope } from '../../src/platform/database/actor.js';
import { newId } from '../../src/platform/ids.js';
import { schemaParts } from '../../src/schema.js';
import { isA, type Operation, operations } from './operations.js';
import { openWorld, type World } from './world.js';

const TABLE = operations({ email: 'keys@example.org', password: 'correct horse battery' });

let world: World;

beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world?.close());

async function keyOf(actor: Actor, scopes: readonly Scope[], expires = `now() + interval '1 hour'`): Promise<string> {
  const token = newSecretToken('pw_');
  await world.db.admin.query(
    `insert into api_keys (id, tenant_id, created_by, name, prefix, secret_hash, scopes, expires_at)
     values ($1, $2, $3, 'key', 'pw_', $4, $5, ${expires})`,
    [newId(), actor.tenantId, actor.userId, token.sha256, scopes],
  );
  return token.text;
}

async function send(operation: Operation, key: string): Promise<{ outcome: string; details: Record<string, unknown> }> {
  const variables = await operation.variables(world.places.shared);
  const { errors } = await world.api.gql(operation.document, variables, key);
  const { code = 'ok', details = {} } = (errors?.[0]?.extensions ?? {}) as { code?: string; details?: object };
  return { outcome: code, details: details as Record<string, unknown> };
}

const mutations = TABLE.filter(isA('Mutation')).map((operation) => {
  const scope = schemaParts.keyScopes[operation.field.split('.')[1] ?? ''];
  return [operation.field, scope, operation] as const;
});
const isScope = (scope: unknown): scope is Scope => SCOPES.some((known) => known === scope);

test.each(mutations.filter(([, scope]) => isScope(scope)))(
  '%s takes the scope %s',
  async (_field, scope, operation) => {
    const { OWNER } = world.actors;
    const without = SCOPES.filter((other) => other !== scope);
    const refused = await send(operation, await keyOf(OWNER, without));
    expect(refused.outcome).toBe('FORBIDDEN');
    expect((await send(operation, await keyOf(OWNER, ['READ']))).outcome).toBe('FORBIDDEN');
    const allowed = await send(operation, await keyOf(OWNER, ['READ', scope as Scope]));
    expect(allowed.outcome).toBe(operation.lets ?? 'ok');
  },
);

test.each(mutations.filter(([, scope]) => scope === 'PERSON'))(
  '%s is for no key',
  async (_field, _scope, operation) => {
    expect((await send(operation, await keyOf(world.actors.OWNER, SCOPES))).outcome).toBe('FORBIDDEN');
  },
);

test.each(TABLE.filter(isA('Query')).map((operation) => [operation.field, operation] as const))(
  '%s takes no scope to write, and only the roles that such a key has',
  async (_field, operation) => {
    const { outcome } = await send(operation, await keyOf(world.actors.OWNER, ['READ', 'ARTIFACTS_READ']));
    expect(outcome).toBe(operation.gate === 'VIEWER' || operation.gate === 'ANYONE' ? 'ok' : 'FORBIDDEN');
  },
);

describe('a key', () => {
  const VIEWER = '{ viewer { roles } }';
  const viewerBy = async (headers: Record<string, string>) => {
    const response = await fetch(`${world.api.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ query: VIEWER }),
    });
    const { data, errors } = (await response.json()) as {
      data: { viewer: { roles: string[] } } | null;
      errors?: { extensions: { code: string } }[];
    };
    return errors?.[0]?.extensions.code ?? data?.viewer.roles.join();
  };

  test('gives no role that its scopes leave out, and none that its maker has not', async () => {
    const { OWNER, RESEARCHER, VIEWER: viewer } = world.actors;
    const rolesOf = async (actor: Actor, scopes: readonly Scope[]) =>
      viewerBy({ 'x-api-key': await keyOf(actor, scopes) });
    expect(await rolesOf(OWNER, SCOPES)).toBe('OWNER');
    expect(await rolesOf(OWNER, ['READ', 'RUNS_WRITE'])).toBe('RESEARCHER');
    expect(await rolesOf(OWNER, ['READ', 'ARTIFACTS_READ'])).toBe('VIEWER');
    expect(await rolesOf(RESEARCHER, SCOPES)).toBe('RESEARCHER');
    expect(await rolesOf(viewer, SCOPES)).toBe('VIEWER');
  });

  test('comes as X-API-Key or as a bearer token, alone', async () => {
    const key = await keyOf(world.actors.RESEARCHER, SCOPES);
    expect(await viewerBy({ 'x-api-key': key })).toBe('RESEARCHER');
    expect(await viewerBy({ authorization: `Bearer ${key}` })).toBe('RESEARCHER');
    expect(await viewerBy({ 'x-api-key': key, authorization: `Bearer ${key}` })).toBe('UNAUTHENTICATED');
    expect(await viewerBy({ 'x-api-key': `${key}x` })).toBe('UNAUTHENTICATED');
    expect(await viewerBy({ 'x-api-key': world.tokens.OWNER ?? '' })).toBe('UNAUTHENTICATED');
  });

  test('opens event streams and sockets too, under the same names', async () => {
    const key = await keyOf(world.actors.VIEWER, ['READ']);
    const run = await world.places.shared.run('SUCCEEDED');
    const timeline = await fetch(`${world.api.url}/runs/${run}/events`, { headers: { 'x-api-key': key } });
    expect(timeline.status).toBe(200);
    const read = async (connectionParams: Record<string, string>) => {
      const client = createClient({
        url: world.api.wsUrl,
        webSocketImpl: WebSocket,
        connectionParams,
        retryAttempts: 0,
      });
      const { value } = await client.iterate({ query: VIEWER }).next();
      await client.dispose();
      return value?.data;
    };
    expect(await read({ 'X-API-Key': key })).toEqual({ viewer: { roles: ['VIEWER'] } });
    expect(await read({ Authorization: `Bearer ${key}` })).toEqual({ viewer: { roles: ['VIEWER'] } });
  });

  test('holds until it expires', async () => {
    const key = await keyOf(world.actors.RESEARCHER, SCOPES, `now() - interval '1 second'`);
    expect(await viewerBy({ 'x-api-key': key })).toBe('UNAUTHENTICATED');
  });

  test('without ARTIFACTS_READ sees artifacts and gets no link to their bytes', async () => {
    const id = await world.places.shared.artifact();
    const ask = async (scopes: readonly Scope[], field: string) =>
      (await world.api.gql(`{ artifact(id: "${id}") { ${field} } }`, {}, await keyOf(world.actors.OWNER, scopes)))
        .errors?.[0]?.extensions.code ?? 'ok';
    expect(await ask(['READ'], 'name')).toBe('ok');
    expect(await ask(['READ'], 'downloadUrl')).toBe('FORBIDDEN');
    expect(await ask(['READ', 'ARTIFACTS_READ'], 'downloadUrl')).toBe('ok');
  });

  test('made by createApiKey has the scopes and the end that were asked for, READ among them', async () => {
    const CREATE = `mutation ($input: CreateApiKeyInput!) {
      createApiKey(input: $input) { secret apiKey { scopes expiresAt } }
    }`;
    const create = (input: object) => world.api.gql(CREATE, { input }, world.tokens.OWNER);
    const expiresAt = new Date(Date.now() + 3_600_000).toISOString();
    const { data } = await create({ name: 'uploads', scopes: ['PAPERS_WRITE'], expiresAt });
    expect(data.createApiKey.apiKey).toEqual({ scopes: ['READ', 'PAPERS_WRITE'], expiresAt });
    expect(await viewerBy({ 'x-api-key': data.createApiKey.secret })).toBe('RESEARCHER');
    expect((await create({ name: 'all' })).data.createApiKey.apiKey).toEqual({ scopes: [...SCOPES], expiresAt: null });
    const past = await create({ name: 'late', expiresAt: '2020-01-01T00:00:00Z' });
    expect(past.errors?.[0]?.extensions).toMatchObject({ code: 'BAD_INPUT', details: { field: 'expiresAt' } });
  });
});
