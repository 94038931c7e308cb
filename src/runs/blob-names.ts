/**
 * Which rows of this slice name blobs, for the sweep: requests and answers of a run's record. Shaped as the later slice
 * that owns the sweep declares it.
 */
export const runBlobNames = [
  { table: 'run_exchanges', column: 'request_sha256', names: 'CONTENT' },
  { table: 'run_exchanges', column: 'response_sha256', names: 'CONTENT' },
] as const;
