/**
 * Everything that can be reached from everything: each caller begins with what the roots give it and follows every edge of
 * the emitted schema, field by field, until there is nothing new. What was met on the way is compared with what may be seen.
 */
import { getNamedType, isObjectType } from 'graphql';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { recordAudit } from '../../src/identity/audit/record-audit.js';
import type { Em } from '../../src/platform/database/em.js';
import { encodeId, newId } from '../../src/platform/ids.js';
import { emittedSchema, fullSelection, isConnection, isNode, nodeTypes } from '../support/full-selection.js';
import type { SeededContent } from '../support/seed-content.js';
import { NOWHERE } from './place.js';
import { CALLERS, type Caller, openWorld, type PlaceName, type SeededPlace, sees, type World } from './world.js';

const schema = emittedSchema();
const PLACES: readonly PlaceName[] = ['shared', 'hidden', 'foreign'];
const PEOPLE = CALLERS.filter((caller) => caller !== 'anonymous');

const inContent =
  (prefix: Parameters<typeof encodeId>[0], of: (content: SeededContent) => readonly string[]) =>
  async (place: SeededPlace) =>
    encodeId(prefix, of(place.content)[0] ?? '');

/** Where a node of each type is had from, and whether it is hidden with its project. */
const NODES: Record<string, { hides: boolean; id: (place: SeededPlace) => Promise<string> }> = {
  ApiKey: { hides: false, id: (place) => place.apiKey() },
  Artifact: { hides: true, id: inContent('art', ({ artifacts }) => artifacts) },
  Claim: { hides: true, id: inContent('claim', ({ claims }) => claims) },
  IngestionRun: { hides: true, id: inContent('run', ({ ingestionRuns }) => ingestionRuns) },
  InputRequest: { hides: true, id: inContent('req', ({ requests }) => requests) },
  Membership: { hides: false, id: (place) => place.membership() },
  Paper: { hides: true, id: inContent('paper', ({ papers }) => papers) },
  Project: { hides: true, id: (place) => place.project() },
  ResearchRun: { hides: true, id: inContent('run', ({ researchRuns }) => researchRuns) },
  Snapshot: { hides: true, id: inContent('snap', ({ snapshots }) => snapshots) },
  Snippet: { hides: true, id: inContent('snip', ({ snippets }) => snippets) },
  Source: { hides: true, id: inContent('src', ({ sources }) => sources) },
  Tenant: { hides: false, id: (place) => place.tenant() },
  User: { hides: false, id: async (place) => encodeId('user', place.owner.userId) },
};

const NODE = 'query ($id: ID!) { node(id: $id) { __typename id } }';

let world: World;

beforeAll(async () => {
  world = await openWorld();
  const { OWNER } = world.actors;
  await world.db.database.asActor(OWNER).transactional((em) => recordAudit(em as Em, { action: 'PROJECT_CREATED' }));
});
afterAll(() => world?.close());

const ask = (query: string, variables: Record<string, unknown>, caller: Caller) =>
  world.api.gql(query, variables, world.tokens[caller]);

test('the table names every type that implements Node, and none besides', () => {
  expect(Object.keys(NODES).sort()).toEqual(
    nodeTypes(schema)
      .map(({ name }) => name)
      .sort(),
  );
});

describe.each(Object.entries(NODES))('node(id:) of type %s', (typeName, { hides, id: idIn }) => {
  test.each(PLACES)('is there for whom it should be, when it lies in what is %s', async (place) => {
    const id = await idIn(world.places[place]);
    const isThere = (caller: Caller) => {
      if (caller === 'anonymous') return 'UNAUTHENTICATED';
      if (place === 'foreign') return 'NOT_FOUND';
      if (typeName === 'ApiKey') {
        const maker = place === 'shared' ? 'OWNER' : 'keeper';
        return ['ADMIN', 'OWNER', maker].includes(caller) ? typeName : 'NOT_FOUND';
      }
      return !hides || sees(caller, place) ? typeName : 'NOT_FOUND';
    };
    for (const caller of CALLERS) {
      const { data, errors } = await ask(NODE, { id }, caller);
      const seen = errors?.[0]?.extensions.code ?? data.node.__typename;
      expect([caller, seen]).toEqual([caller, isThere(caller)]);
      if (!errors) expect(data.node.id).toBe(id);
    }
  });

  test('that is hidden, foreign or nowhere reads the same', async () => {
    const prefix = (await idIn(world.places.foreign)).replace(/_.*/, '') as Parameters<typeof encodeId>[0];
    const ids = [await idIn(world.places.foreign), encodeId(prefix, newId())];
    if (hides) ids.push(await idIn(world.places.hidden));
    for (const place of Object.values(NOWHERE)) ids.push(await place.paper());
    const answers = await Promise.all(ids.map((id) => ask(NODE, { id }, 'ADMIN')));
    expect(
      new Set(answers.map(({ data, errors }) => JSON.stringify([data, errors?.[0]?.extensions, errors?.[0]?.message])))
        .size,
    ).toBe(1);
    expect(answers[0]?.errors?.[0]?.extensions.code).toBe('NOT_FOUND');
  });
});

interface Reached {
  /** Public ids of nodes. */
  ids: Set<string>;
  /** Edges, `Type.field`, that led somewhere. */
  edges: Set<string>;
  /** All answers, as they came. */
  text: string;
}

const selections = new Map(nodeTypes(schema).map((type) => [type.name, fullSelection(type)]));

/** Follows every edge from `roots`, as `caller` may. */
async function crawl(caller: Caller): Promise<Reached> {
  const reached: Reached = { ids: new Set(), edges: new Set(), text: '' };
  const waiting: { typeName: string; id: string }[] = [];

  const take = async (query: string, variables: Record<string, unknown>) => {
    const { data, errors } = await ask(query, variables, caller);
    expect(errors, `${caller} asked ${query} of ${JSON.stringify(variables)}`).toBeUndefined();
    reached.text += JSON.stringify(data);
    walk(data);
  };
  const walk = (value: unknown): void => {
    if (Array.isArray(value)) {
      value.forEach(walk);
      return;
    }
    if (!value || typeof value !== 'object') return;
    const { __typename: typeName, ...fields } = value as Record<string, unknown>;
    for (const [name, below] of Object.entries(fields)) {
      if (typeof typeName === 'string' && leadsSomewhere(below)) reached.edges.add(`${typeName}.${name}`);
      walk(below);
    }
    if (typeof typeName === 'string' && selections.has(typeName) && !reached.ids.has(String(fields.id))) {
      reached.ids.add(String(fields.id));
      waiting.push({ typeName, id: String(fields.id) });
    }
  };

  const viewer = schema.getType('Viewer') as Parameters<typeof fullSelection>[0];
  await take(`{ viewer ${fullSelection(viewer)} }`, {});
  await take('{ projects(first: 100) { nodes { __typename id } } runs(first: 100) { nodes { __typename id } } }', {});
  if (caller === 'ADMIN' || caller === 'OWNER') {
    const log = schema.getType('AuditEntry') as Parameters<typeof fullSelection>[0];
    await take(`{ auditLog(first: 100) { nodes ${fullSelection(log)} } }`, {});
  }
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const { typeName, id } = next;
    await take(`query ($id: ID!) { node(id: $id) { ... on ${typeName} ${selections.get(typeName)} } }`, { id });
  }
  return reached;
}

/** A node, a list or page with at least one, or a value with fields of its own. */
const leadsSomewhere = (value: unknown): boolean => {
  if (Array.isArray(value)) return value.length > 0;
  const nodes = (value as { nodes?: unknown[] } | null)?.nodes;
  return value !== null && typeof value === 'object' && (nodes === undefined || nodes.length > 0);
};

/** An edge of an interface is one edge, whichever of its types it was followed from. */
function declared(edge: string): string {
  const [typeName = '', field = ''] = edge.split('.');
  const type = schema.getType(typeName);
  const parents = isObjectType(type) ? type.getInterfaces().filter((parent) => field in parent.getFields()) : [];
  return `${parents.at(-1)?.name ?? typeName}.${field}`;
}

/** `Type.field` of every field that leads to a node or to a page of them. Pages themselves are only on the way. */
function edgesOfSchema(): string[] {
  const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()];
  const onTheWay = /Connection$|Edge$|^SignedIn$|^CreatedApiKey$/; // the last two are answers of mutations
  const types = Object.values(schema.getTypeMap()).filter(isObjectType);
  const sources = types.filter(
    (type) => !roots.includes(type) && !onTheWay.test(type.name) && !type.name.startsWith('__'),
  );
  return sources.flatMap((type) =>
    Object.values(type.getFields())
      .filter((field) => {
        const target = getNamedType(field.type);
        return isNode(target) || isConnection(target);
      })
      .map((field) => `${type.name}.${field.name}`),
  );
}

describe('whoever follows every edge', () => {
  test.each(PEOPLE)('as %s meets all that it may see and nothing else', async (caller) => {
    const { ids, text, edges } = await crawl(caller);
    for (const place of PLACES) {
      const { content, mark } = world.places[place];
      const owned = [
        ...content.papers.map((id) => encodeId('paper', id)),
        ...content.sources.map((id) => encodeId('src', id)),
        ...content.snapshots.map((id) => encodeId('snap', id)),
        ...content.snippets.map((id) => encodeId('snip', id)),
        ...[...content.claims, ...content.paperClaims].map((id) => encodeId('claim', id)),
        ...content.artifacts.map((id) => encodeId('art', id)),
        ...content.requests.map((id) => encodeId('req', id)),
        ...[...content.ingestionRuns, ...content.researchRuns].map((id) => encodeId('run', id)),
      ];
      const met = owned.filter((id) => ids.has(id));
      expect([place, met]).toEqual([place, sees(caller, place) ? owned : []]);
      expect([place, text.includes(mark)]).toEqual([place, sees(caller, place)]);
    }
    // the world fills every edge, so an edge that nobody fills is one that no test has looked along
    if (caller === 'OWNER') {
      const followed = new Set([...edges].map(declared));
      expect(edgesOfSchema().filter((edge) => !followed.has(declared(edge)))).toEqual([]);
    }
  });

  test('the hash of a password stands behind no edge', async () => {
    await world.db.admin.query(`update users set password_hash = 'hash of ' || id`);
    const { text } = await crawl('OWNER');
    const { rows } = await world.db.admin.query('select distinct password_hash from users');
    for (const { password_hash: hash } of rows) expect(text.includes(hash)).toBe(false);
  });
});
