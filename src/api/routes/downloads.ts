/** The blobs of the disk driver over HTTP (src/platform/blobs/blob-routes.ts): what leaves is recorded before it does. */
import type { FastifyInstance } from 'fastify';
import { recordLinkUse } from '../../identity/audit/record-audit.js';
import { parseBlobKey } from '../../platform/blobs/blob-key.js';
import { blobRoutes } from '../../platform/blobs/blob-routes.js';
import type { BlobStore } from '../../platform/blobs/blob-store.js';
import type { SignedUrls } from '../../platform/blobs/signed-urls.js';
import { AppError } from '../../platform/errors.js';
import type { Services } from '../../platform/graphql/api-context.js';
import { originOf } from '../request-origin.js';

export async function registerDownloads(
  app: FastifyInstance,
  { store, urls }: { store: BlobStore; urls: SignedUrls },
  { database }: Services,
): Promise<void> {
  await app.register(blobRoutes, {
    store,
    urls,
    async onDownload(request, key) {
      const blob = parseBlobKey(key);
      if (blob?.shape !== 'CONTENT') return;
      const draft = { action: 'BLOB_DOWNLOADED', target: { type: 'Blob', id: blob.sha256 } } as const;
      await database
        .inTenant(blob.tenantId, (sql) => recordLinkUse(sql, draft, originOf(request)))
        .catch((cause: unknown) => {
          throw new AppError('UNAVAILABLE', 'The download could not be recorded just now. Try again.', {
            retryable: true,
            cause,
          });
        });
    },
  });
}
