/**
 * A body on its way into a store, as a temporary file: written, counted, hashed against its key and flushed to the disk
 * before anyone may see it. Whatever goes wrong, the file is gone and the error says whose fault it was: the disk's
 * (UNAVAILABLE), the content's (HASH_MISMATCH, QUOTA_EXCEEDED), or the body's own stream (its error, untouched).
 */
import { type FileHandle, open, rm } from 'node:fs/promises';
import { addAbortSignal, Readable } from 'node:stream';
import { fromDiskError } from './blob-errors.js';
import type { BlobKey } from './blob-key.js';
import type { BlobBody, PutOptions, StoredBlob } from './blob-store.js';
import { Meter } from './verified-stream.js';

/** Writes `body` to the new file `draft` and returns what it was. Never holds more than a chunk in memory. */
export async function writeDraft(
  draft: string,
  body: BlobBody,
  key: BlobKey,
  { signal, maxBytes }: PutOptions,
): Promise<StoredBlob> {
  const source = body instanceof Readable ? body : Readable.from([body]);
  let handle: FileHandle | undefined;
  source.on('error', () => undefined); // it is thrown where the chunks are read; unheard before that, it ends the process
  try {
    if (signal) addAbortSignal(signal, source);
    handle = await onDisk(open(draft, 'wx', 0o600));
    const meter = new Meter(maxBytes);
    for await (const chunk of source as AsyncIterable<Uint8Array>) {
      meter.add(chunk);
      await onDisk(handle.appendFile(chunk));
    }
    const stored = meter.check(key);
    await onDisk(handle.sync());
    await onDisk(handle.close());
    return stored;
  } catch (error) {
    source.destroy();
    await handle?.close().catch(() => undefined); // the first fault is the one to tell
    await rm(draft, { force: true }).catch(() => undefined);
    throw signal?.aborted ? signal.reason : error;
  }
}

/** Translates faults of the disk where they arise, so that they are not confused with faults of the body. */
async function onDisk<T>(operation: Promise<T>): Promise<T> {
  try {
    return await operation;
  } catch (error) {
    throw fromDiskError(error);
  }
}
