/**
 * What the paper engine could not read of the snapshots of a run. Only gaps that can hide evidence count: a missing list
 * of keywords changes no report. Pinned with the evidence, so that reading a paper again changes no run that is under way.
 */
import type { PaperUncertainty, PaperUncertaintyCode } from '../../../src/papers/structured-paper.js';
import type { Em } from '../../../src/platform/database/database.js';
import { runSql } from '../../../src/platform/database/sql.js';
import type { UnreadPart } from '../../tools/writer/evidence-snippet.js';

const HIDES_EVIDENCE: readonly PaperUncertaintyCode[] = [
  'SCANNED_PAGE',
  'OCR_TEXT',
  'GARBLED_TEXT',
  'TABLE_WITHOUT_CELLS',
  'EQUATIONS_UNREADABLE',
  'TEXT_CUT',
];

/** By snapshot id; a snapshot that no paper was read from, or that was read whole, is absent. */
export async function readUnreadParts(em: Em, snapshotIds: readonly string[]): Promise<Map<string, UnreadPart[]>> {
  const rows = await runSql<{ snapshot_id: string; uncertainties: PaperUncertainty[] | null }>(
    em,
    `select snapshot_id, structure -> 'uncertainties' as uncertainties from paper_structures where snapshot_id = any ($1::uuid[])`,
    [[...snapshotIds]],
  );
  return new Map(
    rows
      .map((row) => [row.snapshot_id, gather(row.uncertainties ?? [])] as const)
      .filter(([, parts]) => parts.length > 0),
  );
}

function gather(uncertainties: readonly PaperUncertainty[]): UnreadPart[] {
  return HIDES_EVIDENCE.flatMap((code) => {
    const found = uncertainties.filter((uncertainty) => uncertainty.code === code);
    const pages = [...new Set(found.flatMap(({ page }) => page ?? []))].sort((a, b) => a - b);
    return found.length > 0 ? [{ code, pages }] : [];
  });
}
