/**
 * Writes a run's claims and receipts, and later what the factcheck found. Both are safe to repeat: the claims of a run are
 * replaced as a whole, so a stage that runs twice leaves one set. They join the caller's transaction.
 */
import type { Em } from '../platform/database/database.js';
import { runSql } from '../platform/database/sql.js';
import { newId } from '../platform/ids.js';
import type { Stance, Verdict } from './verdict.js';

export interface NewReceipt {
  snippetId: string;
  snapshotId: string;
  snapshotSha256: string;
  quote: string;
  startOffset: number;
  endOffset: number;
  page: number | null;
  stance: Stance;
  score: number;
}

export interface NewClaim {
  id: string; // UUIDv7, made in reading order
  section: string | null;
  text: string;
  receipts: readonly NewReceipt[];
}

export interface RunPlace {
  tenantId: string;
  projectId: string;
  runId: string;
}

/** Replaces the claims of the run; their verdicts are null until `storeVerdicts`. */
export async function storeClaims(em: Em, place: RunPlace, claims: readonly NewClaim[]): Promise<void> {
  await runSql(em, 'delete from claims where run_id = $1', [place.runId]);
  await runSql(
    em,
    `insert into claims (id, tenant_id, project_id, run_id, ordinal, section, text)
     select id, $1, $2, $3, position - 1, section, text
     from unnest($4::uuid[], $5::text[], $6::text[]) with ordinality as claim (id, section, text, position)`,
    [
      place.tenantId,
      place.projectId,
      place.runId,
      claims.map((claim) => claim.id),
      claims.map((claim) => claim.section),
      claims.map((claim) => claim.text),
    ],
  );
  await insertReceipts(em, place, claims);
}

export interface CheckedClaimRow {
  id: string;
  verdict: Verdict;
  confidence: number;
  receipts: readonly NewReceipt[];
}

/** Gives the claims their verdicts and replaces their receipts by those checked, for and against. */
export async function storeVerdicts(em: Em, place: RunPlace, checked: readonly CheckedClaimRow[]): Promise<void> {
  const ids = checked.map((claim) => claim.id);
  await runSql(
    em,
    `update claims set verdict = checked.verdict, confidence = checked.confidence
     from unnest($2::uuid[], $3::text[], $4::float8[]) as checked (id, verdict, confidence)
     where claims.id = checked.id and claims.run_id = $1`,
    [place.runId, ids, checked.map((claim) => claim.verdict), checked.map((claim) => claim.confidence)],
  );
  await runSql(em, 'delete from receipts where claim_id = any ($1::uuid[])', [ids]);
  await insertReceipts(em, place, checked);
}

/** Joins the caller's transaction; the claims must stand. */
export async function insertReceipts(
  em: Em,
  place: Pick<RunPlace, 'tenantId' | 'projectId'>,
  claims: readonly { id: string; receipts: readonly NewReceipt[] }[],
): Promise<void> {
  const rows = claims.flatMap((claim) => claim.receipts.map((receipt) => ({ ...receipt, claimId: claim.id })));
  await runSql(
    em,
    `insert into receipts (id, tenant_id, project_id, claim_id, snippet_id, snapshot_id, snapshot_sha256, quote,
       start_offset, end_offset, page, stance, score)
     select id, $1, $2, claim_id, snippet_id, snapshot_id, sha256, quote, start_offset, end_offset, page, stance, score
     from unnest($3::uuid[], $4::uuid[], $5::uuid[], $6::uuid[], $7::text[], $8::text[], $9::int[], $10::int[], $11::int[],
       $12::text[], $13::float8[])
       as receipt (id, claim_id, snippet_id, snapshot_id, sha256, quote, start_offset, end_offset, page, stance, score)`,
    [
      place.tenantId,
      place.projectId,
      rows.map(() => newId()),
      rows.map((row) => row.claimId),
      rows.map((row) => row.snippetId),
      rows.map((row) => row.snapshotId),
      rows.map((row) => row.snapshotSha256),
      rows.map((row) => row.quote),
      rows.map((row) => row.startOffset),
      rows.map((row) => row.endOffset),
      rows.map((row) => row.page),
      rows.map((row) => row.stance),
      rows.map((row) => row.score),
    ],
  );
}
