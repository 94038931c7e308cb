/** SECRET_KEY is changed and the one before is kept, then dropped: each thing that is made with a key derived from it. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Config, loadConfig } from './config.js';
import { openAuthServices } from './identity/tokens/auth-services.js';
import { openSealer } from './open-accounts.js';
import { openAuditHeads, openBlobStore, openPageImageUrls } from './open-blob-store.js';
import type { Actor } from './platform/database/actor.js';
import { newId } from './platform/ids.js';

const [BEFORE, AFTER] = ['b', 'a'].map((letter) => letter.repeat(32));
const ORIGIN = 'http://localhost';
const tenantId = newId();
const userId = newId();

let dataDir: string;
beforeAll(async () => {
  dataDir = await mkdtemp(path.join(tmpdir(), 'rotation-'));
});
afterAll(() => rm(dataDir, { recursive: true }));

const settings = (env: NodeJS.ProcessEnv) => loadConfig({ DATA_DIR: dataDir, ...env });
const parsed = (url: string) => Object.fromEntries(new URL(url).searchParams);

/** Makes a thing with one configuration, and answers what reads it with another. */
type Derived = (made: Config) => Promise<(read: Config) => Promise<unknown>>;

const DERIVED: Record<string, Derived> = {
  'a link to a blob': async (made) => {
    const key = `${tenantId}/${'a'.repeat(64)}`;
    const { urls } = await openBlobStore(made, () => ORIGIN);
    const query = parsed(urls.forGet(key, { expiresInSeconds: 60, fileName: 'a.pdf', mediaType: 'application/pdf' }));
    return async (read) => (await openBlobStore(read, () => ORIGIN)).urls.openGet(key, query);
  },
  'a picture of a page': async (made) => {
    const image = { tenantId, sha256: 'a'.repeat(64), page: 1, boxes: [], widthPx: 600 };
    const query = parsed(openPageImageUrls(made, () => ORIGIN).sign(image));
    return async (read) => openPageImageUrls(read, () => ORIGIN).open({ ...image, page: '1' }, query);
  },
  'the secret of a second factor': async (made) => {
    const sealed = openSealer(made).seal(Buffer.from('secret'), userId);
    return async (read) => openSealer(read).open(sealed, userId);
  },
  'the signed head of an audit log': async (made) => {
    const { store } = await openBlobStore(made, () => ORIGIN);
    const head = { tenantId, seq: 1, hash: 'a'.repeat(64), signedAt: '2026-01-01T00:00:00.000000Z' };
    await openAuditHeads(made, store).write(head);
    return async (read) => {
      const found = await openAuditHeads(read, store).read(tenantId);
      if (typeof found === 'string') throw new Error(found);
      return found;
    };
  },
  'an access token': async (made) => {
    const actor: Actor = { tenantId, userId, credentialId: newId(), roles: ['OWNER'] };
    const { text } = await openAuthServices(made.auth).access.issue(actor);
    return (read) => openAuthServices(read.auth).access.verify(text);
  },
  'a refresh token': async (made) => {
    const { refresh } = openAuthServices(made.auth);
    const { text, hash } = refresh.create();
    return async (read) => {
      const may = openAuthServices(read.auth).refresh.hashesOf(text) ?? [];
      if (!may.some((one) => one.equals(hash))) throw new Error('It is none of ours.');
    };
  },
};

describe.each(Object.entries(DERIVED))('%s', (_what, derived) => {
  const withOld = () => settings({ SECRET_KEY: BEFORE });
  const withBoth = () => settings({ SECRET_KEY: AFTER, PREVIOUS_SECRET_KEYS: BEFORE });
  const withNew = () => settings({ SECRET_KEY: AFTER });

  it('goes on when the key is changed and the one before is kept, and ends with that', async () => {
    const read = await derived(withOld());
    await read(withBoth());
    await expect(read(withNew())).rejects.toThrow();
  });

  it('is made with the key of now', async () => {
    const read = await derived(withBoth());
    await read(withNew());
    await expect(read(withOld())).rejects.toThrow();
  });
});
