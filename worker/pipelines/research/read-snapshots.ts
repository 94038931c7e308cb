/** Reads the text of snapshots from the store, and nothing that was kept of them elsewhere. */
import type { PageSpan } from '../../../src/evidence/document-text.js';
import type { Em } from '../../../src/platform/database/database.js';
import { runSql } from '../../../src/platform/database/sql.js';

export interface StoredSnapshot {
  id: string;
  sha256: string;
  original_sha256: string | null;
  extractor: string;
  media_type: string;
  bytes: number;
  text: string;
  pages: PageSpan[];
}

/** By id; a snapshot that is gone is absent from the answer. */
export async function readSnapshots(em: Em, ids: readonly string[]): Promise<StoredSnapshot[]> {
  return runSql<StoredSnapshot>(
    em,
    `select id, sha256, original_sha256, extractor, media_type, bytes, text, pages
     from snapshots where id = any ($1::uuid[]) order by id`,
    [[...ids]],
  );
}
