import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { openAuditHeads } from '../src/identity/audit/audit-head.js';
import { recordAudit } from '../src/identity/audit/record-audit.js';
import { openDiskBlobStore } from '../src/platform/blobs/disk-blob-store.js';
import { createSignedUrls } from '../src/platform/blobs/signed-urls.js';
import type { Em } from '../src/platform/database/em.js';
import { createTestDatabase } from '../tests/support/database.js';
import { createActor } from '../tests/support/people.js';
import { startTestWorker } from '../tests/support/start-test-worker.js';

test('a worker signs the ends of logs as they grow', async () => {
  const db = await createTestDatabase();
  const root = await mkdtemp(path.join(tmpdir(), 'paperwright-heads-'));
  const urls = createSignedUrls({ secret: Buffer.alloc(32, 1), publicUrl: () => 'http://x', clock: () => new Date() });
  const blobs = await openDiskBlobStore({ root, urls });
  const store = openAuditHeads(blobs, Buffer.alloc(32, 7));
  const { tenantId, ...rest } = await createActor(db);
  const record = () =>
    db.database.asActor({ tenantId, ...rest }).transactional((em) => recordAudit(em as Em, { action: 'RUN_STARTED' }));
  await record();
  const worker = await startTestWorker({
    urls: db.urls,
    blobs,
    pipelines: [],
    auditHeads: { store, everyMs: 100 },
  });
  try {
    await expect.poll(() => store.read(tenantId), { timeout: 10_000 }).toMatchObject({ seq: 1 });
    await record();
    await expect.poll(() => store.read(tenantId), { timeout: 10_000 }).toMatchObject({ seq: 2 });
  } finally {
    await worker.stop();
    await db.drop();
    await rm(root, { recursive: true, force: true });
  }
});
