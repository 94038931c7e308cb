import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestApi, type TestApi } from '../../../tests/support/api.js';
import { accessTokenFor } from '../../../tests/support/auth.js';
import { createTestDatabase, type TestDatabase } from '../../../tests/support/database.js';
import { createActor, createProjectRow } from '../../../tests/support/people.js';
import { seedRun } from '../../../tests/support/seed-run.js';
import { publishArtifact } from '../../artifacts/publish-artifact.js';
import { putContent } from '../../platform/blobs/blob-store.js';
import { openDiskBlobStore } from '../../platform/blobs/disk-blob-store.js';
import { createSignedUrls } from '../../platform/blobs/signed-urls.js';
import type { Actor } from '../../platform/database/actor.js';
import type { Em } from '../../platform/database/em.js';
import { encodeId } from '../../platform/ids.js';
import { registerDownloads } from './downloads.js';

describe('a download', () => {
  const LINKS = '{ projects { nodes { artifacts { nodes { id sha256 downloadUrl } } } } }';
  const EVENTS = `{ auditLog(filter: { actions: [DOWNLOAD_LINK_ISSUED, BLOB_DOWNLOADED] }) {
    nodes { action actorKind actorId targetId ip metadata requestId }
  } }`;
  let db: TestDatabase;
  let api: TestApi;
  let root: string;
  let owner: Actor;
  let ownersToken: string;

  beforeAll(async () => {
    db = await createTestDatabase();
    root = await mkdtemp(path.join(tmpdir(), 'paperwright-downloads-'));
    const urls = createSignedUrls({ secret: Buffer.alloc(32, 1), publicUrl: () => api.url, clock: () => new Date() });
    const blobs = await openDiskBlobStore({ root, urls });
    const addRoutes: NonNullable<Parameters<typeof startTestApi>[1]>['addRoutes'] = (app, services) =>
      registerDownloads(app, { store: blobs, urls }, services);
    api = await startTestApi(db, { blobs, addRoutes });
    owner = await createActor(db);
    ownersToken = await accessTokenFor(owner);
    const projectId = await createProjectRow(db, owner);
    const runId = await seedRun(db, { ...owner, projectId });
    for (const text of ['One', 'Two']) {
      const blob = await putContent(blobs, owner.tenantId, text);
      const input = { runId, name: `${text}.md`, kind: 'REPORT', mediaType: 'text/markdown', blob } as const;
      await db.database.asTenant(owner.tenantId).transactional((em) => publishArtifact({ em: em as Em }, input));
    }
  });

  afterAll(async () => {
    await api?.close();
    await db?.drop();
    await rm(root, { recursive: true, force: true });
  });

  test('is recorded when the link is handed out, and when the bytes are fetched', async () => {
    const { data } = await api.gql(LINKS, {}, ownersToken);
    const [first] = data.projects.nodes[0].artifacts.nodes;
    const fetched = await fetch(first.downloadUrl, { headers: { 'x-request-id': 'fetching' } });
    expect(await fetched.text()).toBe('Two');
    const etag = { 'if-none-match': String(fetched.headers.get('etag')) };
    expect((await fetch(first.downloadUrl, { headers: etag })).status).toBe(304);
    expect((await fetch(first.downloadUrl, { method: 'HEAD' })).status).toBe(200);
    const nodes = (await api.gql(EVENTS, {}, ownersToken)).data.auditLog.nodes;
    const link = { action: 'DOWNLOAD_LINK_ISSUED', actorKind: 'USER', actorId: encodeId('user', owner.userId) };
    expect(nodes).toMatchObject([
      { action: 'BLOB_DOWNLOADED', actorKind: 'LINK', actorId: null, targetId: first.sha256, requestId: 'fetching' },
      link,
      link,
    ]);
    expect(nodes[0].ip).toMatch(/127\.0\.0\.1$/);
    const links = nodes.slice(1) as { targetId: string; metadata: { sha256: string; expiresAt: string } }[];
    expect(links.map(({ targetId }) => targetId)).toContain(first.id);
    expect(links.map(({ metadata }) => metadata.sha256)).toContain(first.sha256);
    expect(Date.parse(links[0]?.metadata.expiresAt ?? '')).toBeGreaterThan(Date.now());
  });

  test('that cannot be recorded is not given, neither link nor bytes', async () => {
    const link = (await api.gql(LINKS, {}, ownersToken)).data.projects.nodes[0].artifacts.nodes[0].downloadUrl;
    await db.admin.query('revoke execute on function record_audit(jsonb, jsonb, text) from pw_app');
    try {
      const answer = await api.gql(LINKS, {}, ownersToken);
      expect([answer.data, answer.errors?.[0]?.extensions.code]).toEqual([null, 'INTERNAL']);
      const response = await fetch(link);
      expect([response.status, await response.json()]).toMatchObject([503, { code: 'UNAVAILABLE' }]);
    } finally {
      await db.admin.query('grant execute on function record_audit(jsonb, jsonb, text) to pw_app');
    }
  });
});
