import { afterAll, beforeAll, expect, it } from 'vitest';
import { createLog } from '../src/platform/log.js';
import { createTestDatabase, type TestDatabase } from '../tests/support/database.js';
import { startKeepingIndexes } from './keep-indexes.js';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db?.drop());

it.each([
  ['is not there', () => 'postgres://nobody:x@127.0.0.1:1/none'],
  ['has not the extension', () => db.urls.owner],
])('is stopped at once and leaves no connection where Postgres %s', async (_, url) => {
  await startKeepingIndexes(url(), createLog('test', 'silent')).stop();
  const left = `select 1 from pg_stat_activity where application_name = 'paperwright-indexes' and datname = current_database()`;
  await expect.poll(async () => (await db.admin.query(left)).rowCount).toBe(0);
});
