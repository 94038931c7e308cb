/** DOI and arXiv number as a paper prints them of itself: what its source is cited by where its uploader named neither. */
import type { Em } from '../../../src/platform/database/database.js';
import { runSql } from '../../../src/platform/database/sql.js';

export interface PrintedIds {
  doi: string | null;
  arxivId: string | null;
}

/** By snapshot id; a snapshot that no paper was read from is absent. */
export async function readPrintedIds(em: Em, snapshotIds: readonly string[]): Promise<Map<string, PrintedIds>> {
  const rows = await runSql<{ snapshot_id: string; doi: string | null; arxiv_id: string | null }>(
    em,
    `select snapshot_id, structure ->> 'doi' as doi, structure ->> 'arxivId' as arxiv_id
     from paper_structures where snapshot_id = any ($1::uuid[])`,
    [[...snapshotIds]],
  );
  return new Map(rows.map(({ snapshot_id, doi, arxiv_id }) => [snapshot_id, { doi, arxivId: arxiv_id }]));
}
