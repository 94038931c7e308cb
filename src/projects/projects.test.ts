import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { startTestApi, type TestApi } from '../../tests/support/api.js';
import { createTestDatabase, type TestDatabase } from '../../tests/support/database.js';
import { join } from '../../tests/support/invite.js';
import { decodeId } from '../platform/ids.js';

let db: TestDatabase;
let api: TestApi;
let owner: Awaited<ReturnType<TestApi['register']>>;

beforeAll(async () => {
  db = await createTestDatabase();
  api = await startTestApi(db);
  owner = await api.register('owner');
});

afterAll(async () => {
  await api?.close();
  await db?.drop();
});

const CREATE = `mutation ($input: CreateProjectInput!) {
  createProject(input: $input) { id name visibility archivedAt owner { id } lastActivityAt }
}`;
const GET = 'query ($id: ID!) { project(id: $id) { id name } }';
const LIST = `query ($first: Int, $after: String, $last: Int, $before: String) {
  projects(first: $first, after: $after, last: $last, before: $before) {
    nodes { name } edges { cursor node { id } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  }
}`;

const codeOf = (answer: Awaited<ReturnType<TestApi['gql']>>) => answer.errors?.[0]?.extensions.code;
const create = async (token: string, input: Record<string, unknown>): Promise<string> =>
  (await api.gql(CREATE, { input }, token)).data.createProject.id;

const member = async (of: { token: string }, name: string, role: string): Promise<string> =>
  (await join(api, of, name, [role])).token;

describe('one project', () => {
  test('is created, found, renamed, archived and deleted', async () => {
    const { data } = await api.gql(CREATE, { input: { name: '  Retrieval 🔎  ' } }, owner.token);
    const { id, ...rest } = data.createProject;
    expect(id).toMatch(/^proj_[0-9a-z]{26}$/);
    expect(rest).toMatchObject({
      name: 'Retrieval 🔎',
      visibility: 'TENANT',
      archivedAt: null,
      owner: { id: owner.userId },
    });
    expect((await api.gql(GET, { id }, owner.token)).data.project).toEqual({ id, name: 'Retrieval 🔎' });
    const node = await api.gql(
      'query ($id: ID!) { node(id: $id) { __typename id ... on Project { name } } }',
      { id },
      owner.token,
    );
    expect(node.data.node).toEqual({ __typename: 'Project', id, name: 'Retrieval 🔎' });

    const renamed = await api.gql(
      'mutation ($id: ID!) { renameProject(id: $id, name: "Ranking") { id name } }',
      { id },
      owner.token,
    );
    expect(renamed.data.renameProject).toEqual({ id, name: 'Ranking' });
    const archive = 'mutation ($id: ID!) { archiveProject(id: $id) { archivedAt } }';
    const archived = await api.gql(archive, { id }, owner.token);
    expect(archived.data.archiveProject.archivedAt).not.toBeNull();
    expect((await api.gql(archive, { id }, owner.token)).data).toEqual(archived.data);

    const remove = 'mutation ($id: ID!) { deleteProject(id: $id) }';
    expect((await api.gql(remove, { id }, owner.token)).data.deleteProject).toBe(id);
    expect(codeOf(await api.gql(remove, { id }, owner.token))).toBe('NOT_FOUND');
  });

  test('with a run under way is not deleted', async () => {
    const id = await create(owner.token, { name: 'Busy' });
    const { rows } = await db.admin.query(`select id, tenant_id, owner_id from projects where name = 'Busy'`);
    await db.admin.query(
      `insert into runs (id, tenant_id, project_id, created_by, kind, status, limits, input_hash)
       values (gen_random_uuid(), $1, $2, $3, 'RESEARCH', 'QUEUED', '{}', 'x')`,
      [rows[0].tenant_id, rows[0].id, rows[0].owner_id],
    );
    const { errors } = await api.gql('mutation ($id: ID!) { deleteProject(id: $id) }', { id }, owner.token);
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'INVALID_STATE', details: { activeRuns: 1 } });
    expect((await api.gql(GET, { id }, owner.token)).errors).toBeUndefined();
  });

  test('that is deleted at the same moment takes no upload and no run, and says so', async () => {
    const id = await create(owner.token, { name: 'Going' });
    const upload = { projectId: id, fileName: 'a.txt', mediaType: 'text/plain', bytes: 3 };
    await db.admin.query('begin');
    await db.admin.query('delete from projects where id = $1', [decodeId('proj', id)]);
    const late = [
      api.gql('mutation ($i: PrepareUploadInput!) { prepareUpload(input: $i) { url } }', { i: upload }, owner.token),
      api.gql(
        'mutation ($i: StartResearchInput!) { startResearch(input: $i) { id } }',
        { i: { projectId: id, question: 'How is retrieval evaluated?' } },
        owner.token,
      ),
    ];
    await vi.waitFor(async () => {
      const { rows } = await db.admin.query(
        `select pid from pg_locks where not granted and transactionid = pg_current_xact_id()::xid`,
      );
      expect(rows.length).toBe(late.length); // both have found the project, and wait to refer to it
    });
    await db.admin.query('commit');
    expect((await Promise.all(late)).map(codeOf)).toEqual(['NOT_FOUND', 'NOT_FOUND']);
  });

  test.each([
    '',
    '   ',
    '\u200b',
    'x'.repeat(201),
    'x'.repeat(1_000_000 - 1_000),
    'a\u0000b',
    'a\nb',
    '\u001b[31m',
    '\ud800',
  ])('with a hostile name is refused with BAD_INPUT (case %#)', async (name) => {
    const { errors } = await api.gql(CREATE, { input: { name } }, owner.token);
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'BAD_INPUT' });
    expect(errors?.[0]?.message.length).toBeLessThan(600);
  });

  test.each([
    `Robert'); drop table projects;--`,
    '<script>alert(1)</script>',
    '🧪'.repeat(50),
    'שלום',
    '$1 %s {{y}} #{x}',
  ])('keeps a strange but harmless name as it is: %s', async (name) => {
    const id = await create(owner.token, { name });
    expect((await api.gql(GET, { id }, owner.token)).data.project.name).toBe(name);
  });

  test('an unknown id, an id of another type and one of another tenant read the same', async () => {
    const stranger = await api.register('stranger');
    const foreign = await create(stranger.token, { name: 'Theirs' });
    const ids = [
      foreign,
      'proj_01jx0000000000000000000000',
      owner.userId,
      'nonsense',
      '',
      '../../etc',
      'proj_',
      'x'.repeat(9999),
    ];
    const answers = await Promise.all(ids.map((id) => api.gql(GET, { id }, owner.token)));
    const rename = 'mutation ($id: ID!) { renameProject(id: $id, name: "Mine now") { id } }';
    const writes = await Promise.all(ids.map((id) => api.gql(rename, { id }, owner.token)));
    const seen = [...answers, ...writes].map(({ errors }) => [errors?.[0]?.extensions.code, errors?.[0]?.message]);
    expect(new Set(seen.map(String)).size).toBe(1);
    expect(seen[0]?.[0]).toBe('NOT_FOUND');
    expect((await api.gql(GET, { id: foreign }, stranger.token)).data.project.name).toBe('Theirs');
  });
});

describe('who may do what', () => {
  test('viewers read, researchers change their own projects, administrators those of others', async () => {
    const lab = await api.register('lab');
    const viewer = await member(lab, 'lab-viewer', 'VIEWER');
    const researcher = await member(lab, 'lab-researcher', 'RESEARCHER');
    const admin = await member(lab, 'lab-admin', 'ADMIN');
    const id = await create(lab.token, { name: 'Shared' });
    const rename = 'mutation ($id: ID!) { renameProject(id: $id, name: "Renamed") { id } }';
    expect((await api.gql(GET, { id }, viewer)).errors).toBeUndefined();
    expect(codeOf(await api.gql(CREATE, { input: { name: 'No' } }, viewer))).toBe('FORBIDDEN');
    expect(codeOf(await api.gql(rename, { id }, viewer))).toBe('FORBIDDEN');
    expect(codeOf(await api.gql(rename, { id }, researcher))).toBe('FORBIDDEN');
    expect((await api.gql(rename, { id }, admin)).errors).toBeUndefined();
    const own = await create(researcher, { name: 'Own' });
    expect((await api.gql(rename, { id: own }, researcher)).errors).toBeUndefined();
  });

  test('a private project exists only for its owner and the owners of the tenant', async () => {
    const lab = await api.register('secret');
    const researcher = await member(lab, 'secret-researcher', 'RESEARCHER');
    const admin = await member(lab, 'secret-admin', 'ADMIN');
    const id = await create(researcher, { name: 'Private', visibility: 'PRIVATE' });
    for (const token of [researcher, lab.token]) {
      expect((await api.gql(GET, { id }, token)).data.project.name).toBe('Private');
    }
    expect(codeOf(await api.gql(GET, { id }, admin))).toBe('NOT_FOUND');
    expect(codeOf(await api.gql('mutation ($id: ID!) { deleteProject(id: $id) }', { id }, admin))).toBe('NOT_FOUND');
    expect((await api.gql(LIST, {}, admin)).data.projects.nodes).toEqual([]);
  });
});

describe('who sees a project', () => {
  const UPDATE = 'mutation ($input: UpdateProjectInput!) { updateProject(input: $input) { name visibility } }';
  const audited = async (id: string) => {
    const { rows } = await db.admin.query(
      `select action, metadata from audit_entries where target_id = $1 and action <> 'PROJECT_CREATED' order by seq`,
      [decodeId('proj', id)],
    );
    return rows.map(({ action, metadata }) => [action, metadata]);
  };

  test('is changed by its owner and the owners of the tenant, and by nobody else', async () => {
    const lab = await api.register('shown');
    const researcher = await member(lab, 'shown-researcher', 'RESEARCHER');
    const admin = await member(lab, 'shown-admin', 'ADMIN');
    const other = await member(lab, 'shown-other', 'RESEARCHER');
    const id = await create(researcher, { name: 'Ours' });
    const update = (token: string, input: object) => api.gql(UPDATE, { input: { id, ...input } }, token);
    for (const token of [admin, other]) {
      expect(codeOf(await update(token, { visibility: 'PRIVATE' }))).toBe('FORBIDDEN');
      expect(codeOf(await update(token, { name: 'Mine' }))).toBe('FORBIDDEN');
    }
    expect((await update(researcher, { visibility: 'PRIVATE' })).data.updateProject).toEqual({
      name: 'Ours',
      visibility: 'PRIVATE',
    });
    for (const token of [admin, other]) {
      expect(codeOf(await api.gql(GET, { id }, token))).toBe('NOT_FOUND');
      expect(codeOf(await update(token, { visibility: 'TENANT' }))).toBe('NOT_FOUND');
    }
    expect((await update(lab.token, { visibility: 'TENANT', name: 'Everybody’s' })).data.updateProject).toEqual({
      name: 'Everybody’s',
      visibility: 'TENANT',
    });
    expect((await api.gql(GET, { id }, other)).data.project.name).toBe('Everybody’s');
    expect(await audited(id)).toEqual([
      ['PROJECT_VISIBILITY_CHANGED', { before: 'TENANT', after: 'PRIVATE' }],
      ['PROJECT_RENAMED', {}],
      ['PROJECT_VISIBILITY_CHANGED', { before: 'PRIVATE', after: 'TENANT' }],
    ]);
  });

  test('stays as it is when it is so already, and nothing is recorded; nothing to change is refused', async () => {
    const id = await create(owner.token, { name: 'Same', visibility: 'PRIVATE' });
    const update = (input: object) => api.gql(UPDATE, { input: { id, ...input } }, owner.token);
    for (const input of [{ visibility: 'PRIVATE' }, { name: ' Same ' }, { name: null, visibility: 'PRIVATE' }])
      expect((await update(input)).data.updateProject).toEqual({ name: 'Same', visibility: 'PRIVATE' });
    expect(await audited(id)).toEqual([]);
    for (const input of [{}, { name: null }, { name: '' }, { visibility: 'SECRET' }])
      expect(codeOf(await update(input))).toBe('BAD_INPUT');
  });
});

describe('the list of projects', () => {
  let lister: Awaited<ReturnType<TestApi['register']>>;

  beforeAll(async () => {
    lister = await api.register('lister');
    for (let number = 1; number <= 25; number++) await create(lister.token, { name: `P${number}` });
  });

  const names = (answer: Awaited<ReturnType<TestApi['gql']>>) =>
    answer.data.projects.nodes.map((node: { name: string }) => node.name);

  test('comes newest first, 20 at a time, and followed by cursors gives every project once', async () => {
    const seen: string[] = [];
    let after: string | null = null;
    for (let page = 0; page < 5; page++) {
      const answer = await api.gql(LIST, { first: 10, after }, lister.token);
      seen.push(...names(answer));
      after = answer.data.projects.pageInfo.endCursor;
      expect(answer.data.projects.pageInfo.hasPreviousPage).toBe(page > 0);
      if (!answer.data.projects.pageInfo.hasNextPage) break;
    }
    expect(seen).toEqual(Array.from({ length: 25 }, (_, index) => `P${25 - index}`));
    expect(names(await api.gql(LIST, {}, lister.token))).toHaveLength(20);
  });

  test('can be read from its end, in the same order', async () => {
    const end = await api.gql(LIST, { last: 3 }, lister.token);
    expect(names(end)).toEqual(['P3', 'P2', 'P1']);
    expect(end.data.projects.pageInfo).toMatchObject({ hasPreviousPage: true, hasNextPage: false });
    const before = await api.gql(LIST, { last: 2, before: end.data.projects.pageInfo.startCursor }, lister.token);
    expect(names(before)).toEqual(['P5', 'P4']);
  });

  test.each([
    [{ first: 0 }],
    [{ first: -1 }],
    [{ first: 101 }],
    [{ first: 2147483647 }],
    [{ last: 0 }],
    [{ first: 1, last: 1 }],
    [{ after: 'nonsense' }],
    [{ after: '' }],
    [{ before: "' or 1=1" }],
    [{ first: 99999999999 }],
    [{ first: 1.5 }],
  ])('refuses %j with BAD_INPUT', async (variables) => {
    expect(codeOf(await api.gql(LIST, variables, lister.token))).toBe('BAD_INPUT');
  });

  test('shows nothing of another tenant, whose cursor gives nothing away', async () => {
    const other = await api.register('other');
    const cursor = (await api.gql(LIST, { first: 1 }, lister.token)).data.projects.pageInfo.endCursor;
    expect(names(await api.gql(LIST, { after: cursor }, other.token))).toEqual([]);
  });
});
