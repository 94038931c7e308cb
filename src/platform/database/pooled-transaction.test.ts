import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../tests/support/database.js';

let db: TestDatabase;
const tenant = randomUUID();
const TENANT = `select current_setting('app.tenant', true) as tenant`;

beforeAll(async () => {
  db = await createTestDatabase();
});

afterAll(() => db.drop());

it('scopes a transaction, and what comes after it on the same connection not at all', async () => {
  const inside = await db.database.inTenant(tenant, (sql) => sql.query<{ tenant: string }>(TENANT, []));
  expect(inside).toEqual([{ tenant }]);
  expect(await db.database.eachInTenant(tenant).query(TENANT, [])).toEqual([{ tenant }]);
  expect(await db.database.nobody.query(TENANT, [])).toEqual([{ tenant: '' }]);
});

it('rolls back when the work fails, before or after its statements, and goes on with the connection', async () => {
  const insert = `insert into workers (id, host, pid, version, lease_until) values ($1, 'here', 1, 'x', now())`;
  const failing = db.database.inTenant(tenant, async (sql) => {
    await sql.query(insert, [randomUUID()]);
    throw new Error('thought better of it');
  });
  await expect(failing).rejects.toThrow('thought better of it');
  await expect(db.database.inTenant(tenant, async () => Promise.reject(new Error('at once')))).rejects.toThrow(
    'at once',
  );
  await expect(db.database.inTenant(tenant, (sql) => sql.query('select 1 / 0', []))).rejects.toThrow(
    'division by zero',
  );
  expect(await db.database.nobody.query(`select 1 from workers where host = 'here'`, [])).toEqual([]);
});

it('tells the fault of a single statement, and goes on with the connection', async () => {
  for (let i = 0; i < 30; i++) {
    await expect(db.database.eachInTenant(tenant).query('select 1 / $1::integer', [0])).rejects.toThrow(
      'division by zero',
    );
  }
  expect(await db.database.eachInTenant(tenant).query('select 4 / $1::integer as n', [2])).toEqual([{ n: 2 }]);
});

it('gives the places of broken connections back', async () => {
  const kill = 'select pg_terminate_backend(pg_backend_pid())';
  for (let i = 0; i < 30; i++) {
    await expect(db.database.inTenant(tenant, (sql) => sql.query(kill, []))).rejects.toThrow();
    await expect(db.database.eachInTenant(tenant).query(kill, [])).rejects.toThrow();
  }
  expect(await db.database.eachInTenant(tenant).query('select 1 as n', [])).toEqual([{ n: 1 }]);
});
