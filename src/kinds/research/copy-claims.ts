/** Gives a new run the claims of another whose draft it takes over: rows of its own, named in its own checkpoint. */
import { z } from 'zod';
import { ClaimEntity } from '../../claims/claim.entity.js';
import { ReceiptEntity } from '../../claims/receipt.entity.js';
import { type NewClaim, type RunPlace, storeClaims, storeVerdicts } from '../../claims/store-claims.js';
import { Stance } from '../../claims/verdict.js';
import type { Em } from '../../platform/database/database.js';
import { runSql } from '../../platform/database/sql.js';
import { newId } from '../../platform/ids.js';

/** Of the checkpoint that the draft stage leaves: what its claims stood on before they were checked. */
const DraftedClaims = z.object({
  draft: z.object({
    claims: z.array(
      z.object({
        key: z.string(),
        receipts: z.array(
          z.object({
            snippetId: z.string(),
            snapshotId: z.string(),
            snapshotSha256: z.string(),
            quote: z.string(),
            startOffset: z.number(),
            endOffset: z.number(),
            page: z.number().nullable(),
            stance: z.enum(Stance),
            score: z.number(),
          }),
        ),
      }),
    ),
  }),
  claimIds: z.record(z.string(), z.string()),
});

/**
 * As the draft left them, or, when `checked`, with the verdicts and receipts of the factcheck. Joins the caller's
 * transaction; the checkpoint of the draft must be there.
 */
export async function copyClaims(em: Em, from: string, place: RunPlace, checked: boolean): Promise<void> {
  const { draft, claimIds } = DraftedClaims.parse(await readDraft(em, place.runId));
  const rows = await em.find(ClaimEntity, { runId: from }, { orderBy: { ordinal: 'asc' } });
  const keyOf = new Map(Object.entries(claimIds).map(([key, id]) => [id, key]));
  const drafted = new Map(draft.claims.map(({ key, receipts }) => [key, receipts]));
  const copies = rows.map((row) => ({ row, key: keyOf.get(row.id) ?? '', id: newId() }));
  await storeClaims(
    em,
    place,
    copies.map(
      ({ row, key, id }): NewClaim => ({
        id,
        section: row.section ?? null,
        text: row.text,
        receipts: drafted.get(key) ?? [],
      }),
    ),
  );
  if (checked) {
    const receipts = await em.find(
      ReceiptEntity,
      { claimId: { $in: rows.map(({ id }) => id) } },
      { orderBy: { id: 'asc' } },
    );
    const verdicts = copies.flatMap(({ row, id }) => {
      const { verdict, confidence } = row;
      if (verdict == null || confidence == null) return [];
      const own = receipts.filter(({ claimId }) => claimId === row.id);
      return [
        { id, verdict, confidence, receipts: own.map((receipt) => ({ ...receipt, page: receipt.page ?? null })) },
      ];
    });
    await storeVerdicts(em, place, verdicts);
  }
  await runSql(
    em,
    `update run_stages set output = jsonb_set(output, '{claimIds}', $2) where run_id = $1 and name = 'draft'`,
    [place.runId, JSON.stringify(Object.fromEntries(copies.map(({ key, id }) => [key, id])))],
  );
}

async function readDraft(em: Em, runId: string): Promise<unknown> {
  const [row] = await runSql<{ output: unknown }>(
    em,
    `select output from run_stages where run_id = $1 and name = 'draft'`,
    [runId],
  );
  return row?.output;
}
