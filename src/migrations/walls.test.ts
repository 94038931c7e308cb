import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../tests/support/database.js';
import { createActor, createProjectRow } from '../../tests/support/people.js';
import { newId } from '../platform/ids.js';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db?.drop());

/** Tables that belong to no tenant, each with the reason why that is safe. */
const TENANTLESS: Record<string, string> = {
  schema_migrations: 'names of files; readable by pw_app only',
  workers: 'leases of processes; no data of anyone',
  service_health: 'how calls of services went; no data of anyone',
  users: 'global people; row security shows fellow members only',
  tenants: 'row security by its own id',
  sign_in_attempts: 'hashed counters; pw_system only',
  rate_buckets: 'hashed counters; pw_system only',
  second_factors: 'of people, not tenants; pw_system only',
  recovery_codes: 'of people, not tenants; pw_system only',
  mfa_challenges: 'of people, not tenants; pw_system only',
  google_accounts: 'of people, not tenants; pw_system only',
  password_resets: 'of people, not tenants; pw_system only',
  lanes: 'names of public hosts; pw_system only',
};

const tables = async (): Promise<string[]> => {
  const { rows } = await db.admin.query(
    `select c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where n.nspname = 'public' and c.relkind in ('r', 'p') and not c.relispartition order by 1`,
  );
  return rows.map((row) => row.relname);
};

test('every table is walled: row security is enabled and forced, and a policy reads the tenant', async () => {
  const { rows } = await db.admin.query(
    `select c.relname, c.relrowsecurity as enabled, c.relforcerowsecurity as forced,
            (select count(*) from pg_policy p where p.polrelid = c.oid
               and pg_get_expr(p.polqual, p.polrelid) like '%app.tenant%')::int as policies
     from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where n.nspname = 'public' and c.relkind in ('r', 'p') and not c.relispartition`,
  );
  const open = rows.filter((row) => !(row.relname in TENANTLESS) && !(row.enabled && row.forced && row.policies > 0));
  expect(open.map((row) => row.relname)).toEqual([]);
  expect(rows.length).toBeGreaterThan(Object.keys(TENANTLESS).length);
});

test('every reference between tenant tables is composite with tenant_id: foreign keys bypass row security', async () => {
  const { rows } = await db.admin.query(
    `select c.conrelid::regclass::text as child, c.confrelid::regclass::text as parent,
            (select array_agg(a.attname::text) from unnest(c.conkey) k join pg_attribute a on a.attrelid = c.conrelid and a.attnum = k) as columns
     from pg_constraint c where c.contype = 'f' and c.connamespace = 'public'::regnamespace`,
  );
  const offenders = rows.filter(
    (row) =>
      !(row.parent in TENANTLESS) &&
      !(row.child in TENANTLESS) &&
      !String(row.columns).replace(/[{}]/g, '').split(',').includes('tenant_id'),
  );
  expect(offenders).toEqual([]);
});

test('nobody reads a partition directly, past the policies of its parent', async () => {
  const { rows } = await db.admin.query(
    `select c.relname from pg_class c where c.relispartition
     and (has_table_privilege('pw_app', c.oid, 'select') or has_table_privilege('pw_queue', c.oid, 'select'))`,
  );
  expect(rows).toEqual([]);
});

test('no role of the product is a superuser or bypasses row security', async () => {
  const { rows } = await db.admin.query(
    `select rolname from pg_roles where rolname like 'pw_%' and (rolsuper or rolbypassrls)`,
  );
  expect(rows).toEqual([]);
});

test('every SECURITY DEFINER function pins its search_path, belongs to pw_system and is closed to the public', async () => {
  const { rows } = await db.admin.query(
    `select p.proname, r.rolname as owner, p.proconfig::text as config,
            exists (select 1 from aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a where a.grantee = 0) as public_may
     from pg_proc p join pg_roles r on r.oid = p.proowner join pg_namespace n on n.oid = p.pronamespace
     where n.nspname = 'public' and p.prosecdef`,
  );
  expect(rows.length).toBeGreaterThan(5);
  expect(
    rows.filter((row) => row.owner !== 'pw_system' || !row.config?.includes('search_path') || row.public_may),
  ).toEqual([]);
});

test('a connection without a tenant sees no row of any table', async () => {
  const actor = await createActor(db);
  await createProjectRow(db, actor);
  const client = new pg.Client({ connectionString: db.urls.app });
  await client.connect();
  try {
    for (const table of await tables()) {
      if (['schema_migrations', 'workers'].includes(table)) continue;
      const answer = await client.query(`select count(*)::int as n from ${table}`).catch((error) => error);
      // either refused outright, or empty
      if (!(answer instanceof Error)) expect({ table, n: answer.rows[0].n }).toEqual({ table, n: 0 });
      else expect((answer as { code?: string }).code, table).toBe('42501');
    }
  } finally {
    await client.end();
  }
});

test('a row of one tenant cannot be seen, changed or referenced by another', async () => {
  const [mine, theirs] = [await createActor(db), await createActor(db)];
  const foreign = await createProjectRow(db, theirs);
  const em = db.database.asActor(mine);
  const rows = (sql: string, params: unknown[] = []) => em.fork().execute(sql, params);
  expect(await rows('select id from projects where id = ?', [foreign])).toEqual([]);
  expect(await rows(`update projects set name = 'mine' where id = ? returning id`, [foreign])).toEqual([]);
  expect(await rows('delete from projects where id = ? returning id', [foreign])).toEqual([]);
  await expect(
    rows(
      `insert into runs (id, tenant_id, project_id, kind, status, limits, input_hash, created_by) values (?, ?, ?, 'X', 'CREATED', '{}', '', ?)`,
      [newId(), mine.tenantId, foreign, mine.userId],
    ),
  ).rejects.toThrow(/foreign key|row-level security/);
});

test('a PRIVATE project is hidden from other members and seen by its owner and the tenant’s owners', async () => {
  const owner = await createActor(db, 'RESEARCHER');
  const colleague = await createActor(db, 'ADMIN', owner.tenantId);
  const boss = await createActor(db, 'OWNER', owner.tenantId);
  const id = await createProjectRow(db, owner, 'PRIVATE');
  const sees = async (actor: typeof owner) =>
    (await db.database.asActor(actor).execute('select id from projects where id = ?', [id])).length === 1;
  expect(await Promise.all([owner, colleague, boss].map(sees))).toEqual([true, false, true]);
});

test('a job for a run of another tenant is refused by the queue itself', async () => {
  const [mine, theirs] = [await createActor(db), await createActor(db)];
  const project = await createProjectRow(db, theirs);
  const run = newId();
  await db.admin.query(
    `insert into runs (id, tenant_id, project_id, kind, status, limits, input_hash, created_by) values ($1, $2, $3, 'X', 'QUEUED', '{}', '', $4)`,
    [run, theirs.tenantId, project, theirs.userId],
  );
  await expect(
    db.database.asTenant(mine.tenantId).execute(`select enqueue_stage(?, 'first', 0)`, [run]),
  ).rejects.toThrow(/not of the current tenant/);
});
