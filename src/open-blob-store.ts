/** From the settings to the blob store and the signers of URLs, for the composition roots of API and worker. */
import type { Config } from './config.js';
import { type AuditHeadStore, openAuditHeads as openHeads } from './identity/audit/audit-head.js';
import { createPageImageUrls, type PageImageUrls } from './papers/page-image/page-image-urls.js';
import type { BlobStore } from './platform/blobs/blob-store.js';
import { openDiskBlobStore } from './platform/blobs/disk-blob-store.js';
import { openS3BlobStore } from './platform/blobs/s3-blob-store.js';
import { createSignedUrls, type SignedUrls } from './platform/blobs/signed-urls.js';
import { traceBlobs } from './platform/telemetry/trace-blobs.js';
import { deriveKeys, type InstallationSecrets } from './secret-key.js';

export interface Blobs {
  store: BlobStore;
  urls: SignedUrls;
}

/** `publicUrl` answers the origin under which clients reach the API, without a slash at the end. */
export async function openBlobStore(config: Config, publicUrl: () => string): Promise<Blobs> {
  const urls = createSignedUrls({
    ...deriveKeys(config, 'blob-urls'),
    publicUrl,
    clock: () => new Date(),
  });
  const store =
    config.blobs.kind === 'disk'
      ? await openDiskBlobStore({ root: config.blobs.dir, urls })
      : openS3BlobStore({
          endpoint: config.blobs.endpoint,
          region: config.blobs.region,
          bucket: config.blobs.bucket,
          accessKey: config.blobs.accessKey,
          secretKey: config.blobs.secretKey,
        });
  return { store: config.tracing.endpoint === undefined ? store : traceBlobs(store), urls };
}

/** As `openBlobStore`, of pictures of pages; they are drawn by the API, wherever the papers are kept. */
export const openPageImageUrls = (config: InstallationSecrets, publicUrl: () => string): PageImageUrls =>
  createPageImageUrls({
    ...deriveKeys(config, 'page-images'),
    publicUrl,
    clock: () => new Date(),
  });

/** The signed ends of the audit logs, kept beside the blobs. */
export const openAuditHeads = (config: InstallationSecrets, blobs: BlobStore): AuditHeadStore => {
  const { secret, previousSecrets } = deriveKeys(config, 'audit-heads');
  return openHeads(blobs, secret, previousSecrets);
};
