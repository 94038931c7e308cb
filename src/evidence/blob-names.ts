import type { BlobNames } from '../artifacts/blob-names.js';

/** Which rows of this slice name blobs, for the sweep. A snapshot's own text stands in its row; its original is a blob. */
export const evidenceBlobNames: readonly BlobNames[] = [
  { table: 'snapshots', column: 'sha256', names: 'NOTHING' },
  { table: 'snapshots', column: 'original_sha256', names: 'CONTENT' },
];
