/** Whatever is uploaded as a paper: its run ends with a reason and a hint, and the worker goes on with the next one. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ingestPaper } from '../../src/kinds/ingestion/ingest-paper.js';
import { prepareUpload } from '../../src/papers/prepare-upload.js';
import { uploadKey } from '../../src/platform/blobs/blob-key.js';
import type { BlobStore } from '../../src/platform/blobs/blob-store.js';
import { openDiskBlobStore } from '../../src/platform/blobs/disk-blob-store.js';
import { createSignedUrls } from '../../src/platform/blobs/signed-urls.js';
import type { ActorContext } from '../../src/platform/graphql/api-context.js';
import { encodeId } from '../../src/platform/ids.js';
import { type Run, RunEntity } from '../../src/runs/run.entity.js';
import { INGESTION_PIPELINE } from '../../worker/pipelines/ingestion/stages.js';
import type { RunningWorker } from '../../worker/start-worker.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { bombPdf, encryptedPdf, longPdf, loopedPdf, truncatedPdf } from '../support/hostile-pdfs.js';
import { contextFor, createActor, createProjectRow } from '../support/people.js';
import { column, simplePdf } from '../support/simple-pdf.js';
import { startTestWorker } from '../support/start-test-worker.js';

const MIB = 1024 * 1024;
const LIMIT_MS = 120_000; // two minutes for a reader that is killed at its memory cap, on a busy machine

let db: TestDatabase;
let folder: string;
let blobs: BlobStore;
let worker: RunningWorker;
let ctx: ActorContext;
let projectId: string;

beforeAll(async () => {
  db = await createTestDatabase({ poolSize: 20 });
  folder = await mkdtemp(join(tmpdir(), 'hostile-papers-'));
  const secret = Buffer.alloc(32, 1);
  const urls = createSignedUrls({ secret, publicUrl: () => 'http://localhost', clock: () => new Date() });
  blobs = await openDiskBlobStore({ root: folder, urls });
  const actor = await createActor(db, 'RESEARCHER');
  projectId = await createProjectRow(db, actor);
  ctx = contextFor(db, actor, { blobs });
  await ctx.services.runs.feed.start();
  worker = await startTestWorker({
    urls: db.urls,
    blobs,
    pipelines: [INGESTION_PIPELINE],
    concurrency: 2,
    stageTimeoutMs: LIMIT_MS,
  });
});

afterAll(async () => {
  await worker?.stop();
  await ctx?.services.runs.feed.stop();
  await db?.drop();
  await rm(folder, { recursive: true, force: true });
});

async function ingested(bytes: Buffer): Promise<Run> {
  const file = { fileName: 'paper.pdf', bytes: bytes.length, mediaType: 'application/pdf' };
  const { uploadId } = await prepareUpload(ctx, { projectId, ...file });
  await blobs.put(uploadKey(ctx.actor.tenantId, uploadId), bytes);
  const { id } = await ingestPaper(ctx, {
    projectId: encodeId('proj', projectId),
    uploadId: encodeId('upl', uploadId),
  });
  for await (const _ of ctx.services.runs.feed.follow({ actor: ctx.actor, runId: id, after: 0 })) void _;
  return db.database.asTenant(ctx.actor.tenantId).findOneOrFail(RunEntity, { id });
}

test.each([
  ['encrypted', encryptedPdf, /encrypted/],
  ['cut short', truncatedPdf, /damaged or cut short/],
  ['a page tree that contains itself', loopedPdf, /./],
  ['of 10,000 pages', () => longPdf(10_000), /pages; the limit is/],
  ['unfolds to 800 MB', () => bombPdf(800 * MIB), /./],
  ['no PDF at all', () => Buffer.from('<!doctype html><title>Not found</title>'), /HTML page/],
  [
    'noise behind the right first bytes',
    () => Buffer.concat([Buffer.from('%PDF-1.7\n'), Buffer.alloc(50_000, 0xa7)]),
    /./,
  ],
])('a PDF that is %s ends its run with a reason and a hint', { timeout: LIMIT_MS }, async (_what, make, sentence) => {
  const run = await ingested(make());
  expect(run.status).toBe('FAILED');
  expect(run.failure).toMatchObject({
    code: 'UNREADABLE_DOCUMENT',
    retryable: false,
    hint: expect.stringMatching(/\w/),
  });
  expect(run.failure?.message).toMatch(sentence);
  expect(JSON.stringify(run.failure)).not.toMatch(/\bat \w+ \(|node_modules|\/tmp\//);
});

test('the same worker reads the next good paper', { timeout: LIMIT_MS }, async () => {
  const prose = column(['Bees return to flowers that they have visited before, and remember their colours.']);
  expect(await ingested(simplePdf([prose]))).toMatchObject({ status: 'SUCCEEDED', failure: null });
});
