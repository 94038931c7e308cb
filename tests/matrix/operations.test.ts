import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { schemaParts } from '../../src/schema.js';
import { accessTokenFor } from '../support/auth.js';
import { emittedSchema } from '../support/full-selection.js';
import { createActor } from '../support/people.js';
import { tableContents } from '../support/table-contents.js';
import { isA, type Operation, operations } from './operations.js';
import { NOWHERE, type Place } from './place.js';
import { verdictOf } from './verdict.js';
import { CALLERS, type Caller, openWorld, type PlaceName, type World } from './world.js';

const PLACES: readonly PlaceName[] = ['shared', 'hidden', 'foreign'];
const credentials = { email: 'matrix@example.org', password: 'correct horse battery' };
const TABLE = operations(credentials);
const OVER_HTTP = TABLE.filter((operation) => !isA('Subscription')(operation));

let world: World;

beforeAll(async () => {
  world = await openWorld();
  const register = TABLE.find(({ field }) => field === 'Mutation.register') as Operation;
  const { input } = (await register.variables(world.places.shared)) as { input: Record<string, unknown> };
  await world.api.gql(register.document, { input: { ...input, ...credentials } });
});
afterAll(() => world?.close());

test('the table names every root field of the emitted schema, and none besides', () => {
  const schema = emittedSchema();
  const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()];
  const fields = roots.flatMap((root) => Object.keys(root?.getFields() ?? {}).map((name) => `${root?.name}.${name}`));
  expect([...new Set(TABLE.map(({ field }) => field))].sort()).toEqual(fields.sort());
});

/** Sends it as that caller; answers the code, `ok` without one, and the message. */
async function attempt(operation: Operation, caller: Caller, variables: Record<string, unknown>, token?: string) {
  const { data, errors } = await world.api.gql(operation.document, variables, token ?? world.tokens[caller]);
  const [error] = errors ?? [];
  return { outcome: error ? error.extensions.code : 'ok', message: error?.message ?? '', data };
}

/** They would end the session, or the membership, of those who come after. */
const ENDING = ['Mutation.signOut', 'Mutation.signOutEverywhere', 'Mutation.leaveTenant'];
const isFree = ({ field }: Operation) => !ENDING.includes(field);
/** What no API key may do, whatever its scopes. */
const isForPeople = ({ field }: Operation) => schemaParts.keyScopes[field.replace('Mutation.', '')] === 'PERSON';

describe.each(
  OVER_HTTP.filter(isFree).map((operation, index) => [`${operation.field} (${index})`, operation] as const),
)('%s', (_name, operation) => {
  const places = operation.reach === 'nothing' ? (['shared'] as const) : PLACES;

  test.each(places)('lets and refuses whom it should, for what is %s', async (place) => {
    const verdicts = CALLERS.map((caller) => ({ caller, verdict: verdictOf(operation, caller, place) }));
    const seen: Record<string, string> = {};
    const send = async (caller: Caller, variables: Record<string, unknown>) => {
      seen[caller] = (await attempt(operation, caller, variables)).outcome;
    };
    const refused = verdicts.filter(({ verdict }) => verdict !== 'ok');
    const variables = refused.length > 0 ? await operation.variables(world.places[place]) : {};
    const before = await tableContents(world.db);
    for (const { caller } of refused) await send(caller, variables);
    expect(await tableContents(world.db), 'who is refused changes nothing').toEqual(before);
    for (const { caller, verdict } of verdicts) {
      if (verdict === 'ok') await send(caller, await operation.variables(world.places[place]));
    }
    const wanted = Object.fromEntries(verdicts.map(({ caller, verdict }) => [caller, verdict]));
    expect(seen).toEqual(wanted);
  });

  if (operation.reach !== 'nothing')
    test('answers the same to what is hidden, foreign or nowhere', async () => {
      // below the gate nothing is looked up; ADMIN passes every gate, and no PRIVATE project is shown to one
      const places: Place[] = [world.places.foreign, ...Object.values(NOWHERE)];
      if (operation.reach === 'project') places.push(world.places.hidden);
      const answers = new Set<string>();
      for (const place of places) {
        const { outcome, message, data } = await attempt(operation, 'ADMIN', await operation.variables(place));
        answers.add(JSON.stringify([outcome, message, Object.values(data ?? {}).filter((value) => value !== null)]));
      }
      expect([...answers]).toEqual([
        expect.stringMatching(/^\["NOT_FOUND","[A-Z][\w ]+ was not found, or you may not see it\.",\[\]\]$/),
      ]);
    });
});

test('an upload of another project is not taken, not even by one who sees both', async () => {
  const { shared, hidden } = world.places;
  const operation = TABLE.find(({ field }) => field === 'Mutation.ingestPaper') as Operation;
  const input = { projectId: await shared.project(), uploadId: await hidden.upload() };
  const answer = await attempt(operation, 'OWNER', { input });
  expect(answer).toMatchObject({ outcome: 'NOT_FOUND', message: 'Upload was not found, or you may not see it.' });
});

test('who signs in to a tenant of others, to one that is none or by a wrong id reads the same', async () => {
  const operation = TABLE.find(({ field }) => field === 'Mutation.signIn') as Operation;
  for (const place of [world.places.foreign, ...Object.values(NOWHERE)]) {
    const input = { ...credentials, tenantId: await place.tenant() };
    const answer = await attempt(operation, 'anonymous', { input });
    expect(answer).toMatchObject({ outcome: 'NOT_FOUND', message: 'Tenant was not found, or you may not see it.' });
  }
  const guess = { ...credentials, password: 'wrong password', tenantId: await world.places.foreign.tenant() };
  expect((await attempt(operation, 'anonymous', { input: guess })).outcome).toBe('UNAUTHENTICATED');
});

describe('an API key', () => {
  const CREATE = 'mutation { createApiKey(input: { name: "Robot" }) { secret apiKey { id } } }';
  const REVOKE = 'mutation ($id: ID!) { revokeApiKey(id: $id) { revokedAt } }';
  const keyOf = async (caller: Caller) =>
    (await world.api.gql(CREATE, {}, world.tokens[caller])).data.createApiKey as {
      secret: string;
      apiKey: { id: string };
    };

  test.each(CALLERS.filter((caller) => caller !== 'anonymous'))('of %s may what its maker may', async (caller) => {
    const { secret } = await keyOf(caller);
    for (const operation of OVER_HTTP) {
      for (const place of operation.reach === 'nothing' ? (['shared'] as const) : PLACES) {
        const variables = await operation.variables(world.places[place]);
        const { outcome } = await attempt(operation, caller, variables, secret);
        expect([operation.field, place, outcome]).toEqual([
          operation.field,
          place,
          isForPeople(operation) ? 'FORBIDDEN' : verdictOf(operation, caller, place),
        ]);
      }
    }
  });

  test('is refused everywhere once it is revoked, or its maker has left', async () => {
    const { secret, apiKey } = await keyOf('ADMIN');
    await world.api.gql(REVOKE, { id: apiKey.id }, world.tokens.ADMIN);
    for (const operation of OVER_HTTP.filter(({ gate }) => gate !== 'ANYONE')) {
      const { outcome } = await attempt(operation, 'ADMIN', await operation.variables(world.places.shared), secret);
      expect([operation.field, outcome]).toEqual([operation.field, 'UNAUTHENTICATED']);
    }
  });

  test('loses a role with its maker', async () => {
    const { secret } = await keyOf('RESEARCHER');
    const create = TABLE.find(({ field }) => field === 'Mutation.createProject') as Operation;
    const roles = (role: string) =>
      world.db.admin.query('update memberships set roles = array[$2] where user_id = $1', [
        world.actors.RESEARCHER.userId,
        role,
      ]);
    await roles('VIEWER');
    expect((await attempt(create, 'RESEARCHER', { input: { name: 'No' } }, secret)).outcome).toBe('FORBIDDEN');
    await roles('RESEARCHER');
    expect((await attempt(create, 'RESEARCHER', { input: { name: 'Yes' } }, secret)).outcome).toBe('ok');
  });
});

test('leaveTenant takes a session, ends the membership, and keeps the last owner', async () => {
  const operation = TABLE.find(({ field }) => field === 'Mutation.leaveTenant') as Operation;
  expect((await attempt(operation, 'anonymous', {})).outcome).toBe('UNAUTHENTICATED');
  expect((await attempt(operation, 'keeper', {})).data).toEqual({ leaveTenant: true });
  expect((await attempt(operation, 'keeper', {})).outcome).toBe('UNAUTHENTICATED');
  expect((await attempt(operation, 'OWNER', {})).outcome).toBe('CONFLICT');
});

test('signOut takes a credential, and ends the session that it came with', async () => {
  const operation = TABLE.find(({ field }) => field === 'Mutation.signOut') as Operation;
  expect((await attempt(operation, 'anonymous', {})).outcome).toBe('UNAUTHENTICATED');
  for (const caller of CALLERS.filter((name) => name !== 'anonymous' && name !== 'keeper')) {
    expect((await attempt(operation, caller, {})).data).toEqual({ signOut: true });
    expect((await attempt(operation, caller, {})).outcome).toBe('UNAUTHENTICATED');
  }
});

test('signOutEverywhere takes a credential, and ends all sessions of whoever asks', async () => {
  const operation = TABLE.find(({ field }) => field === 'Mutation.signOutEverywhere') as Operation;
  expect((await attempt(operation, 'anonymous', {})).outcome).toBe('UNAUTHENTICATED');
  const token = await accessTokenFor(await createActor(world.db, 'VIEWER'));
  expect((await attempt(operation, 'VIEWER', {}, token)).data).toEqual({ signOutEverywhere: 1 });
  expect((await attempt(operation, 'VIEWER', {}, token)).outcome).toBe('UNAUTHENTICATED');
});
