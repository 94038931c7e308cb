import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../tests/support/database.js';
import type { Em } from './database.js';
import { runSql } from './sql.js';

const POOL = 3;
let db: TestDatabase;

beforeAll(async () => {
  db = await createTestDatabase({ poolSize: POOL });
});
afterAll(() => db?.drop());

const killAll = () =>
  db.admin.query(
    `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`,
  );
const query = () => runSql<{ one: number }>(db.database.asNobody(), 'select 1 as one');

test('transactions whose connection the server cuts do not use up the pool', async () => {
  for (let round = 0; round < 2 * POOL; round++) {
    const cut = db.database.asNobody().transactional(async (em) => {
      await runSql(em as Em, 'select 1');
      await killAll();
      await runSql(em as Em, 'select 1');
    });
    await expect(cut).rejects.toThrow(/terminat|closed|not queryable/i);
  }
  expect(await query()).toEqual([{ one: 1 }]);
});

test('statements that meet a connection cut while it lay idle do not use up the pool', async () => {
  for (let round = 0; round < 2 * POOL; round++) {
    await Promise.allSettled(Array.from({ length: POOL }, query)); // the cuts of the round before may still arrive
    const killed = killAll();
    await Promise.allSettled(Array.from({ length: POOL }, query));
    await killed;
  }
  await vi.waitFor(() => Promise.all(Array.from({ length: POOL }, query)), { timeout: 30_000 });
});
