/** Every row of the product that names a blob, joined for the sweep: a slice that stores hashes is listed here. */
import { artifactBlobNames, type BlobNames } from '../src/artifacts/blob-names.js';
import { claimBlobNames } from '../src/claims/blob-names.js';
import { evidenceBlobNames } from '../src/evidence/blob-names.js';
import { ingestionBlobNames } from '../src/kinds/ingestion/blob-names.js';
import { paperBlobNames } from '../src/papers/blob-names.js';
import { runBlobNames } from '../src/runs/blob-names.js';

export const BLOB_NAMES: readonly BlobNames[] = [
  ...runBlobNames,
  ...artifactBlobNames,
  ...evidenceBlobNames,
  ...paperBlobNames,
  ...claimBlobNames,
  ...ingestionBlobNames,
];
