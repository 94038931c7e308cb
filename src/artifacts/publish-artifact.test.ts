import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../tests/support/database.js';
import { type SeededProject, seedProject } from '../../tests/support/seed-project.js';
import { seedRun } from '../../tests/support/seed-run.js';
import { sha256Of } from '../platform/blobs/blob-key.js';
import type { Em } from '../platform/database/database.js';
import { newId } from '../platform/ids.js';
import { type Artifact, ArtifactEntity } from './artifact.entity.js';
import { DEFAULT_RUN_ARTIFACT_BYTES, readArtifactUsage } from './artifact-usage.js';
import { artifactPublished, type PublishArtifactInput, publishArtifact } from './publish-artifact.js';

describe('publishArtifact', () => {
  let db: TestDatabase;
  let project: SeededProject;
  beforeAll(async () => {
    db = await createTestDatabase();
    project = await seedProject(db);
  });
  afterAll(() => db?.drop());

  const blobOf = (text: string, bytes = Buffer.byteLength(text)) => ({ sha256: sha256Of(text), bytes });
  const inputFor = (runId: string, text: string, more: Partial<PublishArtifactInput> = {}): PublishArtifactInput => ({
    runId,
    name: 'report.md',
    kind: 'REPORT',
    mediaType: 'text/markdown',
    blob: blobOf(text),
    ...more,
  });
  const inTransaction = <T>(work: (em: Em) => Promise<T>): Promise<T> =>
    db.database.asTenant(project.tenantId).transactional((em) => work(em as Em));
  const publish = (input: PublishArtifactInput): Promise<Artifact> =>
    inTransaction((em) => publishArtifact({ em }, input));
  const usageOf = async (runId: string) =>
    (await readArtifactUsage(db.database.asTenant(project.tenantId), [runId]))[0];

  it('numbers the versions of a name from 1, each name on its own, across the runs of a project', async () => {
    const [one, two] = [await seedRun(db, project), await seedRun(db, project)];
    const name = 'counted.md';
    expect(await publish(inputFor(one, 'a', { name }))).toMatchObject({
      tenantId: project.tenantId,
      projectId: project.projectId,
      runId: one,
      name,
      kind: 'REPORT',
      version: 1,
      mediaType: 'text/markdown',
      bytes: 1,
      sha256: sha256Of('a'),
    });
    expect((await publish(inputFor(two, 'a', { name }))).version).toBe(2);
    expect((await publish(inputFor(one, 'b', { name }))).version).toBe(3);
    expect((await publish(inputFor(one, 'b', { name: 'other.md' }))).version).toBe(1);
  });

  it('gives each of many concurrent publishers its own version, without gaps', async () => {
    const runs: string[] = [];
    for (let i = 0; i < 8; i++) runs.push(await seedRun(db, project));
    const name = 'raced.md';
    const artifacts = await Promise.all(
      runs.flatMap((runId) => ['x', 'y', 'z'].map((text) => publish(inputFor(runId, text, { name })))),
    );
    const versions = artifacts.map((artifact) => artifact.version).sort((a, b) => a - b);
    expect(versions).toEqual(Array.from({ length: 24 }, (_, i) => i + 1));
  });

  it('returns what is there when a stage publishes the same content again, and counts it once', async () => {
    const runId = await seedRun(db, project);
    const input = inputFor(runId, 'once', { name: 'once.md' });
    const first = await publish(input);
    const again = await Promise.all([publish(input), publish(input)]);
    expect(again.map((artifact) => artifact.id)).toEqual([first.id, first.id]);
    expect(await usageOf(runId)).toEqual({ count: 1, bytes: 4 });
  });

  it('gives a version out again when its transaction was rolled back, and never after it was committed', async () => {
    const runId = await seedRun(db, project);
    const name = 'rolled-back.md';
    const failing = inTransaction(async (em) => {
      await publishArtifact({ em }, inputFor(runId, 'lost', { name }));
      throw new Error('the fence has moved on');
    });
    await expect(failing).rejects.toThrow('the fence has moved on');
    const first = await publish(inputFor(runId, 'kept', { name }));
    expect(first.version).toBe(1);
    await db.admin.query('delete from artifacts where id = $1', [first.id]);
    expect((await publish(inputFor(runId, 'next', { name }))).version).toBe(2);
  });

  it('refuses what would exceed the run’s limit with count, bytes and limit, and writes nothing', async () => {
    const runId = await seedRun(db, project, { artifactBytes: 1000 });
    await publish(inputFor(runId, 'a', { name: 'a', blob: blobOf('a', 600) }));
    await publish(inputFor(runId, 'b', { name: 'b', blob: blobOf('b', 400) }));
    await expect(publish(inputFor(runId, 'c', { name: 'c', blob: blobOf('c', 1) }))).rejects.toMatchObject({
      code: 'QUOTA_EXCEEDED',
      details: { count: 2, bytes: 1000, addedBytes: 1, limitBytes: 1000 },
    });
    expect(await usageOf(runId)).toEqual({ count: 2, bytes: 1000 });
  });

  it('holds to the limit when several publish at the same moment', async () => {
    const runId = await seedRun(db, project, { artifactBytes: 1000 });
    const settled = await Promise.allSettled(
      Array.from({ length: 8 }, (_, i) =>
        publish(inputFor(runId, `${i}`, { name: `part-${i}`, blob: blobOf(`${i}`, 300) })),
      ),
    );
    expect(settled.filter((one) => one.status === 'fulfilled')).toHaveLength(3);
    expect(await usageOf(runId)).toEqual({ count: 3, bytes: 900 });
  });

  it('allows 25 MB to a run that names no limit, as RUN_ARTIFACT_BYTES does', async () => {
    const runId = await seedRun(db, project);
    await publish(inputFor(runId, 'big', { name: 'big', blob: blobOf('big', DEFAULT_RUN_ARTIFACT_BYTES) }));
    const more = publish(inputFor(runId, 'more', { name: 'more', blob: blobOf('more', 1) }));
    await expect(more).rejects.toMatchObject({ code: 'QUOTA_EXCEEDED', details: { limitBytes: 25_000_000 } });
  });

  it.each(['', '.', '..', '../up', 'a/b', 'a\\b', '/etc/passwd', 'a\0b', 'a\nb', 'x'.repeat(201)])(
    'refuses the name %j with BAD_INPUT',
    async (name) => {
      const runId = await seedRun(db, project);
      await expect(publish(inputFor(runId, 'x', { name }))).rejects.toMatchObject({ code: 'BAD_INPUT' });
    },
  );

  it('finds no run that does not exist or is of another tenant', async () => {
    const foreign = await seedRun(db, await seedProject(db));
    for (const runId of [newId(), foreign]) {
      await expect(publish(inputFor(runId, 'x'))).rejects.toMatchObject({ code: 'NOT_FOUND' });
    }
  });

  it('is refused outside a transaction, where row and event would not appear together', async () => {
    const runId = await seedRun(db, project);
    const em = db.database.asTenant(project.tenantId);
    await expect(publishArtifact({ em }, inputFor(runId, 'x'))).rejects.toMatchObject({ code: 'INTERNAL' });
  });

  it('has a line for the timeline with the public id', async () => {
    const artifact = await publish(inputFor(await seedRun(db, project), 'line', { name: 'line.md' }));
    expect(artifactPublished(artifact)).toEqual({
      type: 'ARTIFACT_PUBLISHED',
      message: 'Published line.md, version 1.',
      payload: {
        artifactId: expect.stringMatching(/^art_[0-9a-z]{26}$/),
        name: 'line.md',
        version: 1,
        bytes: 4,
        sha256: sha256Of('line'),
      },
    });
  });

  it('cannot be altered afterwards: the role of the product has no right to', async () => {
    const artifact = await publish(inputFor(await seedRun(db, project), 'fixed', { name: 'fixed.md' }));
    const altered = inTransaction((em) => em.nativeUpdate(ArtifactEntity, { id: artifact.id }, { version: 99 }));
    await expect(altered).rejects.toThrow(/permission denied/);
  });
});
