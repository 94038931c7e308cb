import type { BlobNames } from '../artifacts/blob-names.js';

/** Which rows of this slice name blobs, for the sweep. An upload's bytes are needed until a run has taken them up. */
export const paperBlobNames: readonly BlobNames[] = [
  { table: 'uploads', column: 'id', names: 'UPLOAD', where: 'content_sha256 is null and expires_at > now()' },
  { table: 'uploads', column: 'announced_sha256', names: 'NOTHING' },
  { table: 'uploads', column: 'content_sha256', names: 'CONTENT' },
  { table: 'papers', column: 'content_sha256', names: 'CONTENT' },
];
