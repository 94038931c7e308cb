import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmdirSync } from 'node:fs';
import { mkdtemp, readdir, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fastify } from 'fastify';
import { afterEach, describe, expect, it } from 'vitest';
import { newId } from '../ids.js';
import { contentKey, sha256Of, uploadKey } from './blob-key.js';
import { blobRoutes } from './blob-routes.js';
import { describeBlobStore } from './blob-store.contract.js';
import { putContent } from './blob-store.js';
import { openDiskBlobStore } from './disk-blob-store.js';
import { createSignedUrls } from './signed-urls.js';

const cleanups: Array<() => Promise<unknown> | unknown> = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

const newRoot = () => mkdtemp(path.join(tmpdir(), 'blobs-'));
const urlsFor = (publicUrl: () => string) =>
  createSignedUrls({ secret: randomBytes(32), publicUrl, clock: () => new Date() });

describeBlobStore('disk', async () => {
  const root = await newRoot();
  const app = fastify();
  let origin = '';
  const urls = urlsFor(() => origin);
  const store = await openDiskBlobStore({ root, urls });
  await app.register(blobRoutes, { store, urls });
  origin = await app.listen({ host: '127.0.0.1', port: 0 });
  return {
    store,
    damage: (key, bytes) => writeFile(path.join(root, key), bytes),
    breakStorage: () => rename(root, `${root}-away`),
    restore: () => rename(`${root}-away`, root),
    close: async () => {
      await app.close();
      await rm(root, { recursive: true });
    },
  };
});

describe('the disk blob store on its disk', () => {
  const openIn = async (root: string) => openDiskBlobStore({ root, urls: urlsFor(() => 'http://localhost') });

  it('leaves no temporary file behind, whether a put succeeds or fails', async () => {
    const root = await newRoot();
    cleanups.push(() => rm(root, { recursive: true }));
    const store = await openIn(root);
    await putContent(store, newId(), 'kept');
    await store.put(contentKey(newId(), sha256Of('other')), Buffer.from('wrong')).catch(() => undefined);
    await store.put(uploadKey(newId(), newId()), randomBytes(20), { maxBytes: 10 }).catch(() => undefined);
    expect(await readdir(path.join(root, '.tmp'))).toEqual([]);
  });

  it('clears the temporary files of a killed process after a day, and not before', async () => {
    const root = await newRoot();
    cleanups.push(() => rm(root, { recursive: true }));
    await openIn(root);
    const yesterday = new Date(Date.now() - 25 * 60 * 60 * 1000);
    await writeFile(path.join(root, '.tmp', 'abandoned'), 'x');
    await utimes(path.join(root, '.tmp', 'abandoned'), yesterday, yesterday);
    await writeFile(path.join(root, '.tmp', 'in-flight'), 'x');
    await openIn(root);
    expect(await readdir(path.join(root, '.tmp'))).toEqual(['in-flight']);
  });

  it('does not make a new root where the old one was: a lost volume is an outage, not an empty store', async () => {
    const root = await newRoot();
    const store = await openIn(root);
    await rm(root, { recursive: true });
    await expect(putContent(store, newId(), 'lost')).rejects.toMatchObject({ code: 'UNAVAILABLE', retryable: true });
    await expect(readdir(root)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  const mountable = mayMount();
  it.skipIf(!mountable)(
    `refuses cleanly when the disk is full, and goes on when there is space${mountable ? '' : ' (needs root: mount)'}`,
    async () => {
      const full = mountTinyDisk();
      cleanups.push(full.unmount);
      const store = await openIn(path.join(full.folder, 'blobs'));
      const tenantId = newId();
      const first = randomBytes(600_000);
      await putContent(store, tenantId, first);

      const second = randomBytes(600_000);
      const refusal = putContent(store, tenantId, second);
      await expect(refusal).rejects.toMatchObject({ code: 'UNAVAILABLE', retryable: true });
      await expect(refusal).rejects.toThrow('The disk of the blob store is full, so the file was not stored.');
      expect(await readdir(path.join(full.folder, 'blobs', '.tmp'))).toEqual([]);
      expect(await readdir(path.join(full.folder, 'blobs', tenantId))).toEqual([sha256Of(first)]);

      await store.delete(contentKey(tenantId, sha256Of(first)));
      expect(await putContent(store, tenantId, second)).toMatchObject({ bytes: 600_000 });
    },
  );
});

/** A file system of one megabyte. Throws where we may not mount. */
function mountTinyDisk(): { folder: string; unmount: () => void } {
  const folder = mkdtempSync(path.join(tmpdir(), 'tiny-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'none', folder], { stdio: 'ignore' });
  } catch (error) {
    rmdirSync(folder);
    throw error;
  }
  const unmount = () => {
    execFileSync('umount', ['-l', folder]);
    rmdirSync(folder);
  };
  return { folder, unmount };
}

function mayMount(): boolean {
  try {
    mountTinyDisk().unmount();
    return true;
  } catch {
    return false;
  }
}
