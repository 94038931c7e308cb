/**
 * Bytes that are counted and hashed on their way, shared by the drivers. Under a content key the hash is part of the
 * name, so whoever reads can know that what arrived is what was stored.
 */
import { createHash, type Hash } from 'node:crypto';
import { type Readable, Transform, type TransformCallback } from 'node:stream';
import { hashMismatch, tooLarge } from './blob-errors.js';
import type { BlobKey } from './blob-key.js';
import type { StoredBlob } from './blob-store.js';

/** Counts and hashes what passes; `result()` is valid after the last chunk. Throws QUOTA_EXCEEDED above `maxBytes`. */
export class Meter {
  readonly #hash: Hash = createHash('sha256');
  #bytes = 0;

  constructor(private readonly maxBytes: number = Number.POSITIVE_INFINITY) {}

  add(chunk: Uint8Array): void {
    this.#bytes += chunk.byteLength;
    if (this.#bytes > this.maxBytes) throw tooLarge(this.maxBytes);
    this.#hash.update(chunk);
  }

  result(): StoredBlob {
    return { sha256: this.#hash.copy().digest('hex'), bytes: this.#bytes };
  }

  /** Throws HASH_MISMATCH when the key names other content than what passed. */
  check(key: BlobKey): StoredBlob {
    const result = this.result();
    if (key.shape === 'CONTENT' && key.sha256 !== result.sha256) throw hashMismatch();
    return result;
  }
}

/**
 * What `source` gives, one chunk late: the last one leaves only when the hash of all is right, so a reader can never take
 * an altered object for a whole one. Faults of the source reach the reader as `translate` puts them.
 */
export function verified(source: Readable, key: BlobKey, translate: (error: unknown) => unknown): Readable {
  const meter = new Meter();
  let held: Uint8Array | undefined;
  const checked = new Transform({
    transform(chunk: Uint8Array, _encoding, done: TransformCallback) {
      meter.add(chunk);
      const ready = held;
      held = chunk;
      done(null, ready);
    },
    flush(done: TransformCallback) {
      try {
        meter.check(key);
        done(null, held);
      } catch (error) {
        done(error as Error);
      }
    },
  });
  source.once('error', (error) => checked.destroy(translate(error) as Error));
  checked.once('close', () => source.destroy());
  return source.pipe(checked);
}

/** The whole stream as one buffer, its hash checked; the stream is destroyed whatever happens. */
export async function readVerified(source: Readable, key: BlobKey, maxBytes: number): Promise<Buffer> {
  const meter = new Meter(maxBytes);
  const chunks: Uint8Array[] = [];
  for await (const chunk of source as AsyncIterable<Uint8Array>) {
    meter.add(chunk);
    chunks.push(chunk);
  }
  meter.check(key);
  return Buffer.concat(chunks);
}
