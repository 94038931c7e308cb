/**
 * Puts the draft and what the factcheck found together: the report as it is rendered. Adds nothing about the subject:
 * verdicts, sources that speak against a claim, and the count of disagreements among the stated limits.
 */

import type { Verdict } from '../../../src/claims/verdict.js';
import type { CheckedReceipt, FactCheck } from './check-facts.js';
import type { Draft, DraftSentence, SectionRole } from './draft-shape.js';
import type { PinnedSource } from './evidence-snippet.js';
import { disagreementSentence } from './prose.js';

export interface FinishedReport {
  title: string;
  question: string;
  sections: FinishedSection[];
  claims: FinishedClaim[];
  /** Cited sources by number, then those that only speak against a claim. */
  sources: FinishedSource[];
  facets: { text: string; answered: boolean }[];
  uncoveredTerms: string[];
}

export interface FinishedSection {
  heading: string;
  role: SectionRole;
  facet: string | null;
  paragraphs: DraftSentence[][];
}

export interface FinishedClaim {
  key: string;
  section: string;
  text: string;
  citations: number[];
  verdict: Verdict;
  confidence: number;
  receipts: FinishedReceipt[];
}

/** A receipt and the number of its source in the report's list. */
export type FinishedReceipt = CheckedReceipt & { number: number };

export interface FinishedSource extends PinnedSource {
  number: number;
}

/** Both gates must have passed: a claim without a check is an error of the program. */
export function finishReport(draft: Draft, check: FactCheck, pinned: readonly PinnedSource[]): FinishedReport {
  const sources: FinishedSource[] = draft.sources.map((source, index) => ({ ...source, number: index + 1 }));
  const numberOf = (sourceId: string): number => {
    const known = sources.find((source) => source.sourceId === sourceId);
    if (known) return known.number;
    const source = pinned.find((candidate) => candidate.sourceId === sourceId);
    if (!source) throw new Error(`source ${sourceId} was never pinned`);
    return sources.push({ ...source, number: sources.length + 1 });
  };
  const claims = draft.claims.map((claim): FinishedClaim => {
    const checked = check.claims.find((candidate) => candidate.key === claim.key);
    if (!checked) throw new Error(`claim ${claim.key} was never checked`);
    return {
      key: claim.key,
      section: sectionOf(draft, claim.key),
      text: claim.text,
      citations: claim.citations,
      verdict: checked.verdict,
      confidence: checked.confidence,
      receipts: checked.receipts.map((receipt) => ({ ...receipt, number: numberOf(receipt.sourceId) })),
    };
  });
  const disputed = claims.filter((claim) => claim.verdict === 'MIXED' || claim.verdict === 'REFUTED').length;
  return {
    title: draft.title,
    question: draft.question,
    sections: draft.sections.map((section) =>
      section.role === 'LIMITS' && disputed > 0
        ? {
            ...section,
            paragraphs: [
              [{ kind: 'PROSE' as const, text: disagreementSentence(disputed) }, ...section.paragraphs.flat()],
            ],
          }
        : section,
    ),
    claims,
    sources,
    facets: draft.facets,
    uncoveredTerms: draft.uncoveredTerms,
  };
}

const sectionOf = (draft: Draft, key: string): string =>
  draft.sections.find((section) =>
    section.paragraphs.flat().some((sentence) => sentence.kind === 'CLAIM' && sentence.claim === key),
  )?.heading ?? '';
