/**
 * The port through which every byte that is not a row is kept: artifacts, snapshots' originals, uploads.
 *
 * Invariants, kept by every driver and checked by blob-store.contract.ts:
 *  - Content is named by its hash (`blob-key.ts`), so it is stored once, never altered, and storing it again is harmless.
 *  - An object appears whole or not at all: a crash, an abort, a full disk or a wrong hash leaves nothing under the key.
 *  - What is read under a content key has that hash, or the reader gets HASH_MISMATCH.
 *  - Storing content again renews its `modifiedAt`, so the sweep cannot take it before the row that names it commits.
 *
 * How it fails: NOT_FOUND (no such object), HASH_MISMATCH, QUOTA_EXCEEDED (more than `maxBytes`), URL_REFUSED (no key),
 * UNAVAILABLE (the disk or the server; `retryable` says whether the same call may succeed later). An aborted call rejects
 * with the signal's reason.
 */
import type { Readable } from 'node:stream';
import { contentKey, sha256Of } from './blob-key.js';

export type BlobBody = Uint8Array | Readable;

export interface BlobStat {
  bytes: number;
  modifiedAt: Date;
}

export interface StoredBlob {
  sha256: string; // lower-case hex, of the bytes as stored
  bytes: number;
}

export interface BlobEntry extends BlobStat {
  key: string;
}

export interface CallOptions {
  signal?: AbortSignal;
}

export interface PutOptions extends CallOptions {
  /** More than this is refused with QUOTA_EXCEEDED and nothing is stored. */
  maxBytes?: number;
}

export interface SignedGet {
  expiresInSeconds: number; // 1 .. MAX_URL_SECONDS
  /** The name a browser saves under; any text, made safe by the driver. */
  fileName: string;
  mediaType: string;
}

export interface SignedPut {
  expiresInSeconds: number; // 1 .. MAX_URL_SECONDS
  maxBytes: number;
  mediaType: string;
}

/** S3 refuses to sign for longer (AWS Signature Version 4, X-Amz-Expires); the disk driver keeps the same bound. */
export const MAX_URL_SECONDS = 7 * 24 * 60 * 60; // 7 days

export interface BlobStore {
  /** Which driver this is, for server information and logs. */
  readonly driver: 'disk' | 's3';

  /** Stores the body. Under a content key the bytes must have that hash. Replaces what is there. */
  put(key: string, body: BlobBody, options?: PutOptions): Promise<StoredBlob>;

  /** Streams the object. Under a content key the stream errors with HASH_MISMATCH before its last chunk is let out. */
  get(key: string, options?: CallOptions): Promise<Readable>;

  /** The whole object, hash checked under a content key; QUOTA_EXCEEDED when it is larger than `maxBytes`. */
  read(key: string, maxBytes: number, options?: CallOptions): Promise<Buffer>;

  /** Undefined when there is no such object. */
  stat(key: string, options?: CallOptions): Promise<BlobStat | undefined>;

  /** Deleting what is not there is no error. */
  delete(key: string, options?: CallOptions): Promise<void>;

  /** Every object whose key begins with `prefix`, in no order; objects that are not ours are passed over. */
  list(prefix: string, options?: CallOptions): AsyncIterable<BlobEntry>;

  /** An absolute URL that needs no further credentials and is refused after it expires. */
  signedGetUrl(key: string, grant: SignedGet): Promise<string>;

  /**
   * An absolute URL that takes one PUT of an upload. Upload keys only. The disk driver holds the body to `maxBytes`; S3
   * cannot (a signed PUT carries no size), so whoever takes the upload up must `read` it with the same limit.
   */
  signedPutUrl(key: string, grant: SignedPut): Promise<string>;

  /** Resolves when the store can be read and written; throws UNAVAILABLE with the reason when it cannot. */
  health(): Promise<void>;
}

/** Hashes the bytes and stores them as content of the tenant. Call it before the transaction that names the hash. */
export async function putContent(
  store: BlobStore,
  tenantId: string,
  content: Uint8Array | string,
  options: CallOptions = {},
): Promise<StoredBlob> {
  const bytes = typeof content === 'string' ? Buffer.from(content, 'utf8') : content;
  return store.put(contentKey(tenantId, sha256Of(bytes)), bytes, options);
}
