/**
 * The world of the matrix. Our tenant has a member of each role and a keeper, a RESEARCHER whose project is PRIVATE; another
 * tenant has all of its own. The same things lie in four places:
 *
 *   shared    in a project of our OWNER that all of the tenant see
 *   hidden    in the keeper's PRIVATE project: seen by the keeper and our OWNER
 *   foreign   in a project of the other tenant
 *   nowhere   ids that name nothing
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { registerEventStreams } from '../../src/api/routes/event-streams.js';
import { blobRoutes } from '../../src/platform/blobs/blob-routes.js';
import type { BlobStore } from '../../src/platform/blobs/blob-store.js';
import { openDiskBlobStore } from '../../src/platform/blobs/disk-blob-store.js';
import { createSignedUrls } from '../../src/platform/blobs/signed-urls.js';
import type { Actor, Role } from '../../src/platform/database/actor.js';
import { startTestApi, type TestApi } from '../support/api.js';
import { accessTokenFor } from '../support/auth.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { createActor, createProjectRow } from '../support/people.js';
import { type SeededContent, seedContent } from '../support/seed-content.js';
import { type Place, seededPlace } from './place.js';

export const CALLERS = ['anonymous', 'VIEWER', 'RESEARCHER', 'ADMIN', 'OWNER', 'keeper'] as const;
export type Caller = (typeof CALLERS)[number];
export type PlaceName = 'shared' | 'hidden' | 'foreign';

export interface SeededPlace extends Place {
  owner: Actor;
  projectId: string; // uuid
  content: SeededContent;
  /** Stands in every text of the place. */
  mark: string;
}

export interface World {
  db: TestDatabase;
  api: TestApi;
  blobs: BlobStore;
  tokens: Record<Caller, string | undefined>;
  actors: Record<Exclude<Caller, 'anonymous'>, Actor>;
  places: Record<PlaceName, SeededPlace>;
  close(): Promise<void>;
}

export const roleOf = (caller: Caller): Role | null =>
  caller === 'anonymous' ? null : caller === 'keeper' ? 'RESEARCHER' : caller;

/** Whether the rows of a place's project exist for a caller. */
export const sees = (caller: Caller, place: PlaceName): boolean =>
  place === 'shared' || (place === 'hidden' && (caller === 'OWNER' || caller === 'keeper'));

export async function openWorld(): Promise<World> {
  const db = await createTestDatabase({ poolSize: 20 });
  const root = await mkdtemp(path.join(tmpdir(), 'paperwright-matrix-'));
  let publicUrl = '';
  const urls = createSignedUrls({
    secret: Buffer.alloc(32, 7),
    publicUrl: () => publicUrl,
    clock: () => new Date(),
  });
  const blobs = await openDiskBlobStore({ root, urls });
  const api = await startTestApi(db, {
    blobs,
    addRoutes: async (app, services) => {
      registerEventStreams(app, services);
      await app.register(blobRoutes, { store: blobs, urls });
    },
  });
  publicUrl = api.url;

  const owner = await createActor(db, 'OWNER');
  const fellow = (role: Role) => createActor(db, role, owner.tenantId);
  const actors = {
    OWNER: owner,
    VIEWER: await fellow('VIEWER'),
    RESEARCHER: await fellow('RESEARCHER'),
    ADMIN: await fellow('ADMIN'),
    keeper: await fellow('RESEARCHER'),
  };
  const token = (actor: Actor) => accessTokenFor(actor);
  return {
    db,
    api,
    blobs,
    actors,
    tokens: {
      anonymous: undefined,
      VIEWER: await token(actors.VIEWER),
      RESEARCHER: await token(actors.RESEARCHER),
      ADMIN: await token(actors.ADMIN),
      OWNER: await token(actors.OWNER),
      keeper: await token(actors.keeper),
    },
    places: {
      shared: await fill(db, owner, 'TENANT', 'SharedMark'),
      hidden: await fill(db, actors.keeper, 'PRIVATE', 'HiddenMark'),
      foreign: await fill(db, await createActor(db), 'TENANT', 'ForeignMark'),
    },
    async close() {
      await api.close();
      await db.drop();
      await rm(root, { recursive: true, force: true });
    },
  };
}

async function fill(
  db: TestDatabase,
  owner: Actor,
  visibility: 'TENANT' | 'PRIVATE',
  mark: string,
): Promise<SeededPlace> {
  const projectId = await createProjectRow(db, owner, visibility);
  await db.admin.query('update projects set name = $2 where id = $1', [projectId, `${mark} project`]);
  const content = await seedContent(db, { ...owner, projectId }, { mark, count: 2 });
  return { ...seededPlace(db, { owner, projectId, visibility, content }), owner, projectId, content, mark };
}
