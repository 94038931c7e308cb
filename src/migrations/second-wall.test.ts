/**
 * The second wall, with the first one taken away: statements without any filter of ours, sent as the API's own role within
 * a tenant's transaction, against rows of two tenants in every table there is. A table that is added tomorrow is tried
 * tomorrow: rows are made from the catalogue, with constraints and triggers out of the way.
 */
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../tests/support/database.js';
import { createActor } from '../../tests/support/people.js';
import type { Actor } from '../platform/database/actor.js';

interface Column {
  name: string;
  type: string;
  needed: boolean; // not null, and without a default
  readable: boolean;
  writable: boolean;
}

interface Table {
  name: string;
  columns: Column[];
  may: { insert: boolean; delete: boolean };
}

let db: TestDatabase;
let app: pg.Client;
let mine: Actor;
let theirs: Actor;
let tables: Table[];

beforeAll(async () => {
  db = await createTestDatabase();
  mine = await createActor(db);
  theirs = await createActor(db);
  tables = await readTables();
  await dropChecks();
  await db.admin.query('set session_replication_role = replica'); // no foreign keys, no triggers
  for (const table of tables.filter(isOfTenants)) {
    for (const { tenantId } of [mine, theirs]) await fill(db.admin, table, tenantId);
  }
  app = new pg.Client({ connectionString: db.urls.app });
  await app.connect();
});
afterAll(async () => {
  await app?.end();
  await db?.drop();
});

const isOfTenants = ({ columns }: Table) => columns.some(({ name }) => name === 'tenant_id');

async function readTables(): Promise<Table[]> {
  const { rows } = await db.admin.query(
    `select c.relname as name, a.attname as column, format_type(a.atttypid, null) as type,
            a.attnotnull and not a.atthasdef and a.attidentity = '' as needed,
            has_column_privilege('pw_app', c.oid, a.attnum, 'select') as readable,
            has_column_privilege('pw_app', c.oid, a.attnum, 'update') and a.attgenerated = '' as writable,
            has_table_privilege('pw_app', c.oid, 'insert') as may_insert, has_table_privilege('pw_app', c.oid, 'delete') as may_delete
     from pg_class c join pg_attribute a on a.attrelid = c.oid
     where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
       and a.attnum > 0 and not a.attisdropped
     order by c.relname, a.attnum`,
  );
  const byName = new Map<string, Table>();
  for (const { name, column, may_insert, may_delete, ...rest } of rows) {
    const table: Table = byName.get(name) ?? { name, columns: [], may: { insert: may_insert, delete: may_delete } };
    table.columns.push({ name: column, ...rest });
    byName.set(name, table);
  }
  return [...byName.values()];
}

async function dropChecks(): Promise<void> {
  const { rows } = await db.admin.query(
    `select conrelid::regclass::text as table, conname as name from pg_constraint
     where contype = 'c' and connamespace = 'public'::regnamespace and conislocal`,
  );
  for (const { table, name } of rows) await db.admin.query(`alter table ${table} drop constraint if exists "${name}"`);
}

/** A row of nothing in particular. */
async function fill(client: pg.Client, { name, columns }: Table, tenantId: string): Promise<void> {
  const given = columns.filter((column) => column.needed || column.name === 'tenant_id');
  const values = given.map((column) => (column.name === 'tenant_id' ? `'${tenantId}'` : someOf(column.type)));
  const names = given.map((column) => `"${column.name}"`);
  await client.query(`insert into ${name} (${names.join(', ')}) values (${values.join(', ')})`);
}

function someOf(type: string): string {
  const array = /^(.*)\[\]$/.exec(type)?.[1];
  if (array) return `array[${someOf(array)}]::${type}`;
  switch (type) {
    case 'uuid':
      return 'gen_random_uuid()';
    case 'text':
      return 'gen_random_uuid()::text';
    case 'bytea':
      return 'sha256(gen_random_uuid()::text::bytea)';
    case 'jsonb':
      return `'{}'`;
    case 'bit varying':
      return `B'1'`;
    case 'boolean':
      return 'false';
    case 'smallint':
      return '(random() * 30000)::smallint';
    case 'timestamp with time zone':
      return 'now()';
    default:
      return `(random() * 1000000000)::${type}`; // numbers; what is none fails here, and wants a line of its own
  }
}

/** As the API's role in a transaction of `mine`; nothing of it stays. */
async function asMine<T>(work: () => Promise<T>): Promise<T> {
  await app.query('begin');
  try {
    await app.query(`select set_config('app.tenant', $1, true), set_config('app.user', $2, true)`, [
      mine.tenantId,
      mine.userId,
    ]);
    return await work();
  } finally {
    await app.query('rollback');
  }
}

test('every table of tenants holds rows of both, or this file shows nothing', async () => {
  expect(tables.filter(isOfTenants).length).toBeGreaterThan(20);
  for (const { name } of tables.filter(isOfTenants)) {
    const { rows } = await db.admin.query(
      `select count(*) filter (where tenant_id = $1)::int as mine, count(*) filter (where tenant_id = $2)::int as theirs from ${name}`,
      [mine.tenantId, theirs.tenantId],
    );
    expect([name, rows[0].mine > 0, rows[0].theirs > 0]).toEqual([name, true, true]);
  }
});

describe('a statement without a filter', () => {
  test('reads all rows of its tenant, in every table, and none of another', async () => {
    for (const { name, columns } of tables.filter(isOfTenants)) {
      const readable = columns.filter((column) => column.readable).map((column) => `"${column.name}"`);
      const { rows: all } = await db.admin.query(`select count(*)::int as n from ${name} where tenant_id = $1`, [
        mine.tenantId,
      ]);
      if (readable.length === 0) {
        const refusal = await asMine(() => app.query(`select 1 from ${name}`)).catch((error) => error.code);
        expect([name, refusal]).toEqual([name, '42501']);
        continue;
      }
      const { rows } = await asMine(() => app.query(`select ${readable.join(', ')} from ${name}`));
      expect([name, rows.length]).toEqual([name, all[0].n]);
      const foreign = rows.filter((row) => 'tenant_id' in row && row.tenant_id !== mine.tenantId);
      expect([name, foreign]).toEqual([name, []]);
    }
  });

  test('sees of people and tenants its own', async () => {
    const seen = (query: string) => asMine(() => app.query(query));
    expect((await seen('select id from tenants')).rows).toEqual([{ id: mine.tenantId }]);
    expect((await seen('select id from users')).rows).toEqual([{ id: mine.userId }]);
  });

  test('deletes and changes rows of its own tenant at most', async () => {
    for (const { name, columns, may } of tables.filter(isOfTenants)) {
      const { rows } = await db.admin.query(`select count(*)::int as n from ${name} where tenant_id = $1`, [
        mine.tenantId,
      ]);
      const attempts = columns
        .filter((column) => column.writable)
        .slice(0, 1)
        .map((column) => `update ${name} set "${column.name}" = "${column.name}"`);
      if (may.delete) attempts.push(`delete from ${name}`);
      for (const attempt of attempts) {
        // a foreign key may keep a row: then nothing was changed at all
        const { rowCount } = await asMine(() => app.query(attempt)).catch(() => ({ rowCount: 0 }));
        expect([attempt, rowCount]).toEqual([attempt, rowCount === 0 ? 0 : rows[0].n]);
      }
      const { rows: left } = await db.admin.query(`select count(*)::int as n from ${name} where tenant_id = $1`, [
        theirs.tenantId,
      ]);
      expect([name, left[0].n > 0]).toEqual([name, true]);
    }
  });

  test('puts no row into another tenant', async () => {
    for (const table of tables.filter((each) => isOfTenants(each) && each.may.insert)) {
      const refusal = await asMine(() => fill(app, table, theirs.tenantId)).catch((error) => error.message);
      expect([table.name, refusal]).toEqual([
        table.name,
        expect.stringMatching(/row-level security|permission denied/),
      ]);
    }
  });
});

describe('there is no way around:', () => {
  const names = async (query: string) => (await db.admin.query(query)).rows.map((row) => Object.values(row).join(' '));

  test('no view, materialised view or foreign table stands before the tables', async () => {
    expect(
      await names(
        `select relname from pg_class where relnamespace = 'public'::regnamespace and relkind in ('v', 'm', 'f')`,
      ),
    ).toEqual([]);
  });

  test('nobody but the owners may do anything with a partition', async () => {
    const partitions = await names(
      `select c.relname, a.grantee::regrole from pg_class c, aclexplode(c.relacl) a
       where c.relispartition and a.grantee <> c.relowner`,
    );
    expect(partitions).toEqual([]);
  });

  test('the public has no right to any table, and the queue’s role none to ours', async () => {
    const rights = await names(
      `select c.relname, case a.grantee when 0 then 'public' else a.grantee::regrole::text end from pg_class c, aclexplode(c.relacl) a
       where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'v', 'm', 'S')
         and (a.grantee = 0 or a.grantee = 'pw_queue'::regrole)`,
    );
    expect(rights).toEqual([]);
  });

  test('the API’s role reads nothing of the queue, whose jobs are of all tenants', async () => {
    const open = await names(
      `select c.relname from pg_class c where c.relnamespace = 'graphile_worker'::regnamespace
         and c.relkind in ('r', 'p', 'v') and has_any_column_privilege('pw_app', c.oid, 'select')
         and has_schema_privilege('pw_app', c.relnamespace, 'usage')`,
    );
    expect(open).toEqual([]);
  });

  test('only pw_system’s policies see all tenants, and nobody may become pw_system but the owner of the migrations', async () => {
    const open = await names(
      `select polrelid::regclass, polname from pg_policy
       where pg_get_expr(polqual, polrelid) = 'true' and polroles <> array['pw_system'::regrole]::oid[]`,
    );
    expect(open).toEqual([]);
    const members = await names(
      `select r.rolname from pg_auth_members m join pg_roles r on r.oid = m.member
       where m.roleid = 'pw_system'::regrole and not r.rolsuper`,
    );
    expect(members).toEqual(['pw_owner']);
  });

  // What runs with the rights of pw_system, before a tenant is known or across them. A new one is a gate in the wall: look
  // at who may call it and what it answers, then add it here.
  const GATES = `
    accept_invitation admit_external append_audit_entry audit_heads_since authenticate_api_key authenticate_external
    authenticate_sessions begin_my_second_factor close_lane confirm_my_second_factor count_sign_in_attempt
    create_account create_partitions drop_stale_jobs end_sessions enqueue_stage enter_lane find_stranded_runs
    forget_sign_in_attempts google_lookup guess_mfa_challenge hidden_projects invitation_lookup invite_member
    issue_password_reset issue_password_reset_as_operator link_google_account live_credentials lost_access
    my_account my_password_hash my_second_factor my_tenants nearest_by_index open_local_tenant open_mfa_challenge
    open_session pass_mfa_challenge password_reset_lookup queue_depth record_audit record_external_member
    record_sign_in_failure register_account rehash_password remove_membership remove_my_second_factor
    replace_my_recovery_codes reseal_second_factor reset_password rotate_refresh_token run_heads seals_without
    set_my_password settle_rate_buckets sign_in_lookup spend_my_code stages_to_stop unlink_my_google_account
    want_library_index
  `
    .trim()
    .split(/\s+/);

  test('the functions that see more than their caller are these, with the search_path pinned', async () => {
    const { rows } = await db.admin.query(
      `select p.proname as name, p.proconfig as config from pg_proc p
       where p.prosecdef and p.pronamespace = 'public'::regnamespace order by 1`,
    );
    expect([...new Set(rows.map((row) => row.name))]).toEqual(GATES);
    expect(rows.filter((row) => !row.config?.includes('search_path=pg_catalog, public'))).toEqual([]);
  });
});
