/**
 * Lists cost the same number of statements however long they are. Each list of the emitted schema is read with everything
 * its items have, and everything those have again, once with two items and once with twenty.
 */
import {
  type GraphQLOutputType,
  getNamedType,
  getNullableType,
  isInterfaceType,
  isListType,
  isObjectType,
  parse,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { BlobStore } from '../src/platform/blobs/blob-store.js';
import type { Actor } from '../src/platform/database/actor.js';
import { encodeId, newId } from '../src/platform/ids.js';
import { startTestApi, type TestApi } from './support/api.js';
import { accessTokenFor } from './support/auth.js';
import { countStatements } from './support/count-statements.js';
import { createTestDatabase, type TestDatabase } from './support/database.js';
import { emittedSchema, isConnection, isNode, nodeSelection } from './support/full-selection.js';
import { seedInvitation } from './support/invite.js';
import { createActor, createProjectRow } from './support/people.js';
import { type SeededContent, seedContent } from './support/seed-content.js';

const FEW = 2;
const MANY = 20;
const schema = emittedSchema();

/** All that an item of that type has, written out to that many nodes deep; of lists below the first item. */
const all = (typeName: string, depth = 1) =>
  nodeSelection(schema.getType(typeName) as Parameters<typeof nodeSelection>[0], { depth, first: 1 });

interface Tenant {
  actor: Actor;
  token: string;
  projectId: string;
  content: SeededContent;
}

/** What is asked of a tenant whose lists are short and of one whose lists are long. */
const CASES: Record<string, { query: string; variables?: (tenant: Tenant) => Record<string, unknown> }> = {
  // before the others: giving a link to an artifact is recorded
  'Query.auditLog': { query: `{ auditLog(first: 100) { nodes ${all('AuditEntry')} } }` },
  'Query.projects': { query: `{ projects(first: 100) { nodes ${all('Project', 2)} } }` },
  'Query.runs': { query: `{ runs(first: 100) { nodes ${all('Run')} } }` },
  'Project.runs': {
    query: `query ($id: ID!) { project(id: $id) { runs(first: 100) { nodes ${all('Run')} } } }`,
    variables: ({ projectId }) => ({ id: encodeId('proj', projectId) }),
  },
  'Project.papers': {
    query: `query ($id: ID!) { project(id: $id) { papers(first: 100) { nodes ${all('Paper')} } } }`,
    variables: ({ projectId }) => ({ id: encodeId('proj', projectId) }),
  },
  'Paper.claims': {
    query: `query ($id: ID!) { paper(id: $id) { claims(first: 100) { nodes ${all('Claim', 4)} } } }`,
    variables: ({ content }) => ({ id: encodeId('paper', content.papers[0] ?? '') }),
  },
  'Project.artifacts': {
    query: `query ($id: ID!) { project(id: $id) { artifacts(first: 100) { nodes ${all('Artifact')} } } }`,
    variables: ({ projectId }) => ({ id: encodeId('proj', projectId) }),
  },
  'Run.artifacts': {
    query: `query ($id: ID!) { run(id: $id) { artifacts(first: 100) { nodes ${all('Artifact')} } } }`,
    variables: ({ content }) => ({ id: encodeId('run', content.researchRuns[0] ?? '') }),
  },
  'Artifact.versions': {
    query: `query ($id: ID!) { artifact(id: $id) { versions ${all('Artifact')} } }`,
    variables: ({ content }) => ({ id: encodeId('art', content.artifacts[0] ?? '') }),
  },
  'ResearchRun.claims': {
    query: `query ($id: ID!) { run(id: $id) { ... on ResearchRun { claims(first: 100) { nodes ${all('Claim', 4)} } } } }`,
    variables: ({ content }) => ({ id: encodeId('run', content.researchRuns[0] ?? '') }),
  },
  'ResearchRun.sources': {
    query: `query ($id: ID!) { run(id: $id) { ... on ResearchRun { sources(first: 100) { nodes ${all('Source', 2)} } } } }`,
    variables: ({ content }) => ({ id: encodeId('run', content.researchRuns[0] ?? '') }),
  },
  'ReportSection.sentences': {
    query: `query ($id: ID!) { run(id: $id) { ... on ResearchRun { report { sections { sentences { claim ${all('Claim')} } } } } } }`,
    variables: ({ content }) => ({ id: encodeId('run', content.researchRuns[0] ?? '') }),
  },
  'Claim.receipts': {
    query: `query ($id: ID!) { node(id: $id) { ... on Claim { receipts { snippet ${all('Snippet', 3)} } } } }`,
    variables: ({ content }) => ({ id: encodeId('claim', content.claims[0] ?? '') }),
  },
  'Tenant.members': { query: `{ viewer { tenant { members(first: 100) { nodes ${all('Membership')} } } } }` },
  'Query.invitations': { query: `{ invitations(first: 100) { nodes ${all('Membership')} } }` },
  'Viewer.apiKeys': { query: `{ viewer { apiKeys ${all('ApiKey')} } }` },
};

let db: TestDatabase;
let api: TestApi;
let few: Tenant;
let many: Tenant;

beforeAll(async () => {
  db = await createTestDatabase();
  const blobs = { signedGetUrl: async () => 'http://localhost/blobs/signed' } as unknown as BlobStore;
  api = await startTestApi(db, {
    blobs,
    limits: { maxDepth: 30, maxAliases: 15, maxTokens: 100_000, maxCost: Number.MAX_SAFE_INTEGER },
  });
  few = await openTenant(FEW);
  many = await openTenant(MANY);
});
afterAll(async () => {
  await api?.close();
  await db?.drop();
});

/** A tenant with `count` of everything, and in one of its projects, and for one of its claims, as many again. */
async function openTenant(count: number): Promise<Tenant> {
  const actor = await createActor(db);
  const others = Array.from({ length: count - 1 });
  for (const _ of others) {
    await createActor(db, 'VIEWER', actor.tenantId);
    const projectId = await createProjectRow(db, actor);
    await seedContent(db, { ...actor, projectId }, { mark: 'small', count: 1 });
  }
  for (let number = 0; number < count; number++) {
    await seedInvitation(db, actor);
    await db.admin.query(
      `insert into api_keys (id, tenant_id, created_by, name, prefix, secret_hash, scopes)
       values ($1, $2, $3, 'Key', 'pw_seeded', sha256($4::text::bytea), '{READ}')`,
      [newId(), actor.tenantId, actor.userId, `${actor.userId} ${number}`],
    );
  }
  // one entry of the audit log by each member
  await db.admin.query(
    `select append_audit_entry(jsonb_populate_record(null::audit_entries, jsonb_build_object(
       'tenant_id', tenant_id, 'action', 'SIGNED_IN', 'actor_kind', 'USER', 'actor_id', user_id, 'metadata', '{}'::jsonb)))
     from memberships where tenant_id = $1 and user_id is not null`,
    [actor.tenantId],
  );
  const projectId = await createProjectRow(db, actor);
  const content = await seedContent(db, { ...actor, projectId }, { mark: 'large', count });
  await addReceipts(content.claims[0] ?? '', content);
  await addPaperClaims(content.papers[0] ?? '', content);
  return { actor, token: await accessTokenFor(actor), projectId, content };
}

/** One receipt of the claim for every snippet. */
async function addReceipts(claimId: string, { snippets }: SeededContent): Promise<void> {
  await db.admin.query(
    `insert into receipts (id, tenant_id, project_id, claim_id, snippet_id, snapshot_id, snapshot_sha256, quote, start_offset,
       end_offset, stance, score)
     select gen_random_uuid(), s.tenant_id, s.project_id, $1, s.id, s.snapshot_id, h.sha256, s.text, 0, s.end_offset, 'NEUTRAL', 1
     from snippets s join snapshots h on h.id = s.snapshot_id where s.id = any ($2)`,
    [claimId, snippets],
  );
}

/** One claim of the paper for every snippet, each with a receipt into another snapshot. */
async function addPaperClaims(paperId: string, { snippets }: SeededContent): Promise<void> {
  await db.admin.query(
    `with made as (
       insert into claims (id, tenant_id, project_id, paper_id, ordinal, text, score)
       select gen_random_uuid(), s.tenant_id, s.project_id, $1, row_number() over (), s.id::text, 1
       from snippets s where s.id = any ($2) returning id, text
     )
     insert into receipts (id, tenant_id, project_id, claim_id, snippet_id, snapshot_id, snapshot_sha256, quote, start_offset,
       end_offset, stance, score)
     select gen_random_uuid(), s.tenant_id, s.project_id, made.id, s.id, s.snapshot_id, h.sha256, s.text, 0, s.end_offset, 'SUPPORTS', 1
     from made join snippets s on s.id::text = made.text join snapshots h on h.id = s.snapshot_id`,
    [paperId, snippets],
  );
}

describe.each(Object.entries(CASES))('%s', (_name, { query, variables }) => {
  test(`takes as many statements for ${MANY} as for ${FEW}`, async () => {
    const read = async (tenant: Tenant) => {
      const { data, errors } = await api.gql(query, variables?.(tenant) ?? {}, tenant.token);
      expect(errors).toBeUndefined();
      return longestList(data);
    };
    const lengths: number[] = [];
    const statements: number[] = [];
    for (const tenant of [few, many]) {
      await read(tenant); // what a connection prepares once is not counted
      statements.push(await countStatements(async () => lengths.push(await read(tenant))));
    }
    expect(lengths[1]).toBeGreaterThanOrEqual(MANY);
    expect(lengths[0]).toBeLessThan(MANY);
    expect(statements[1]).toBe(statements[0]);
  });
});

function longestList(value: unknown): number {
  if (!value || typeof value !== 'object') return 0;
  const below = Math.max(0, ...Object.values(value).map(longestList));
  return Array.isArray(value) ? Math.max(value.length, below) : below;
}

test('every list of the schema whose items lead somewhere is read above', () => {
  const read = new Set<string>();
  for (const { query } of Object.values(CASES)) {
    const types = new TypeInfo(schema);
    const Field = () => {
      const [parent, field] = [types.getParentType(), types.getFieldDef()];
      if (parent && field) read.add(`${parent.name}.${field.name}`);
    };
    visit(parse(query), visitWithTypeInfo(types, { Field }));
  }
  const lists = Object.values(schema.getTypeMap())
    .filter((type) => isObjectType(type) && !isConnection(type) && !/^__|^Mutation$|^Subscription$/.test(type.name))
    .flatMap((type) =>
      isObjectType(type)
        ? Object.values(type.getFields())
            .filter((field) => isList(field.type) && leadsToNodes(field.type))
            .map((field) => `${type.name}.${field.name}`)
        : [],
    );
  expect(lists.length).toBeGreaterThan(10);
  expect(lists.filter((list) => !read.has(list))).toEqual([]);
});

const isList = (type: GraphQLOutputType): boolean =>
  isListType(getNullableType(type)) || isConnection(getNamedType(type));

/** Whether an item has an edge to a node somewhere below: what has none is a value, read with its parent. */
function leadsToNodes(type: GraphQLOutputType, seen = new Set<string>()): boolean {
  const named = getNamedType(type);
  if (isNode(named)) return true;
  if ((!isObjectType(named) && !isInterfaceType(named)) || seen.has(named.name)) return false;
  seen.add(named.name);
  return Object.values(named.getFields()).some((field) => leadsToNodes(field.type, seen));
}
