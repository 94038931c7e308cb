import { afterAll, beforeAll, expect, it } from 'vitest';
import { createLog } from '../../src/platform/log.js';
import { loadServiceHealth } from '../../src/platform/service-health/service-health.js';
import { createTestDatabase, type TestDatabase } from '../../tests/support/database.js';
import { openHealthReport } from './report-health.js';

const log = createLog('test', 'silent');

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db?.drop());

const read = async () => (await loadServiceHealth(db.database.nobody, ['ARXIV']))[0];

it('writes an outcome of another kind at once, and one of the same kind every five seconds', async () => {
  let now = 0;
  const report = openHealthReport(db.database.nobody, log, () => now);
  expect(await read()).toBeUndefined();
  await report({ service: 'ARXIV', failureCode: null });
  const first = await read();
  expect(first).toMatchObject({ lastFailureAt: null, lastFailureCode: null });
  now = 4_999;
  await report({ service: 'ARXIV', failureCode: null });
  expect(await read()).toEqual(first);
  await report({ service: 'ARXIV', failureCode: 'HTTP_503' });
  expect(await read()).toMatchObject({ lastSuccessAt: first?.lastSuccessAt, lastFailureCode: 'HTTP_503' });
  now = 20_000;
  await report({ service: 'ARXIV', failureCode: null });
  const last = await read();
  expect(last?.lastSuccessAt?.getTime()).toBeGreaterThan(first?.lastSuccessAt?.getTime() ?? Number.POSITIVE_INFINITY);
  expect(last?.lastFailureCode).toBe('HTTP_503');
});

it('never stands in the way: what cannot be written is left', async () => {
  const broken = { query: () => Promise.reject(new Error('no database')) };
  await expect(openHealthReport(broken, log)({ service: 'ARXIV', failureCode: null })).resolves.toBeUndefined();
});
