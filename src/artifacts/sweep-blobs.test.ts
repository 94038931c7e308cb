import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../tests/support/database.js';
import { type SeededProject, seedProject } from '../../tests/support/seed-project.js';
import { seedRun } from '../../tests/support/seed-run.js';
import { contentKey, uploadKey } from '../platform/blobs/blob-key.js';
import { type BlobStore, putContent } from '../platform/blobs/blob-store.js';
import { openDiskBlobStore } from '../platform/blobs/disk-blob-store.js';
import { createSignedUrls } from '../platform/blobs/signed-urls.js';
import type { Em } from '../platform/database/database.js';
import { newId } from '../platform/ids.js';
import { artifactBlobNames, type BlobNames } from './blob-names.js';
import { publishArtifact } from './publish-artifact.js';
import { sweepBlobs } from './sweep-blobs.js';

/** What the other tables with hashes name; their slices declare it for the real sweep. */
const OTHERS: BlobNames[] = [
  { table: 'snapshots', column: 'sha256', names: 'NOTHING' },
  { table: 'snapshots', column: 'original_sha256', names: 'CONTENT' },
];

describe('sweepBlobs', () => {
  const DAY_MS = 24 * 60 * 60 * 1000;
  const clock = () => new Date();
  let db: TestDatabase;
  let project: SeededProject;
  let root: string;
  let blobs: BlobStore;
  let names: BlobNames[];

  beforeAll(async () => {
    db = await createTestDatabase();
    project = await seedProject(db);
    root = await mkdtemp(path.join(tmpdir(), 'sweep-'));
    const urls = createSignedUrls({ secret: randomBytes(32), publicUrl: () => 'http://localhost', clock });
    blobs = await openDiskBlobStore({ root, urls });
    names = [...artifactBlobNames, ...OTHERS, ...(await undeclaredElsewhere())];
  });
  afterAll(async () => {
    await db?.drop();
    await rm(root, { recursive: true });
  });

  /** Slices that came later than this test: their hashes are none of its business. */
  async function undeclaredElsewhere(): Promise<BlobNames[]> {
    const known = new Set([...artifactBlobNames, ...OTHERS].map(({ table, column }) => `${table}.${column}`));
    const { rows } = await db.admin.query<{ table: string; column: string }>(
      `select table_name as table, column_name as column from information_schema.columns
       where table_schema = 'public' and column_name like '%sha256'`,
    );
    return rows.filter((row) => !known.has(`${row.table}.${row.column}`)).map((row) => ({ ...row, names: 'NOTHING' }));
  }
  const age = (key: string, ms: number) => {
    const then = new Date(Date.now() - ms);
    return utimes(path.join(root, key), then, then);
  };
  const storeOld = async (text: string, tenantId = project.tenantId) => {
    const blob = await putContent(blobs, tenantId, text);
    const key = contentKey(tenantId, blob.sha256);
    await age(key, 2 * DAY_MS);
    return { blob, key };
  };
  const publish = async (blob: { sha256: string; bytes: number }, of = project) => {
    const input = {
      runId: await seedRun(db, of),
      name: 'a.md',
      kind: 'REPORT',
      mediaType: 'text/markdown',
      blob,
    } as const;
    return db.database.asTenant(of.tenantId).transactional((em) => publishArtifact({ em: em as Em }, input));
  };
  const sweep = (store = blobs, list: readonly BlobNames[] = names) =>
    sweepBlobs({ database: db.database, blobs: store, clock }, { names: list });

  it('deletes what no row names, and keeps what one does', async () => {
    const orphan = await storeOld('nobody names me');
    const named = await storeOld('an artifact names me');
    await publish(named.blob);
    expect(await sweep()).toMatchObject({ deleted: 1, deletedBytes: orphan.blob.bytes });
    expect(await blobs.stat(orphan.key)).toBeUndefined();
    expect((await blobs.read(named.key, 100)).toString()).toBe('an artifact names me');
    expect(await sweep()).toMatchObject({ deleted: 0 });
  });

  it('spares what was stored within the grace time: its row may not have committed yet', async () => {
    const { sha256 } = await putContent(blobs, project.tenantId, 'just stored');
    await sweep();
    expect(await blobs.stat(contentKey(project.tenantId, sha256))).toBeDefined();
  });

  it('looks again just before it deletes, and spares what was stored anew meanwhile', async () => {
    const { key } = await storeOld('stored again in time');
    const racing: BlobStore = {
      ...blobs,
      stat: async (asked) => {
        if (asked === key) await putContent(blobs, project.tenantId, 'stored again in time');
        return blobs.stat(asked);
      },
    };
    expect(await sweep(racing)).toMatchObject({ deleted: 0 });
    expect(await blobs.stat(key)).toBeDefined();
  });

  it('keeps a tenant’s content when another tenant, who had the same, has deleted it', async () => {
    const other = await seedProject(db);
    const mine = await storeOld('held in common');
    const theirs = await storeOld('held in common', other.tenantId);
    await publish(mine.blob);
    await publish(theirs.blob, other);
    await db.admin.query('delete from projects where id = $1', [other.projectId]);
    await sweep();
    expect(await blobs.stat(mine.key)).toBeDefined();
    expect(await blobs.stat(theirs.key)).toBeUndefined();
  });

  it('keeps what a private project names, and frees it when the project is deleted', async () => {
    const secret = await seedProject(db, 'PRIVATE');
    const { blob, key } = await storeOld('private', secret.tenantId);
    await publish(blob, secret);
    await sweep();
    expect(await blobs.stat(key)).toBeDefined();
    await db.admin.query('delete from projects where id = $1', [secret.projectId]);
    await sweep();
    expect(await blobs.stat(key)).toBeUndefined();
  });

  it('deletes the blobs of a tenant that is gone', async () => {
    const { key } = await storeOld('of nobody', newId());
    await sweep();
    expect(await blobs.stat(key)).toBeUndefined();
  });

  it('asks for uploads by their id, under the condition their slice has set', async () => {
    const [waiting, taken] = [newId(), newId()];
    const uploads: BlobNames = { table: 'test_uploads', column: 'id', names: 'UPLOAD', where: 'taken_at is null' };
    await db.admin.query(
      `create table test_uploads (id uuid primary key, tenant_id uuid not null, taken_at timestamptz)`,
    );
    await db.admin.query(`call secure_tenant_table('test_uploads')`);
    await db.admin.query(`insert into test_uploads values ($1, $3, null), ($2, $3, now())`, [
      waiting,
      taken,
      project.tenantId,
    ]);
    for (const id of [waiting, taken]) {
      await blobs.put(uploadKey(project.tenantId, id), Buffer.from('uploaded'));
      await age(uploadKey(project.tenantId, id), 2 * DAY_MS);
    }
    await sweep(blobs, [...names, uploads]);
    expect(await blobs.stat(uploadKey(project.tenantId, waiting))).toBeDefined();
    expect(await blobs.stat(uploadKey(project.tenantId, taken))).toBeUndefined();
  });

  it('refuses to run, and deletes nothing, while it has not been told of a table that holds hashes', async () => {
    const { key } = await storeOld('endangered');
    const incomplete = names.filter(({ table }) => table !== 'artifacts');
    await expect(sweep(blobs, incomplete)).rejects.toThrow(/artifacts\.sha256/);
    expect(await blobs.stat(key)).toBeDefined();
    await sweep();
  });

  it('sweeps more blobs than one question holds', async () => {
    const many = await Promise.all(Array.from({ length: 600 }, (_, i) => storeOld(`one of many ${i}`)));
    const kept = many[300];
    if (kept) await publish(kept.blob);
    expect(await sweep()).toMatchObject({ deleted: 599 });
    expect(await blobs.stat(kept?.key ?? '')).toBeDefined();
  });
});
