import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../tests/support/database.js';
import { type SeededProject, seedProject } from '../../tests/support/seed-project.js';
import { seedRun } from '../../tests/support/seed-run.js';
import { sha256Of } from '../platform/blobs/blob-key.js';
import type { Actor, Role } from '../platform/database/actor.js';
import type { Em } from '../platform/database/database.js';
import { encodeId, newId } from '../platform/ids.js';
import { deleteArtifact } from './delete-artifact.js';
import { loadArtifact } from './load-artifact.js';
import { publishArtifact } from './publish-artifact.js';

describe('deleteArtifact', () => {
  let db: TestDatabase;
  beforeAll(async () => {
    db = await createTestDatabase();
  });
  afterAll(() => db?.drop());

  const actorOf = ({ tenantId }: SeededProject, role: Role, userId = newId()): Actor => ({
    tenantId,
    userId,
    roles: [role],
    credentialId: newId(),
  });
  const ctxOf = (actor: Actor) => ({ em: db.database.asActor(actor), actor, clock: () => new Date() });
  const published = async (project: SeededProject) => {
    const runId = await seedRun(db, project);
    const blob = { sha256: sha256Of(runId), bytes: 10 };
    const input = { runId, name: 'report.md', kind: 'REPORT', mediaType: 'text/markdown', blob } as const;
    const { id } = await db.database
      .asTenant(project.tenantId)
      .transactional((em) => publishArtifact({ em: em as Em }, input));
    return { id, publicId: encodeId('art', id) };
  };
  const exists = async (id: string) => {
    const { rowCount } = await db.admin.query('select 1 from artifacts where id = $1', [id]);
    return rowCount === 1;
  };

  it.each(['RESEARCHER', 'ADMIN', 'OWNER'] as const)('is done by a %s, once', async (role) => {
    const project = await seedProject(db);
    const { id, publicId } = await published(project);
    const actor = actorOf(project, role);
    expect(await deleteArtifact(ctxOf(actor), publicId)).toBe(publicId);
    expect(await exists(id)).toBe(false);
    await expect(deleteArtifact(ctxOf(actor), publicId)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('is refused to a VIEWER, who may read it', async () => {
    const project = await seedProject(db);
    const { id, publicId } = await published(project);
    const ctx = ctxOf(actorOf(project, 'VIEWER'));
    await expect(deleteArtifact(ctx, publicId)).rejects.toMatchObject({ code: 'FORBIDDEN' });
    expect((await loadArtifact(ctx, publicId)).id).toBe(id);
    expect(await exists(id)).toBe(true);
  });

  it('reads the same for an id that is unknown, of another tenant, in a hidden project, of another type, or no id', async () => {
    const mine = await seedProject(db);
    const theirs = await published(await seedProject(db));
    const hidden = await published({ ...(await seedProject(db, 'PRIVATE')) });
    const privateOfMine = await seedPrivateIn(mine);
    const hiddenFromMe = await published(privateOfMine);
    const ids = [
      encodeId('art', newId()),
      theirs.publicId,
      hidden.publicId,
      hiddenFromMe.publicId,
      encodeId('run', theirs.id),
      'art_',
      '',
      'art_😀',
    ];
    for (const id of ids) {
      const refused = { code: 'NOT_FOUND', message: 'Artifact was not found, or you may not see it.' };
      await expect(deleteArtifact(ctxOf(actorOf(mine, 'RESEARCHER')), id)).rejects.toMatchObject(refused);
      await expect(loadArtifact(ctxOf(actorOf(mine, 'ADMIN')), id)).rejects.toMatchObject(refused);
    }
    const owner = actorOf(privateOfMine, 'RESEARCHER', privateOfMine.userId);
    expect(await deleteArtifact(ctxOf(owner), hiddenFromMe.publicId)).toBe(hiddenFromMe.publicId);
  });

  /** A PRIVATE project of the same tenant's owner. */
  async function seedPrivateIn(project: SeededProject): Promise<SeededProject> {
    const projectId = newId();
    await db.admin.query(
      `insert into projects (id, tenant_id, owner_id, name, visibility) values ($1, $2, $3, 'Secret', 'PRIVATE')`,
      [projectId, project.tenantId, project.userId],
    );
    return { ...project, projectId };
  }
});
