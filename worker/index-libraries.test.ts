import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { captureSnapshot } from '../src/evidence/capture-snapshot.js';
import { indexSource } from '../src/evidence/index-source.js';
import { isIndexed } from '../src/evidence/keep-library-index.js';
import { plainDocument } from '../src/evidence/plain-document.js';
import { wantLibraryIndex, wantLibraryIndexIn } from '../src/evidence/want-library-index.js';
import { openDiskBlobStore } from '../src/platform/blobs/disk-blob-store.js';
import { createSignedUrls } from '../src/platform/blobs/signed-urls.js';
import { runSql } from '../src/platform/database/sql.js';
import { createLog } from '../src/platform/log.js';
import { createTestDatabase, type TestDatabase } from '../tests/support/database.js';
import { type SeededProject, seedProject } from '../tests/support/seed-project.js';
import { startTestWorker } from '../tests/support/start-test-worker.js';
import { indexDueLibraries } from './index-libraries.js';

let db: TestDatabase;
let queuePool: pg.Pool;
beforeAll(async () => {
  db = await createTestDatabase();
  queuePool = new pg.Pool({ connectionString: db.urls.queue, max: 1 });
});
afterAll(async () => {
  await queuePool?.end();
  await db?.drop();
});

const emOf = ({ tenantId }: SeededProject) => db.database.asTenant(tenantId);

async function library(): Promise<SeededProject> {
  const project = await seedProject(db);
  const { tenantId, projectId } = project;
  for (let i = 0; i < 9; i++) {
    const document = plainDocument(`Lantern number ${i} burns low in the hall, and oil is brought to it at night.`);
    const about = { originalSha256: null, extractor: 'text@1', mediaType: 'text/plain', capturedAt: new Date() };
    const snapshotId = await captureSnapshot(emOf(project), { tenantId, projectId, document, ...about });
    const facts = { title: 'Lanterns', connector: 'TEXT' as const, retrievedAt: new Date() };
    await indexSource(emOf(project), { tenantId, projectId, snapshotId, document, facts });
  }
  return project;
}

/** Those that wait, and in how many seconds they are due. */
async function jobsOf({ projectId }: SeededProject): Promise<number[]> {
  const { rows } = await db.admin.query(
    `select round(extract(epoch from run_at - clock_timestamp()))::integer as due from graphile_worker._private_jobs
     where key like 'index:%' and payload->>'projectId' = $1 and locked_at is null order by run_at`,
    [projectId],
  );
  return rows.map(({ due }) => due);
}

const work = (signal = new AbortController().signal) =>
  indexDueLibraries({ database: db.database, queuePool, log: createLog('test', 'silent'), signal });

it('keeps the index of a library that was wanted many times by one job, and leaves one that finds nothing to do', async () => {
  const project = await library();
  await Promise.all(Array.from({ length: 4 }, () => wantLibraryIndex(emOf(project), project.projectId)));
  const [due = 0, ...more] = await jobsOf(project);
  expect(more).toEqual([]);
  expect(due).toBeGreaterThan(10);
  await work();
  expect(await isIndexed(emOf(project), project.projectId)).toBe(false); // papers come in numbers: it is not due
  await wantLibraryIndexIn(emOf(project), project.projectId, 0);
  await work();
  expect(await isIndexed(emOf(project), project.projectId)).toBe(true);
  expect(await jobsOf(project)).toHaveLength(1); // would have gone on, had this worker died
  await wantLibraryIndexIn(emOf(project), project.projectId, 0);
  await work();
  expect(await jobsOf(project)).toEqual([]);
});

it('has a successor queued while it works, and tries again later when it fails', async () => {
  const project = await library();
  await db.admin.query('begin');
  await db.admin.query('lock table latent_spaces in exclusive mode'); // fails after lock_timeout
  await wantLibraryIndexIn(emOf(project), project.projectId, 0);
  const working = work();
  await expect.poll(async () => (await jobsOf(project))[0]).toBeGreaterThan(60);
  expect(await jobsOf(project)).toHaveLength(1);
  await working;
  await db.admin.query('rollback');
  const [later = 0, ...more] = await jobsOf(project);
  expect(more).toEqual([]);
  expect(later).toBeGreaterThan(500);
});

it('hands over at once when its worker stops', async () => {
  const project = await library();
  await db.admin.query('begin');
  await db.admin.query('lock table latent_spaces in exclusive mode');
  await wantLibraryIndexIn(emOf(project), project.projectId, 0);
  const stopped = new AbortController();
  const working = work(stopped.signal);
  await expect.poll(async () => (await jobsOf(project))[0]).toBeGreaterThan(60);
  stopped.abort('SHUTDOWN');
  await db.admin.query('rollback');
  await working;
  const [due = 1_000] = await jobsOf(project);
  expect(due).toBeLessThanOrEqual(0);
});

it('is wanted by nobody without a tenant, and moves no job of another tenant', async () => {
  const project = await library();
  await expect(wantLibraryIndex(db.database.asNobody(), project.projectId)).rejects.toThrow('there is no tenant');
  await wantLibraryIndex(emOf(project), project.projectId);
  const stranger = await seedProject(db);
  await runSql(emOf(stranger), 'select want_library_index($1, 0, true)', [project.projectId]);
  const { rows } = await db.admin.query(
    `select payload->>'tenantId' as tenant from graphile_worker._private_jobs where key = $1`,
    [`index:${project.tenantId}:${project.projectId}`],
  );
  expect(rows).toEqual([{ tenant: project.tenantId }]);
  await work(); // the stranger's finds no such library
  expect(await isIndexed(emOf(project), project.projectId)).toBe(false);
});

it('is done by a worker beside its stages, and nothing of it is left when the worker has stopped', async () => {
  const project = await library();
  const folder = await mkdtemp(join(tmpdir(), 'paperwright-indexing-'));
  const urls = createSignedUrls({
    secret: randomBytes(32),
    publicUrl: () => 'http://localhost',
    clock: () => new Date(),
  });
  const blobs = await openDiskBlobStore({ root: folder, urls });
  const worker = await startTestWorker({ urls: db.urls, blobs, pipelines: [], indexing: { everyMs: 50 } });
  try {
    await wantLibraryIndexIn(emOf(project), project.projectId, 0);
    await expect.poll(() => isIndexed(emOf(project), project.projectId), { timeout: 10_000 }).toBe(true);
  } finally {
    await worker.stop();
    await rm(folder, { recursive: true, force: true });
  }
  const locked = await db.admin.query(`select 1 from graphile_worker._private_jobs where locked_at is not null`);
  expect(locked.rowCount).toBe(0);
});
