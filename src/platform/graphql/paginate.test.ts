import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../tests/support/database.js';
import { type SeededProject, seedProject } from '../../../tests/support/seed-project.js';
import { type Project, ProjectEntity } from '../../projects/project.entity.js';
import type { Em } from '../database/database.js';
import { newId } from '../ids.js';
import { LoaderRegistry, loadById } from './loader-registry.js';
import { paginateEach } from './paginate.js';

let db: TestDatabase;
let seeded: SeededProject;
const owners: string[] = [];

beforeAll(async () => {
  db = await createTestDatabase();
  seeded = await seedProject(db);
  for (let owner = 0; owner < 3; owner++) {
    const userId = newId();
    owners.push(userId);
    await db.admin.query(`insert into users (id, email, display_name, password_hash) values ($1, $2, 'O', 'x')`, [
      userId,
      `${userId}@example.org`,
    ]);
    await db.admin.query(
      `insert into memberships (id, tenant_id, user_id, roles) values ($1, $2, $3, '{RESEARCHER}')`,
      [newId(), seeded.tenantId, userId],
    );
    for (let number = 1; number <= 5; number++) {
      await db.admin.query('insert into projects (id, tenant_id, owner_id, name) values ($1, $2, $3, $4)', [
        newId(),
        seeded.tenantId,
        userId,
        `${owner}-${number}`,
      ]);
    }
  }
});

afterAll(() => db?.drop());

/** Runs `read` in one transaction and says how many statements it took. */
async function counted<T>(read: (ctx: { em: Em; loaders: LoaderRegistry }) => Promise<T>): Promise<[T, number]> {
  const em = db.database.asTenant(seeded.tenantId);
  await em.begin();
  const spy = vi.spyOn(
    em.getTransactionContext<{ executeQuery(): unknown }>() as { executeQuery(): unknown },
    'executeQuery',
  );
  const result = await read({ em, loaders: new LoaderRegistry() });
  await em.rollback();
  return [result, spy.mock.calls.length];
}

const projectsOf = { entity: ProjectEntity, parent: 'ownerId' } as const;
const names = (page: { nodes: Project[] }) => page.nodes.map((project) => project.name);

test('the same list of many parents is one statement, with a page for each', async () => {
  const [pages, statements] = await counted((ctx) =>
    Promise.all([...owners, newId()].map((owner) => paginateEach<Project>(ctx, projectsOf, owner, { first: 2 }))),
  );
  expect(pages.map(names)).toEqual([['0-5', '0-4'], ['1-5', '1-4'], ['2-5', '2-4'], []]);
  expect(pages.map((page) => page.pageInfo.hasNextPage)).toEqual([true, true, true, false]);
  expect(statements).toBe(1);
});

test('rows come as entities, with dates as dates', async () => {
  const [page] = await counted((ctx) => paginateEach<Project>(ctx, projectsOf, owners[0] ?? '', { last: 1 }));
  expect(page.nodes[0]).toMatchObject({ name: '0-1', ownerId: owners[0], visibility: 'TENANT', archivedAt: null });
  expect(page.nodes[0]?.createdAt).toBeInstanceOf(Date);
});

test('cursors go on where a page ended, in either order', async () => {
  for (const order of ['newestFirst', 'oldestFirst'] as const) {
    const [seen] = await counted(async (ctx) => {
      const first = await paginateEach<Project>(ctx, { ...projectsOf, order }, owners[1] ?? '', { first: 3 });
      const after = first.pageInfo.endCursor;
      const rest = await paginateEach<Project>(ctx, { ...projectsOf, order }, owners[1] ?? '', { first: 3, after });
      const back = await paginateEach<Project>(ctx, { ...projectsOf, order }, owners[1] ?? '', {
        last: 2,
        before: rest.pageInfo.startCursor,
      });
      expect(names(back)).toEqual(names(first).slice(1));
      return [...names(first), ...names(rest)];
    });
    expect(seen).toEqual(
      order === 'newestFirst' ? ['1-5', '1-4', '1-3', '1-2', '1-1'] : ['1-1', '1-2', '1-3', '1-4', '1-5'],
    );
  }
});

test('conditions narrow a list: one value, several, absence, or none at all', async () => {
  const list = async (where: Record<string, string | string[] | null | undefined>) => {
    const [page] = await counted((ctx) => paginateEach<Project>(ctx, { ...projectsOf, where }, owners[2] ?? '', {}));
    return names(page);
  };
  expect(await list({ name: '2-3' })).toEqual(['2-3']);
  expect(await list({ name: ['2-3', '2-1', '0-1'] })).toEqual(['2-3', '2-1']);
  expect(await list({ name: [] })).toEqual([]);
  expect(await list({ archivedAt: null })).toHaveLength(5);
  expect(await list({ name: undefined })).toHaveLength(5);
});

test('rows asked for by id at once are one statement; what does not exist is null', async () => {
  const [found, statements] = await counted((ctx) =>
    Promise.all([seeded.projectId, newId(), seeded.projectId].map((id) => loadById(ctx, ProjectEntity, id))),
  );
  expect(found.map((project) => project?.name)).toEqual(['Project', undefined, 'Project']);
  expect(statements).toBe(1);
});
