import type { BlobNames } from '../artifacts/blob-names.js';

/** Which rows of this slice name blobs, for the sweep: none. A receipt's hash is that of a snapshot, whose text stands in its row. */
export const claimBlobNames: readonly BlobNames[] = [
  { table: 'receipts', column: 'snapshot_sha256', names: 'NOTHING' },
];
