/**
 * Writes the candidate claims of a paper, each with a receipt into the paper itself. Their verdict is null: the receipt
 * proves that the paper says it, and nothing else has been compared. A candidate that stands in no snippet is left out,
 * because nothing could be retrieved that carries it. The claims of a paper are replaced as a whole, and left as they
 * are when they would be the same, so that their ids last.
 */

import { sliceByBytes } from '../evidence/byte-offsets.js';
import type { CandidateClaim } from '../papers/structured-paper.js';
import type { Em } from '../platform/database/database.js';
import { runSql } from '../platform/database/sql.js';
import { newId } from '../platform/ids.js';
import { insertReceipts, type NewReceipt } from './store-claims.js';

export interface PaperPlace {
  tenantId: string;
  projectId: string;
  paperId: string;
  snapshotId: string;
  text: string; // of the snapshot
}

interface PaperClaim {
  id: string;
  section: string | null;
  text: string;
  score: number;
  receipts: NewReceipt[];
}

interface SnippetRow {
  id: string;
  sha256: string; // of the snapshot
  start_offset: number;
  end_offset: number;
}

/** Joins the caller's transaction, and holds the paper's row to its end. Returns how many claims the paper has. */
export async function storePaperClaims(
  em: Em,
  place: PaperPlace,
  candidates: readonly CandidateClaim[],
): Promise<number> {
  await runSql(em, 'select 1 from papers where id = $1 for no key update', [place.paperId]);
  const claims = locate(place, candidates, await snippetsOf(em, place.snapshotId));
  if (await stands(em, place, claims)) return claims.length;
  await runSql(em, 'delete from claims where paper_id = $1', [place.paperId]);
  await runSql(
    em,
    `insert into claims (id, tenant_id, project_id, paper_id, ordinal, section, text, score)
     select id, $1, $2, $3, position - 1, section, text, score
     from unnest($4::uuid[], $5::text[], $6::text[], $7::float8[])
       with ordinality as claim (id, section, text, score, position)`,
    [
      place.tenantId,
      place.projectId,
      place.paperId,
      claims.map((claim) => claim.id),
      claims.map((claim) => claim.section),
      claims.map((claim) => claim.text),
      claims.map((claim) => claim.score),
    ],
  );
  await insertReceipts(em, place, claims);
  return claims.length;
}

const snippetsOf = (em: Em, snapshotId: string): Promise<SnippetRow[]> =>
  runSql<SnippetRow>(
    em,
    `select s.id, h.sha256, s.start_offset, s.end_offset
     from snippets s join snapshots h on h.tenant_id = s.tenant_id and h.id = s.snapshot_id
     where s.snapshot_id = $1 order by s.start_offset`,
    [snapshotId],
  );

function locate(
  { snapshotId, text }: PaperPlace,
  candidates: readonly CandidateClaim[],
  snippets: readonly SnippetRow[],
): PaperClaim[] {
  const bytes = Buffer.from(text);
  return candidates.flatMap((candidate) => {
    const { startOffset, endOffset, page, section, score } = candidate;
    const snippet = snippets.find((row) => row.start_offset < endOffset && startOffset < row.end_offset);
    const quote = sliceByBytes(bytes, startOffset, endOffset);
    if (!snippet || !quote) return [];
    const receipt: NewReceipt = {
      snippetId: snippet.id,
      snapshotId,
      snapshotSha256: snippet.sha256,
      quote,
      startOffset,
      endOffset,
      page,
      stance: 'SUPPORTS',
      score: 1,
    };
    return [{ id: newId(), section, text: candidate.text, score, receipts: [receipt] }];
  });
}

async function stands(em: Em, { paperId, snapshotId }: PaperPlace, claims: readonly PaperClaim[]): Promise<boolean> {
  const rows = await runSql<{ text: string; score: number; snapshot_id: string; start_offset: number }>(
    em,
    `select c.text, c.score, r.snapshot_id, r.start_offset
     from claims c join receipts r on r.tenant_id = c.tenant_id and r.claim_id = c.id
     where c.paper_id = $1 order by c.ordinal`,
    [paperId],
  );
  const key = (text: string, score: number, snapshot: string, offset: number | undefined) =>
    JSON.stringify([text, score, snapshot, offset]);
  const before = rows.map((row) => key(row.text, row.score, row.snapshot_id, row.start_offset));
  const after = claims.map(({ text, score, receipts }) => key(text, score, snapshotId, receipts[0]?.startOffset));
  return before.length === after.length && before.every((one, index) => one === after[index]);
}
