/**
 * The factual gate: see check-facts. Reads the snapshots from the store anew and checks both the draft's checkpoint and
 * the claims as the API shows them; a misquote in either ends the run GATE_FAILED with the sentences named. What passes
 * gets its verdict and the receipts against it.
 */
import { ClaimEntity } from '../../../src/claims/claim.entity.js';
import { type Receipt, ReceiptEntity } from '../../../src/claims/receipt.entity.js';
import { storeVerdicts } from '../../../src/claims/store-claims.js';
import type { Em } from '../../../src/platform/database/database.js';
import type { StageContext, StageResult } from '../../engine/stage.js';
import { checkDissent, dissentQuestion } from '../../tools/model/editing/find-dissent.js';
import { checkFacts, type FactFailure } from '../../tools/writer/check-facts.js';
import type { Draft, DraftReceipt } from '../../tools/writer/draft-shape.js';
import type { Drafted, Factchecked, Ingested } from './checkpoints.js';
import { openConsultant } from './consult-model.js';
import { gateFailed } from './gate-failed.js';
import { readSnapshots } from './read-snapshots.js';

export async function factcheck(ctx: StageContext): Promise<StageResult> {
  const drafted = await ctx.output<Drafted>('draft');
  const { sources, snippets, snapshots } = await ctx.output<Ingested>('ingest');
  const stored = await readSnapshots(
    ctx.em,
    snapshots.map((snapshot) => snapshot.id),
  );
  const evidence = {
    sources,
    snippets,
    snapshots: new Map(stored.map((snapshot) => [snapshot.id, Buffer.from(snapshot.text, 'utf8')])),
  };
  ctx.signal.throwIfAborted();
  const check: Factchecked = checkFacts(drafted.draft, evidence);
  const shown = await asShown(ctx.em, drafted);
  const failures = distinct([...check.failures, ...(shown ? checkFacts(shown, evidence).failures : [])]);
  if (failures.length > 0) throw gateFailed('factcheck', failures.map(findingOf));

  const texts = new Map(drafted.draft.claims.map((claim) => [claim.key, claim.text]));
  for (const [index, claim] of check.claims.entries()) {
    const text = texts.get(claim.key) ?? '';
    ctx.emit({
      type: 'CLAIM_CHECKED',
      message: `${claim.verdict.toLowerCase()}: ${text}`,
      payload: { text, verdict: claim.verdict, section: sectionOf(drafted.draft, claim.key) },
    });
    ctx.progress({ done: index + 1, total: check.claims.length, unit: 'claims' });
  }
  await askForDissent(ctx, drafted, check, snippets);
  return {
    output: check,
    write: async (em) => {
      const place = { tenantId: ctx.tenantId, projectId: ctx.run.projectId, runId: ctx.run.id };
      const rows = check.claims.map(({ key, verdict, confidence, receipts }) => ({
        id: drafted.claimIds[key] ?? '',
        verdict,
        confidence,
        receipts,
      }));
      await storeVerdicts(em, place, rows);
      return undefined;
    },
  };
}

const SHOWN_CHARS = 300; // of each side of a contradiction, in an event

/** A model's second opinion, told in the timeline; no verdict depends on it. */
async function askForDissent(
  ctx: StageContext,
  { draft, model }: Drafted,
  check: Factchecked,
  snippets: Ingested['snippets'],
): Promise<void> {
  const consultant = await openConsultant(ctx, 'judge', model ?? null);
  const found = await consultant?.ask(dissentQuestion(draft, snippets), (dissent) =>
    checkDissent(draft, check, dissent, snippets),
  );
  for (const { claim, quote, source } of found ?? []) {
    const message = `A model takes these for contradictory, which no check found: “${claim.text.slice(0, SHOWN_CHARS)}” and “${quote.slice(0, SHOWN_CHARS)}” (${source}).`;
    ctx.emit({ type: 'UNCERTAINTY_FOUND', message, payload: { code: 'MODEL_SEES_CONTRADICTION', page: null } });
  }
}

const findingOf = ({ fault, explanation, sentence }: FactFailure) => ({ code: fault, message: explanation, sentence });

const distinct = (failures: readonly FactFailure[]): FactFailure[] => [
  ...new Map(failures.map((failure) => [`${failure.claim}\n${failure.fault}\n${failure.sentence}`, failure])).values(),
];

const sectionOf = (draft: Draft, key: string): string | null =>
  draft.sections.find((section) =>
    section.paragraphs.flat().some((sentence) => sentence.kind === 'CLAIM' && sentence.claim === key),
  )?.heading ?? null;

/** The draft with the texts and quotes that stand in the claims' rows; null when they are those of the draft. */
async function asShown(em: Em, { draft, claimIds }: Drafted): Promise<Draft | null> {
  const ids = Object.values(claimIds);
  const claims = new Map((await em.find(ClaimEntity, { id: { $in: ids } })).map((claim) => [claim.id, claim]));
  const receipts = await em.find(ReceiptEntity, { claimId: { $in: ids } }, { orderBy: { id: 'asc' } });
  const shown = draft.claims.map((claim) => {
    const id = claimIds[claim.key] ?? '';
    const rows = receipts.filter((receipt) => receipt.claimId === id);
    const kept = claim.receipts.slice(0, rows.length); // a receipt that has lost its row is not shown
    return {
      ...claim,
      text: claims.get(id)?.text ?? '',
      receipts: kept.map((receipt, index): DraftReceipt => ({ ...receipt, ...placeOf(rows[index]) })),
    };
  });
  const same = (a: Draft['claims'], b: Draft['claims']) => JSON.stringify(a) === JSON.stringify(b);
  return same(shown, draft.claims) ? null : { ...draft, claims: shown };
}

const placeOf = (row: Receipt | undefined): Partial<DraftReceipt> =>
  row
    ? {
        snippetId: row.snippetId,
        snapshotId: row.snapshotId,
        snapshotSha256: row.snapshotSha256,
        quote: row.quote,
        startOffset: row.startOffset,
        endOffset: row.endOffset,
        page: row.page,
      }
    : {};
