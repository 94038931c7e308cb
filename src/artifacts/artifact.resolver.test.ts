import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type GraphQLSchema, graphql } from 'graphql';
import { ObjectType } from 'type-graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { countStatements } from '../../tests/support/count-statements.js';
import { createTestDatabase, type TestDatabase } from '../../tests/support/database.js';
import { contextFor, createActor, createProjectRow } from '../../tests/support/people.js';
import { seedRun } from '../../tests/support/seed-run.js';
import { buildApiSchema } from '../api/graphql/build-schema.js';
import { OperationContext } from '../api/graphql/operation-context.js';
import { sha256Of } from '../platform/blobs/blob-key.js';
import { type BlobStore, putContent } from '../platform/blobs/blob-store.js';
import { openDiskBlobStore } from '../platform/blobs/disk-blob-store.js';
import { createSignedUrls, type SignedUrls } from '../platform/blobs/signed-urls.js';
import type { Actor, Role } from '../platform/database/actor.js';
import type { Em } from '../platform/database/database.js';
import { nodeKind } from '../platform/graphql/node-type.js';
import { encodeId, newId } from '../platform/ids.js';
import { projectNodes } from '../projects/project.nodes.js';
import { ProjectResolver } from '../projects/project.resolver.js';
import { RunEntity } from '../runs/run.entity.js';
import { RunResolver } from '../runs/run.resolver.js';
import { RunType } from '../runs/run.type.js';
import { artifactNodes } from './artifact.nodes.js';
import { ArtifactResolver, ProjectArtifactsResolver, RunArtifactsResolver } from './artifact.resolver.js';
import { publishArtifact } from './publish-artifact.js';

/** A kind of run of this test's own: the artifacts slice knows none. */
@ObjectType('ResearchRun', { implements: RunType })
class ResearchRunType extends RunType {}

const root = { Query: 'VIEWER', Mutation: 'VIEWER' } as const;

describe('artifacts over GraphQL', () => {
  let db: TestDatabase;
  let folder: string;
  let blobs: BlobStore;
  let urls: SignedUrls;
  let schema: GraphQLSchema;
  let owner: Actor;
  let projectId: string;
  let runId: string;
  const ids: Record<string, string> = {};

  beforeAll(async () => {
    db = await createTestDatabase();
    folder = await mkdtemp(path.join(tmpdir(), 'artifacts-'));
    urls = createSignedUrls({ secret: randomBytes(32), publicUrl: () => 'http://api.test', clock: () => new Date() });
    blobs = await openDiskBlobStore({ root: folder, urls });
    schema = buildSchema();
    owner = await createActor(db);
    projectId = await createProjectRow(db, owner);
    runId = await seedRun(db, { ...owner, projectId }, { artifactBytes: 1000 });
    for (const [name, text] of [
      ['report.md', '# One'],
      ['claims.json', '{}'],
      ['report.md', '# Two'],
    ] as const) {
      ids[`${name} ${text}`] = await publish(runId, name, text);
    }
  });
  afterAll(async () => {
    await db?.drop();
    await rm(folder, { recursive: true });
  });

  const mutations = [
    'createProject',
    'renameProject',
    'updateProject',
    'archiveProject',
    'deleteProject',
    'cancelRun',
    'retryRun',
  ].concat('answerInputRequest', 'deleteRun', 'deleteArtifact');
  const forAll = <V>(value: V) => Object.fromEntries(mutations.map((name) => [name, value]));

  function buildSchema(): GraphQLSchema {
    const resolvers = [ProjectResolver, RunResolver, ArtifactResolver, RunArtifactsResolver, ProjectArtifactsResolver];
    const runNode = nodeKind({
      prefix: 'run',
      typeNames: ['ResearchRun'],
      load: (ctx, id) => ctx.em.findOne(RunEntity, { id }),
    });
    const request = nodeKind({ prefix: 'req', typeNames: ['InputRequest'], load: async () => null });
    const user = nodeKind({ prefix: 'user', typeNames: ['User'], load: async () => null });
    return buildApiSchema({
      resolvers,
      orphanedTypes: [ResearchRunType],
      nodeKinds: [...projectNodes, runNode, request, user, ...artifactNodes],
      permissions: {
        Query: {
          node: root.Query,
          project: root.Query,
          projects: root.Query,
          run: root.Query,
          runs: root.Query,
          artifact: root.Query,
        },
        Mutation: forAll(root.Mutation),
        Subscription: {},
      },
      keyScopes: forAll('NONE'),
    });
  }

  async function publish(run: string, name: string, text: string): Promise<string> {
    const blob = await putContent(blobs, owner.tenantId, text);
    const input = { runId: run, name, kind: 'REPORT', mediaType: 'text/markdown', blob } as const;
    const em = db.database.asTenant(owner.tenantId);
    const artifact = await em.transactional((inner) => publishArtifact({ em: inner as Em }, input));
    return encodeId('art', artifact.id);
  }

  async function execute(query: string, actor: Actor) {
    const { services } = contextFor(db, actor, { database: db.database, blobs });
    const contextValue = new OperationContext(services, {
      actor,
      refusal: null,
      origin: { ip: '127.0.0.1', userAgent: null, requestId: null },
    });
    const answer = await graphql({ schema, source: query, contextValue });
    await contextValue.finish();
    return answer;
  }
  /** The answer as a client sees it. */
  async function ask<Data>(query: string, actor: Actor = owner): Promise<Data> {
    const { data, errors } = await execute(query, actor);
    expect(errors).toBeUndefined();
    return JSON.parse(JSON.stringify(data)) as Data;
  }
  const errorOf = async (query: string, actor: Actor = owner) =>
    (await execute(query, actor)).errors?.[0]?.originalError;
  const memberOf = (role: Role) => createActor(db, role, owner.tenantId);

  it('gives an artifact with its run, its hash and all its versions, newest first', async () => {
    const id = ids['report.md # One'];
    const answer = await ask(
      `{ artifact(id: "${id}") { id name kind version mediaType bytes sha256 createdAt run { __typename id } versions { id version } } }`,
    );
    expect(answer).toEqual({
      artifact: {
        id,
        name: 'report.md',
        kind: 'REPORT',
        version: 1,
        mediaType: 'text/markdown',
        bytes: 5,
        sha256: sha256Of('# One'),
        createdAt: expect.stringMatching(/^\d{4}-/),
        run: { __typename: 'ResearchRun', id: encodeId('run', runId) },
        versions: [
          { id: ids['report.md # Two'], version: 2 },
          { id, version: 1 },
        ],
      },
    });
  });

  it('pages through the artifacts of a run and of a project, and says what they come to', async () => {
    const fields = '{ nodes { name version } pageInfo { hasNextPage endCursor } }';
    interface List {
      nodes: { name: string; version: number }[];
      pageInfo: { hasNextPage: boolean; endCursor: string };
    }
    const { run } = await ask<{ run: { artifacts: List; artifactUsage: object } }>(
      `{ run(id: "${encodeId('run', runId)}") { artifacts(first: 2) ${fields} artifactUsage { count bytes limitBytes } } }`,
    );
    expect(run.artifacts.nodes).toEqual([
      { name: 'report.md', version: 2 },
      { name: 'claims.json', version: 1 },
    ]);
    expect(run.artifacts.pageInfo.hasNextPage).toBe(true);
    expect(run.artifactUsage).toEqual({ count: 3, bytes: 12, limitBytes: 1000 });

    const after = run.artifacts.pageInfo.endCursor;
    const { project } = await ask<{ project: { artifacts: List } }>(
      `{ project(id: "${encodeId('proj', projectId)}") { artifacts(first: 2, after: "${after}") ${fields} } }`,
    );
    expect(project.artifacts.nodes).toEqual([{ name: 'report.md', version: 1 }]);
    expect(project.artifacts.pageInfo.hasNextPage).toBe(false);
  });

  it('asks the database as often for five runs as for one', async () => {
    for (let i = 0; i < 4; i++) await publish(await seedRun(db, { ...owner, projectId }), `many-${i}.md`, `${i}`);
    const query = (first: number) =>
      `{ runs(first: ${first}) { nodes { artifactUsage { count } artifacts { nodes { name versions { version } run { id } } } } } }`;
    const one = await countStatements(() => ask(query(1)));
    expect(one).toBeGreaterThan(4);
    expect(await countStatements(() => ask(query(5)))).toBe(one);
  });

  it('signs a download URL for the time asked for, 15 minutes unless told', async () => {
    const { artifact } = await ask<{ artifact: { short: string; usual: string } }>(
      `{ artifact(id: "${ids['report.md # Two']}") { short: downloadUrl(expiresInSeconds: 30) usual: downloadUrl } }`,
    );
    const { short, usual } = artifact;
    const lifeOf = (url: string) => Number(new URL(url).searchParams.get('expires')) - Date.now() / 1000;
    expect(lifeOf(short)).toBeLessThanOrEqual(30);
    expect(lifeOf(usual)).toBeGreaterThan(14 * 60);
    const { pathname, searchParams } = new URL(usual);
    const grant = urls.openGet(pathname.slice('/blobs/'.length), Object.fromEntries(searchParams));
    expect(grant).toMatchObject({ fileName: 'report.md', mediaType: 'text/markdown' });
    expect((await blobs.read(grant.key, 100)).toString()).toBe('# Two');
  });

  it.each([29, 0, -1, 86_401, 2_147_483_647])(
    'refuses a download URL for %i seconds with BAD_INPUT',
    async (seconds) => {
      const query = `{ artifact(id: "${ids['report.md # Two']}") { downloadUrl(expiresInSeconds: ${seconds}) } }`;
      expect(await errorOf(query)).toMatchObject({ code: 'BAD_INPUT', details: { min: 30, max: 86_400 } });
    },
  );

  it('is deleted by a researcher, not by a viewer, and then is gone from every list', async () => {
    const id = await publish(runId, 'short-lived.md', 'x');
    const mutation = `mutation { deleteArtifact(id: "${id}") }`;
    expect(await errorOf(mutation, await memberOf('VIEWER'))).toMatchObject({ code: 'FORBIDDEN' });
    expect(await ask(mutation, await memberOf('RESEARCHER'))).toEqual({ deleteArtifact: id });
    expect(await errorOf(`{ artifact(id: "${id}") { id } }`)).toMatchObject({ code: 'NOT_FOUND' });
    const lists = await ask(`{ run(id: "${encodeId('run', runId)}") { artifacts { nodes { id } } } }`);
    expect(JSON.stringify(lists)).not.toContain(id);
  });

  it('shows nothing of another tenant or of a hidden project, by id, by node or by a list', async () => {
    const stranger = await createActor(db);
    const hiddenProject = await createProjectRow(db, owner, 'PRIVATE');
    const hiddenRun = await seedRun(db, { ...owner, projectId: hiddenProject });
    const hidden = await publish(hiddenRun, 'secret.md', 'secret');
    const colleague = await memberOf('ADMIN');
    for (const [id, actor] of [
      [ids['report.md # One'], stranger],
      [hidden, stranger],
      [hidden, colleague],
      [encodeId('art', newId()), owner],
      [encodeId('run', runId), owner],
      ['art_nonsense', owner],
    ] as const) {
      expect(await errorOf(`{ artifact(id: "${id}") { id } }`, actor)).toMatchObject({ code: 'NOT_FOUND' });
      expect(await errorOf(`mutation { deleteArtifact(id: "${id}") }`, actor)).toMatchObject({ code: 'NOT_FOUND' });
    }
    expect(await errorOf(`{ node(id: "${hidden}") { id } }`, colleague)).toMatchObject({ code: 'NOT_FOUND' });
    const seen = await ask('{ projects { nodes { artifacts { nodes { name } } } } }', colleague);
    expect(JSON.stringify(seen)).not.toContain('secret.md');
  });
});
