import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openAuditHeads } from '../src/identity/audit/audit-head.js';
import { recordAudit } from '../src/identity/audit/record-audit.js';
import { createSealer } from '../src/identity/mfa/sealed-secret.js';
import { openDiskBlobStore } from '../src/platform/blobs/disk-blob-store.js';
import { createSignedUrls } from '../src/platform/blobs/signed-urls.js';
import type { Actor } from '../src/platform/database/actor.js';
import type { Em } from '../src/platform/database/em.js';
import { createTestDatabase, type TestDatabase } from '../tests/support/database.js';
import { createActor } from '../tests/support/people.js';
import { startTestWorker } from '../tests/support/start-test-worker.js';
import type { RunningWorker } from './start-worker.js';

const [BEFORE, NOW] = ['the secret key before, of 32 characters', 'the secret key of now, of 32 characters'] as const;
const KEYS = { before: Buffer.alloc(32, 6), now: Buffer.alloc(32, 7) };

let db: TestDatabase;
let root: string;
let worker: RunningWorker;
let actor: Actor;
let store: ReturnType<typeof openAuditHeads>;
const record = () => db.database.asActor(actor).transactional((em) => recordAudit(em as Em, { action: 'RUN_STARTED' }));

beforeAll(async () => {
  db = await createTestDatabase();
  root = await mkdtemp(path.join(tmpdir(), 'paperwright-heads-'));
  const urls = createSignedUrls({ secret: Buffer.alloc(32, 1), publicUrl: () => 'http://x', clock: () => new Date() });
  const blobs = await openDiskBlobStore({ root, urls });
  store = openAuditHeads(blobs, KEYS.now);
  actor = await createActor(db);
  await db.admin.query(
    `insert into second_factors (user_id, sealed_secret, digits, period_seconds, last_step) values ($1, $2, 6, 30, -1)`,
    [actor.userId, createSealer(BEFORE).seal(Buffer.from('secret'), actor.userId)],
  );
  await record();
  const end = `select seq, encode(hash, 'hex') as hash from audit_heads where tenant_id = $1`;
  const [head] = (await db.admin.query(end, [actor.tenantId])).rows;
  const signedAt = new Date().toISOString();
  await openAuditHeads(blobs, KEYS.before).write({ tenantId: actor.tenantId, ...head, signedAt });
  worker = await startTestWorker({
    urls: db.urls,
    blobs,
    pipelines: [],
    auditHeads: { store: openAuditHeads(blobs, KEYS.now, [KEYS.before]), everyMs: 100 },
    sealer: createSealer(NOW, [BEFORE]),
  });
});
afterAll(async () => {
  await worker?.stop();
  await db?.drop();
  await rm(root, { recursive: true, force: true });
});

test('after the secret was changed, a worker makes anew what the key before had made: seals and signed heads', async () => {
  const { rows } = await db.admin.query('select sealed_secret from second_factors');
  expect(createSealer(NOW).open(rows[0].sealed_secret, actor.userId).toString()).toBe('secret');
  await expect.poll(() => store.read(actor.tenantId), { timeout: 10_000 }).toMatchObject({ seq: 1 });
});

test('a worker signs the ends of logs as they grow', async () => {
  await record();
  await expect.poll(() => store.read(actor.tenantId), { timeout: 10_000 }).toMatchObject({ seq: 2 });
});
