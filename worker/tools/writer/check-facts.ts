/**
 * The second gate: is what the draft says what the sources say? Trusts nothing the draft carries. It takes the snapshots
 * as they lie in the store, hashes them again, cuts the quote out of the bytes itself, and compares claim and quote word
 * by word (check-fidelity); it takes names and titles from the pinned sources. A further source counts only when two judges
 * agree that it says the same (stance, judge-support). Then it looks the other way: does any other sentence that was read
 * contradict the claim?
 *
 * A failure means the draft misquotes and the run must not succeed. A contradiction is no failure: the claim is quoted
 * rightly and another source disagrees, which the verdict says.
 */
import { createHash } from 'node:crypto';
import type { Stance, Verdict } from '../../../src/claims/verdict.js';
import { sliceByBytes } from '../../../src/evidence/byte-offsets.js';
import { judgeSupport } from '../claims/judge-support.js';
import { checkFidelity, type FidelityFault } from './check-fidelity.js';
import { sourceLabel } from './cite-source.js';
import type { Draft, DraftAbbreviation, DraftClaim, DraftReceipt } from './draft-shape.js';
import type { EvidenceSnippet, PinnedSource } from './evidence-snippet.js';
import { readExplanation } from './explain-abbreviations.js';
import { findCounterEvidence, type ReadEvidence, readEvidence } from './find-counter-evidence.js';
import { readCandidates } from './read-candidates.js';
import { judgeStance, readAssertion } from './stance.js';

export type FactFault =
  | FidelityFault
  | 'HASH_MISMATCH'
  | 'QUOTE_NOT_FOUND'
  | 'SOURCE_SWAPPED'
  | 'NOT_THE_SAME_CLAIM'
  | 'NO_RECEIPT';

export interface FactFailure {
  claim: string;
  fault: FactFault;
  /** The failing sentence as printed. */
  sentence: string;
  /** What is wrong with it, for a reader. */
  explanation: string;
}

export interface CheckedReceipt extends Omit<DraftReceipt, 'stance'> {
  stance: Stance;
  /** True when the quote was found verbatim at its offsets in bytes with its hash. */
  verified: boolean;
}

export interface CheckedClaim {
  key: string;
  verdict: Verdict;
  /** 0..1; see confidenceOf. */
  confidence: number;
  /** The draft's receipts, then those against. */
  receipts: CheckedReceipt[];
}

export interface FactCheck {
  claims: CheckedClaim[];
  failures: FactFailure[];
  receiptsVerified: number;
}

/** The store as the gate sees it: bytes by snapshot id, and what ingest pinned. */
export interface PinnedEvidence {
  sources: readonly PinnedSource[];
  snapshots: ReadonlyMap<string, Buffer>;
  snippets: readonly EvidenceSnippet[];
}

/** Checks every claim. Pure: reading the snapshots is the caller's. An empty `failures` passes the gate. */
export function checkFacts(draft: Draft, evidence: PinnedEvidence): FactCheck {
  const hashes = new Map(Array.from(evidence.snapshots, ([id, bytes]) => [id, sha256(bytes)]));
  const failures: FactFailure[] = [
    ...checkSourceList(draft, evidence),
    ...draft.abbreviations.flatMap((abbreviation) => checkAbbreviation(abbreviation, evidence, hashes)),
  ];
  const read = readEvidence(readCandidates(evidence.snippets).candidates);
  let receiptsVerified = 0;
  const claims = draft.claims.map((claim): CheckedClaim => {
    const faults: Omit<FactFailure, 'claim' | 'sentence'>[] = [];
    const receipts = claim.receipts.map((receipt, index): CheckedReceipt => {
      const fault = checkPlace(receipt, evidence, hashes) ?? checkSaying(claim, receipt, index === 0);
      if (fault) faults.push(fault);
      else receiptsVerified += 1;
      const counted = index === 0 || fault !== undefined ? receipt : countEcho(claim, receipt, read);
      return { ...counted, verified: fault === undefined };
    });
    if (receipts.length === 0) faults.push({ fault: 'NO_RECEIPT', explanation: 'nothing stands behind the sentence' });
    faults.push(...checkNames(claim, draft, evidence));
    failures.push(...faults.map((fault) => ({ ...fault, claim: claim.key, sentence: claim.text })));
    const against =
      faults.length > 0 ? [] : findAgainst(claim, read).filter((receipt) => !checkPlace(receipt, evidence, hashes));
    return { key: claim.key, ...weigh(faults.length > 0, receipts, against), receipts: [...receipts, ...against] };
  });
  return { claims, failures, receiptsVerified };
}

const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

type Fault = Omit<FactFailure, 'claim' | 'sentence'>;

/** The list of sources must be the pinned ones, unaltered: a swapped title would make every citation lie. */
function checkSourceList(draft: Draft, { sources }: PinnedEvidence): FactFailure[] {
  return draft.sources.flatMap((listed, index) => {
    const pinned = sources.find((source) => source.sourceId === listed.sourceId);
    const same =
      pinned !== undefined &&
      pinned.title === listed.title &&
      pinned.year === listed.year &&
      pinned.snapshotId === listed.snapshotId &&
      pinned.snapshotSha256 === listed.snapshotSha256 &&
      pinned.authors.join('\n') === listed.authors.join('\n');
    return same
      ? []
      : [
          {
            claim: '',
            fault: 'SOURCE_SWAPPED' as const,
            sentence: `[${index + 1}] ${listed.title}`,
            explanation: 'the list names another source than was pinned under this number',
          },
        ];
  });
}

/** An explanation must stand where its receipt says and say just that. */
function checkAbbreviation(
  { short, long, receipt }: DraftAbbreviation,
  evidence: PinnedEvidence,
  hashes: ReadonlyMap<string, string>,
): FactFailure[] {
  const said = readExplanation(receipt.quote);
  const fault =
    checkPlace(receipt, evidence, hashes) ??
    (said?.short === short && said.long === long
      ? undefined
      : { fault: 'WORDS_CHANGED' as const, explanation: 'its source does not explain the abbreviation so' });
  return fault ? [{ ...fault, claim: '', sentence: `${short}: ${long}` }] : [];
}

/** Does the quote stand where the receipt says, in bytes with the hash it says, of the source it says? */
function checkPlace(
  receipt: DraftReceipt,
  { sources, snapshots }: PinnedEvidence,
  hashes: ReadonlyMap<string, string>,
): Fault | undefined {
  const pinned = sources.find((source) => source.snapshotId === receipt.snapshotId);
  if (!pinned || pinned.sourceId !== receipt.sourceId) {
    return { fault: 'SOURCE_SWAPPED', explanation: 'the receipt attributes the snapshot to a source it is not of' };
  }
  const bytes = snapshots.get(receipt.snapshotId);
  const actual = hashes.get(receipt.snapshotId);
  if (!bytes || actual !== receipt.snapshotSha256 || actual !== pinned.snapshotSha256) {
    return { fault: 'HASH_MISMATCH', explanation: `the snapshot of “${pinned.title}” is not the one that was pinned` };
  }
  return sliceByBytes(bytes, receipt.startOffset, receipt.endOffset) === receipt.quote
    ? undefined
    : {
        fault: 'QUOTE_NOT_FOUND',
        explanation: `the quote does not stand at bytes ${receipt.startOffset}–${receipt.endOffset} of “${pinned.title}”`,
      };
}

/** The first receipt must say the claim word for word; a further one must say the same by `judgeStance`. */
function checkSaying(claim: DraftClaim, receipt: DraftReceipt, isOrigin: boolean): Fault | undefined {
  const said = claim.attributed ? quotedPart(claim.text) : claim.text;
  if (!isOrigin) {
    const { stance, reason } = judgeStance(readAssertion(said), readAssertion(receipt.quote));
    return stance === receipt.stance
      ? undefined
      : { fault: 'NOT_THE_SAME_CLAIM', explanation: `a receipt is counted as ${receipt.stance}, but ${reason}` };
  }
  const { faults, explanation } = checkFidelity(said, receipt.quote);
  return faults[0] === undefined ? undefined : { fault: faults[0], explanation };
}

/**
 * A sentence of another source counts as saying the same only if the judgement of support agrees: near in its words, it may
 * still hedge what the claim says flatly, or not name what the claim names. Then it stands beside the claim as NEUTRAL.
 */
function countEcho(claim: DraftClaim, receipt: DraftReceipt, { weight }: ReadEvidence): DraftReceipt {
  if (receipt.stance !== 'SUPPORTS') return receipt;
  const said = claim.attributed ? quotedPart(claim.text) : claim.text;
  const judged = judgeSupport(said, [receipt.quote], weight);
  return judged.verdict === 'SUPPORTED' ? receipt : { ...receipt, stance: 'NEUTRAL' };
}

const ATTRIBUTION = /^(.+?) reports?: “(.*)”$/su;
const quotedPart = (text: string) => ATTRIBUTION.exec(text)?.[2] ?? text;

/** The citation numbers and the name in an attribution must be those of the sources the receipts come from. */
function checkNames(claim: DraftClaim, draft: Draft, { sources }: PinnedEvidence): Fault[] {
  const proven = [...new Set(claim.receipts.map((receipt) => receipt.sourceId))];
  const cited = claim.citations.map((citation) => draft.sources[citation - 1]?.sourceId);
  const faults: Fault[] = [];
  if (proven.some((sourceId, index) => cited[index] !== sourceId) || cited.length !== proven.length) {
    faults.push({
      fault: 'SOURCE_SWAPPED',
      explanation: 'the sentence cites another source than its receipts come from',
    });
  }
  const origin = sources.find((source) => source.sourceId === claim.receipts[0]?.sourceId);
  const named = ATTRIBUTION.exec(claim.text)?.[1];
  if (claim.attributed && (!origin || named !== sourceLabel(origin))) {
    faults.push({
      fault: 'SOURCE_SWAPPED',
      explanation: `the sentence names ${named ?? 'nobody'}, its quote is by ${origin ? sourceLabel(origin) : 'an unknown source'}`,
    });
  }
  return faults;
}

const MAX_AGAINST = 3;

/** Sentences of other sources that contradict the claim, one a source. */
function findAgainst(claim: DraftClaim, read: ReadEvidence): CheckedReceipt[] {
  const said = claim.attributed ? quotedPart(claim.text) : claim.text;
  const own = new Set(claim.receipts.map((receipt) => receipt.snapshotSha256));
  return findCounterEvidence(said, own, read)
    .slice(0, MAX_AGAINST)
    .map(({ candidate, score }) => ({
      snippetId: candidate.snippet.snippetId,
      sourceId: candidate.snippet.sourceId,
      snapshotId: candidate.snippet.snapshotId,
      snapshotSha256: candidate.snippet.snapshotSha256,
      quote: candidate.quote,
      startOffset: candidate.startOffset,
      endOffset: candidate.endOffset,
      page: candidate.page,
      stance: 'REFUTES',
      score,
      verified: true,
    }));
}

/** For and against, counted in independent sources. A misquote is UNSUPPORTED whatever else is there. */
function weigh(
  failed: boolean,
  receipts: readonly CheckedReceipt[],
  against: readonly CheckedReceipt[],
): { verdict: Verdict; confidence: number } {
  if (failed) return { verdict: 'UNSUPPORTED', confidence: 1 };
  const supporting = new Set(
    receipts.filter((receipt) => receipt.stance === 'SUPPORTS').map((receipt) => receipt.sourceId),
  ).size;
  const refuting = new Set(against.map((receipt) => receipt.sourceId)).size;
  if (refuting === 0) return { verdict: 'SUPPORTED', confidence: confidenceOf(supporting) };
  const share = Math.round((refuting / (supporting + refuting)) * 100) / 100;
  return refuting >= 2 * supporting
    ? { verdict: 'REFUTED', confidence: share }
    : { verdict: 'MIXED', confidence: 1 - share };
}

/** One source that says it verbatim: 0.75; two: 0.9; three and more: 0.95. Never 1: a source may be wrong. */
const confidenceOf = (sources: number): number => (sources >= 3 ? 0.95 : sources === 2 ? 0.9 : 0.75);
