/**
 * `GET /pages/…`: the picture of a page, allowed by the signature of its address (page-image-urls.ts) and nothing else. A
 * picture never changes under its address, so it may be kept until the address expires. Only so many requests wait for
 * the renderer; the next one is sent away with UNAVAILABLE and told when to come back.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { contentKey } from '../../platform/blobs/blob-key.js';
import type { BlobStore } from '../../platform/blobs/blob-store.js';
import { AppError } from '../../platform/errors.js';
import { MAX_UPLOAD_BYTES } from '../prepare-upload.js';
import { PAGE_IMAGE_PATH, type PageImagePath, type PageImageUrls } from './page-image-urls.js';
import { renderPage } from './render-page.js';

export interface PageImageRouteOptions {
  blobs: BlobStore;
  urls: PageImageUrls;
  /** Answers an error in the API's form. */
  sendError: (reply: FastifyReply, error: unknown) => FastifyReply;
  render?: typeof renderPage;
  maxWaiting?: number;
}

interface PageImageRequest {
  Params: PageImagePath;
  Querystring: Record<string, unknown>;
}

const MAX_WAITING = 16; // with two at a time and 0.3 s a page, the last waits for three seconds
const RETRY_AFTER_SECONDS = 3;

export function registerPageImages(app: FastifyInstance, options: PageImageRouteOptions): void {
  const { blobs, urls, sendError, render = renderPage, maxWaiting = MAX_WAITING } = options;
  let waiting = 0;

  async function draw(request: FastifyRequest<PageImageRequest>, reply: FastifyReply): Promise<FastifyReply> {
    const { image, maxAgeSeconds } = urls.open(request.params, request.query);
    const etag = `"${String(request.query.signature)}"`;
    if (request.headers['if-none-match'] === etag) return reply.code(304).send();
    if (waiting >= maxWaiting) throw busy();
    waiting += 1;
    try {
      const signal = leaving(reply);
      const bytes = await blobs.read(contentKey(image.tenantId, image.sha256), MAX_UPLOAD_BYTES, { signal });
      const png = await render(bytes, { ...image, signal });
      return reply
        .headers({
          'content-type': 'image/png',
          'cache-control': `private, max-age=${maxAgeSeconds}, immutable`,
          etag,
          'content-security-policy': "sandbox; default-src 'none'",
          'x-content-type-options': 'nosniff',
          'referrer-policy': 'no-referrer', // the address is a credential
          'cross-origin-resource-policy': 'cross-origin', // a page of another origin may show it, as it may call the API
        })
        .send(png);
    } finally {
      waiting -= 1;
    }
  }

  app.get<PageImageRequest>(`${PAGE_IMAGE_PATH}:tenantId/:sha256/:page(\\d+).png`, async (request, reply) => {
    try {
      return await draw(request, reply);
    } catch (error) {
      if (error instanceof AppError && error.retryable) reply.header('retry-after', RETRY_AFTER_SECONDS);
      return sendError(reply, error);
    }
  });
}

/** Aborted when the client goes away before it has its answer: nobody draws for nobody. */
function leaving(reply: FastifyReply): AbortSignal {
  const gone = new AbortController();
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) gone.abort(new AppError('CANCELED', 'The client went away.'));
  });
  return gone.signal;
}

const busy = () =>
  new AppError('UNAVAILABLE', 'Too many pages are being drawn just now.', {
    retryable: true,
    details: { retryAfterMs: RETRY_AFTER_SECONDS * 1000 },
    hint: 'Ask for the picture again in a few seconds.',
  });
