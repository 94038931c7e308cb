/**
 * Keeps what an engine read from a snapshot, and its lines, in table `paper_structures`: one row a snapshot. Another
 * reading of the same snapshot takes the place of the first. What is searched and listed stands in `papers` besides.
 */
import type { Em } from '../platform/database/database.js';
import { runSql } from '../platform/database/sql.js';
import { storableText } from '../runs/storable-text.js';
import { packLines } from './packed-lines.js';
import type { StructuredPaper, TextLine } from './structured-paper.js';

export interface NewStructure {
  snapshotId: string;
  tenantId: string;
  projectId: string;
  paperId: string;
  paper: StructuredPaper; // its offsets point into that snapshot
  lines: readonly TextLine[];
}

/** Joins the caller's transaction. Errors: none of its own. */
export async function storeStructure(em: Em, input: NewStructure): Promise<void> {
  await runSql(
    em,
    `insert into paper_structures (snapshot_id, tenant_id, project_id, paper_id, engine, structure, lines)
     values ($1, $2, $3, $4, $5, $6, $7)
     on conflict (snapshot_id) do update
       set engine = excluded.engine, structure = excluded.structure, lines = excluded.lines, created_at = now()`,
    [
      input.snapshotId,
      input.tenantId,
      input.projectId,
      input.paperId,
      input.paper.engine,
      JSON.stringify(storableText(input.paper)),
      JSON.stringify(packLines(input.lines)),
    ],
  );
}
