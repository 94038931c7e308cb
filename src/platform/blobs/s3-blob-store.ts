/**
 * Blobs as objects of one S3 bucket, by the same keys as on disk. Works with any server that speaks S3.
 *
 * A PUT of S3 is whole or not at all, but the server does not know our hashes: a stream is first spooled to a temporary
 * file, so that wrong content never reaches the bucket. The bucket is made at first use, not at start: the API serves
 * without it. The client's own retries are off; a stage's are counted and shown.
 *
 * How it fails: no answer, an answer of 5xx and a connection silent for IDLE_MS are UNAVAILABLE and retryable; refused
 * credentials are UNAVAILABLE and not.
 */
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import http from 'node:http';
import https from 'node:https';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { Client } from 'minio';
import { badInput } from '../errors.js';
import { errorCode, fromS3Error, passThrough } from './blob-errors.js';
import { parseBlobKey, requireBlobKey, requireUploadKey } from './blob-key.js';
import type { BlobBody, BlobEntry, BlobStore, PutOptions, StoredBlob } from './blob-store.js';
import { attachmentHeader, safeMediaType } from './content-disposition.js';
import { writeDraft } from './draft-file.js';
import { checkLifetime } from './signed-urls.js';
import { Meter, readVerified, verified } from './verified-stream.js';

const DEFAULT_IDLE_MS = 30_000; // 30 seconds: silence longer than this is an outage, not a slow disk
const MAX_SOCKETS = 64;

export interface S3BlobStoreOptions {
  endpoint: string; // http(s)://host[:port]
  /** The endpoint as clients reach it, when that differs (inside and outside a container network). */
  publicEndpoint?: string;
  accessKey: string;
  secretKey: string;
  bucket: string;
  region?: string;
  idleMs?: number;
}

/** Returns the store without a request: an outage shows at the first call, and passes. Throws BAD_INPUT on a bad URL. */
export function openS3BlobStore(options: S3BlobStoreOptions): BlobStore {
  const { bucket, endpoint, publicEndpoint = endpoint, idleMs = DEFAULT_IDLE_MS } = options;
  const secure = parseEndpoint(endpoint).protocol === 'https:';
  const agent = new (secure ? https : http).Agent({ keepAlive: true, maxSockets: MAX_SOCKETS });
  const signer = new Client(clientOptions(options, publicEndpoint));

  /** The client takes no signal and waits for ever; its transport is where both are put right, call by call. */
  const connect = (signal?: AbortSignal) => {
    const request = (requestOptions: http.RequestOptions, onResponse: (response: http.IncomingMessage) => void) => {
      const call = (secure ? https : http).request({ ...requestOptions, signal }, onResponse);
      call.setTimeout(idleMs, () => call.destroy(new Error(`no byte for ${idleMs} ms`)));
      return call;
    };
    return new Client({
      ...clientOptions(options, endpoint),
      transport: { request } as typeof http,
      transportAgent: agent,
    });
  };

  let bucketReady: Promise<void> | undefined;
  const ensureBucket = () => {
    bucketReady ??= makeBucket(connect(), bucket).catch((error: unknown) => {
      bucketReady = undefined; // the next call tries again
      throw error;
    });
    return bucketReady;
  };

  /** Runs one operation with a client bound to the signal; every fault leaves as an AppError or the abort's reason. */
  const using = async <T>(signal: AbortSignal | undefined, operation: (client: Client) => Promise<T>): Promise<T> => {
    signal?.throwIfAborted();
    try {
      await orAborted(ensureBucket(), signal);
      return await operation(connect(signal));
    } catch (error) {
      throw passThrough(error, signal, fromS3Error);
    }
  };

  async function putStream(key: string, body: Readable, put: PutOptions): Promise<StoredBlob> {
    const draft = path.join(tmpdir(), `paperwright-${randomUUID()}`);
    const stored = await writeDraft(draft, body, requireBlobKey(key), put);
    try {
      await using(put.signal, (client) => client.putObject(bucket, key, createReadStream(draft), stored.bytes));
      return stored;
    } finally {
      await rm(draft, { force: true });
    }
  }

  return {
    driver: 's3',

    async put(key: string, body: BlobBody, put: PutOptions = {}) {
      const parsed = requireBlobKey(key);
      if (body instanceof Readable) return putStream(key, body, put);
      const meter = new Meter(put.maxBytes);
      meter.add(body);
      const stored = meter.check(parsed);
      const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
      await using(put.signal, (client) => client.putObject(bucket, key, bytes, bytes.byteLength));
      return stored;
    },

    async get(key, { signal } = {}) {
      const parsed = requireBlobKey(key);
      const object = await using(signal, (client) => client.getObject(bucket, key));
      return verified(object, parsed, (error) => passThrough(error, signal, fromS3Error));
    },

    async read(key, maxBytes, { signal } = {}) {
      const parsed = requireBlobKey(key);
      return using(signal, async (client) => readVerified(await client.getObject(bucket, key), parsed, maxBytes));
    },

    async stat(key, { signal } = {}) {
      requireBlobKey(key);
      return using(signal, async (client) => {
        const found = await client.statObject(bucket, key).catch(unlessMissing);
        return found && { bytes: found.size, modifiedAt: found.lastModified };
      });
    },

    async delete(key, { signal } = {}) {
      requireBlobKey(key);
      await using(signal, (client) => client.removeObject(bucket, key).catch(unlessMissing));
    },

    async *list(prefix, { signal } = {}): AsyncGenerator<BlobEntry> {
      const objects = await using(signal, async (client) => client.listObjectsV2(bucket, prefix, true));
      try {
        for await (const { name, size, lastModified } of objects) {
          signal?.throwIfAborted();
          if (name && lastModified && parseBlobKey(name)) yield { key: name, bytes: size, modifiedAt: lastModified };
        }
      } catch (error) {
        throw passThrough(error, signal, fromS3Error);
      }
    },

    async signedGetUrl(key, { expiresInSeconds, fileName, mediaType }) {
      requireBlobKey(key);
      return signer.presignedGetObject(bucket, key, checkLifetime(expiresInSeconds), {
        'response-content-disposition': attachmentHeader(fileName),
        'response-content-type': safeMediaType(mediaType),
      });
    },

    async signedPutUrl(key, { expiresInSeconds }) {
      requireUploadKey(key);
      return signer.presignedPutObject(bucket, key, checkLifetime(expiresInSeconds));
    },

    health: () => using(undefined, async (client) => void (await client.bucketExists(bucket))),
  };
}

function clientOptions({ accessKey, secretKey, region = 'us-east-1' }: S3BlobStoreOptions, endpoint: string) {
  const { hostname, port, protocol } = parseEndpoint(endpoint);
  return {
    endPoint: hostname,
    ...(port ? { port: Number(port) } : {}),
    useSSL: protocol === 'https:',
    accessKey,
    secretKey,
    region, // given, so that the client does not ask the server before it signs
    retryOptions: { disableRetry: true },
  };
}

function parseEndpoint(endpoint: string): URL {
  if (!URL.canParse(endpoint) || !/^https?:$/.test(new URL(endpoint).protocol)) {
    throw badInput('The endpoint of the object store must be a URL such as http://localhost:9000.');
  }
  return new URL(endpoint);
}

/** Several processes may start at once: that another one was faster is success. */
async function makeBucket(client: Client, bucket: string): Promise<void> {
  if (await client.bucketExists(bucket)) return;
  await client.makeBucket(bucket).catch((error: unknown) => {
    if (errorCode(error) !== 'BucketAlreadyOwnedByYou') throw error;
  });
}

/** Many calls wait for one bucket; one of them may stop waiting without stopping the others. */
async function orAborted(shared: Promise<void>, signal: AbortSignal | undefined): Promise<void> {
  if (!signal) return shared;
  const settled = new AbortController();
  const aborted = once(signal, 'abort', { signal: settled.signal }).then(
    () => signal.throwIfAborted(),
    () => undefined, // the bucket was faster
  );
  await Promise.race([shared, aborted]).finally(() => settled.abort());
}

function unlessMissing(error: unknown): undefined {
  if (!['NoSuchKey', 'NotFound'].includes(errorCode(error) ?? '')) throw error;
}
