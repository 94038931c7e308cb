/**
 * Blobs as files: `{root}/{tenantId}/{sha256}` and `{root}/uploads/{tenantId}/{uploadId}`. The default driver.
 *
 * An object is written to `{root}/.tmp`, flushed to the disk, then renamed into place and the folder flushed: after a power
 * cut it is there whole or not at all. Several processes may share the folder. Temporary files that a killed process left
 * behind are removed a day later, when a store is opened.
 *
 * The root is made when the store is opened and never again: if it vanishes (an unmounted volume), calls fail with
 * UNAVAILABLE instead of writing to the disk underneath.
 */
import { randomUUID } from 'node:crypto';
import type { Stats } from 'node:fs';
import { access, constants, mkdir, open, opendir, readdir, rename, rm, stat, statfs } from 'node:fs/promises';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { blobNotFound, errorCode, fromDiskError, passThrough } from './blob-errors.js';
import { parseBlobKey, requireBlobKey } from './blob-key.js';
import type { BlobBody, BlobEntry, BlobStore, PutOptions, StoredBlob } from './blob-store.js';
import { writeDraft } from './draft-file.js';
import type { SignedUrls } from './signed-urls.js';
import { readVerified, verified } from './verified-stream.js';

const DAY_MS = 24 * 60 * 60 * 1000;
const TEMPORARY_LIFE_MS = DAY_MS; // longer than any upload takes

export interface DiskBlobStoreOptions {
  root: string; // absolute
  urls: SignedUrls;
}

/** Makes the folders, clears what killed processes left, and returns the store. Throws UNAVAILABLE. */
export async function openDiskBlobStore({ root, urls }: DiskBlobStoreOptions): Promise<BlobStore> {
  const temporary = path.join(root, '.tmp');
  const fileOf = (key: string) => path.join(root, ...key.split('/'));

  try {
    await mkdir(temporary, { recursive: true, mode: 0o700 });
    await mkdir(path.join(root, 'uploads'), { recursive: true, mode: 0o700 });
    await removeAbandoned(temporary);
  } catch (error) {
    throw fromDiskError(error);
  }

  async function put(key: string, body: BlobBody, options: PutOptions = {}): Promise<StoredBlob> {
    const parsed = requireBlobKey(key);
    const draft = path.join(temporary, randomUUID());
    const target = fileOf(key);
    const stored = await writeDraft(draft, body, parsed, options);
    try {
      await mkdir(path.dirname(target), { mode: 0o700 }).catch(unlessExists);
      await rename(draft, target);
      await flushFolder(path.dirname(target));
      return stored;
    } catch (error) {
      await rm(draft, { force: true }).catch(() => undefined); // the first fault is the one to tell
      throw fromDiskError(error);
    }
  }

  /** A missing file is NOT_FOUND only while the store itself is there. */
  async function missing(error: unknown) {
    if (errorCode(error) !== 'ENOENT') return fromDiskError(error);
    return access(temporary).then(blobNotFound, fromDiskError);
  }

  async function openFile(key: string, signal: AbortSignal | undefined): Promise<Readable> {
    signal?.throwIfAborted();
    try {
      const handle = await open(fileOf(key), 'r');
      return handle.createReadStream({ signal });
    } catch (error) {
      throw await missing(error);
    }
  }

  return {
    driver: 'disk',
    put,

    async get(key, { signal } = {}) {
      const parsed = requireBlobKey(key);
      const file = await openFile(key, signal);
      return verified(file, parsed, (error) => passThrough(error, signal, fromDiskError));
    },

    async read(key, maxBytes, { signal } = {}) {
      const parsed = requireBlobKey(key);
      const file = await openFile(key, signal);
      try {
        return await readVerified(file, parsed, maxBytes);
      } catch (error) {
        throw passThrough(error, signal, fromDiskError);
      }
    },

    async stat(key, { signal } = {}) {
      requireBlobKey(key);
      signal?.throwIfAborted();
      try {
        const { size, mtime } = await stat(fileOf(key));
        return { bytes: size, modifiedAt: mtime };
      } catch (error) {
        const meaning = await missing(error);
        if (meaning.code === 'NOT_FOUND') return undefined;
        throw meaning;
      }
    },

    async delete(key, { signal } = {}) {
      requireBlobKey(key);
      signal?.throwIfAborted();
      try {
        await rm(fileOf(key));
      } catch (error) {
        const meaning = await missing(error);
        if (meaning.code !== 'NOT_FOUND') throw meaning;
      }
    },

    list: (prefix, { signal } = {}) => listFiles(root, prefix, signal),

    signedGetUrl: async (key, grant) => urls.forGet(key, grant),
    signedPutUrl: async (key, grant) => urls.forPut(key, grant),

    async health() {
      try {
        await access(temporary, constants.R_OK | constants.W_OK);
        const { bavail } = await statfs(temporary);
        if (bavail === 0) throw Object.assign(new Error('no free block'), { code: 'ENOSPC' });
      } catch (error) {
        throw fromDiskError(error);
      }
    },
  };
}

async function* listFiles(root: string, prefix: string, signal: AbortSignal | undefined): AsyncGenerator<BlobEntry> {
  try {
    const tenants = (await readdir(root)).filter((name) => name !== 'uploads' && !name.startsWith('.'));
    const uploads = (await readdir(path.join(root, 'uploads'))).map((name) => `uploads/${name}`);
    for (const folder of [...tenants, ...uploads]) {
      const head = `${folder}/`;
      if (!head.startsWith(prefix) && !prefix.startsWith(head)) continue;
      for await (const { name } of await opendir(path.join(root, folder))) {
        signal?.throwIfAborted();
        const key = head + name;
        if (!key.startsWith(prefix) || !parseBlobKey(key)) continue;
        const found = await statIfThere(path.join(root, folder, name));
        if (found) yield { key, bytes: found.size, modifiedAt: found.mtime };
      }
    }
  } catch (error) {
    throw passThrough(error, signal, fromDiskError);
  }
}

/** Another process may delete a file between the listing and this call. */
async function statIfThere(file: string): Promise<Stats | undefined> {
  return stat(file).catch((error: unknown) => {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  });
}

async function removeAbandoned(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const file = path.join(folder, name);
    const found = await statIfThere(file);
    if (found && Date.now() - found.mtimeMs > TEMPORARY_LIFE_MS) await rm(file, { force: true });
  }
}

/** A rename is durable only when the folder that holds the new name is on the disk. */
async function flushFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function unlessExists(error: unknown): void {
  if (errorCode(error) !== 'EEXIST') throw error;
}
