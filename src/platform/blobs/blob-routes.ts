/**
 * The HTTP side of the disk driver: GET and PUT under `/blobs/`, allowed by the URL's signature and nothing else.
 *
 * What is served was made by strangers: it is always an attachment, never sniffed, and sandboxed should a browser show it
 * after all. Uploads stream to the disk and stop at the signed size. Errors are JSON `{code, message, hint}`.
 */
import type { Readable } from 'node:stream';
import type { FastifyInstance, FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify';
import { type AppError, isAppError } from '../errors.js';
import { tooLarge } from './blob-errors.js';
import { parseBlobKey } from './blob-key.js';
import type { BlobStore } from './blob-store.js';
import { attachmentHeader, safeMediaType } from './content-disposition.js';
import { BLOB_PATH, type SignedUrls } from './signed-urls.js';

export interface BlobRoutesOptions {
  store: BlobStore;
  urls: SignedUrls;
  /** Called before the bytes leave; if it fails, they do not. Not for those who have them already (304), nor for HEAD. */
  onDownload?: (request: FastifyRequest, key: string) => Promise<void>;
}

interface BlobRequest {
  Params: { '*': string };
  Querystring: Record<string, unknown>;
}

const RETRY_AFTER_SECONDS = 5;
const EMPTY = new Uint8Array(0);

export const blobRoutes: FastifyPluginAsync<BlobRoutesOptions> = async (app, { store, urls, onDownload }) => {
  acceptAnyBodyAsStream(app);
  app.setErrorHandler((error, request, reply) => sendError(error, request, reply));

  app.get<BlobRequest>(`${BLOB_PATH}*`, async (request, reply) => {
    const { key, fileName, mediaType } = urls.openGet(request.params['*'], request.query);
    const etag = etagOf(key);
    reply.headers({
      'content-disposition': attachmentHeader(fileName),
      'content-security-policy': "sandbox; default-src 'none'",
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer', // the URL is a credential
      'cross-origin-resource-policy': 'cross-origin', // a page of another origin may show it, as it may call the API
      'cache-control': 'private, no-cache', // a cached copy is asked about, so that an expired URL stays expired
      'content-type': safeMediaType(mediaType),
      ...(etag ? { etag } : {}),
    });
    if (etag && holds(request, etag)) return reply.code(304).send();
    const body = await store.get(key);
    const found = await store.stat(key);
    if (found) reply.header('content-length', found.bytes);
    if (onDownload && request.method === 'GET') await onDownload(request, key).catch(destroying(body));
    return reply.send(body);
  });

  app.put<BlobRequest>(`${BLOB_PATH}*`, async (request, reply) => {
    const { key, maxBytes } = urls.openPut(request.params['*'], request.query);
    if (Number(request.headers['content-length'] ?? 0) > maxBytes) throw tooLarge(maxBytes);
    const body = (request.body as Readable | undefined) ?? EMPTY;
    const stored = await store.put(key, body, { maxBytes });
    return reply.code(200).header('etag', `"${stored.sha256}"`).send(stored);
  });
};

const destroying = (body: Readable) => (error: unknown) => {
  body.destroy();
  throw error;
};

/** The body is whatever was uploaded; it must reach the disk as a stream, not the JSON parser. */
function acceptAnyBodyAsStream(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (_request, payload, done) => done(null, payload));
}

function etagOf(key: string): string | undefined {
  const parsed = parseBlobKey(key);
  return parsed?.shape === 'CONTENT' ? `"${parsed.sha256}"` : undefined;
}

/** `If-None-Match` may list several, and a proxy that compresses has marked them weak. */
const holds = (request: FastifyRequest, etag: string): boolean =>
  (request.headers['if-none-match'] ?? '').split(',').some((held) => held.trim().replace(/^W\//, '') === etag);

function sendError(error: unknown, request: FastifyRequest, reply: FastifyReply) {
  for (const header of ['content-disposition', 'content-length', 'etag']) reply.removeHeader(header);
  reply.header('content-type', 'application/json; charset=utf-8');
  if (request.method === 'PUT') reply.header('connection', 'close'); // the rest of a refused body is not read
  if (isAppError(error)) {
    const { code, message, hint } = error;
    if (error.retryable) reply.header('retry-after', RETRY_AFTER_SECONDS);
    return reply.code(httpStatusOf(error)).send({ code, message, hint });
  }
  request.log.error({ err: error }, 'a blob request failed');
  return reply
    .code(500)
    .send({ code: 'INTERNAL', message: 'The request failed; it was logged and can be tried again.' });
}

function httpStatusOf({ code }: AppError): number {
  switch (code) {
    case 'URL_REFUSED':
      return 403;
    case 'NOT_FOUND':
      return 404;
    case 'QUOTA_EXCEEDED':
      return 413;
    case 'UNAVAILABLE':
      return 503;
    default:
      return 500;
  }
}
