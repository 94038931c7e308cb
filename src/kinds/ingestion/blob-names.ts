import type { BlobNames } from '../../artifacts/blob-names.js';

/** Which rows of this kind name blobs, for the sweep. */
export const ingestionBlobNames: readonly BlobNames[] = [
  { table: 'ingestion_runs', column: 'content_sha256', names: 'CONTENT' },
];
