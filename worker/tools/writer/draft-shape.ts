/**
 * A draft: the report before it is checked. A sentence is either a claim, which stands on receipts, or prose of the
 * report's own, which asserts nothing about the subject; nothing is both. Everything is JSON: a draft is a checkpoint.
 */
import type { Stance } from '../../../src/claims/verdict.js';

export interface Draft {
  title: string;
  question: string;
  sections: DraftSection[];
  /** In the order of their first sentence. */
  claims: DraftClaim[];
  /** In the order of citation; the citation [n] is sources[n - 1]. */
  sources: DraftSource[];
  /** What abbreviations in the claims stand for, where their sources say so. */
  abbreviations: DraftAbbreviation[];
  facets: { text: string; answered: boolean }[];
  /** Terms of the question nothing read speaks of. */
  uncoveredTerms: string[];
  counts: { sourcesRetrieved: number; sentencesRead: number; sentencesRelevant: number };
}

/** CONTRADICTIONS comes after the factcheck: no draft has one. */
export type SectionRole = 'SHORT_ANSWER' | 'TOPIC' | 'CONTRADICTIONS' | 'LIMITS';

export interface DraftSection {
  heading: string;
  role: SectionRole;
  facet: string | null;
  /** Paragraphs of sentences. */
  paragraphs: DraftSentence[][];
}

export type DraftSentence = { kind: 'PROSE'; text: string } | { kind: 'CLAIM'; claim: string };

export interface DraftClaim {
  /** "c1", "c2" … in order of appearance. */
  key: string;
  /** As printed: the quote made readable, with the authors' name before it where it speaks as them. */
  text: string;
  attributed: boolean;
  /** Citation numbers, one for each distinct source among the receipts, the first receipt's first. */
  citations: number[];
  /** The first is the sentence the claim was taken from; others say the same. */
  receipts: DraftReceipt[];
  relevance: number;
}

export interface DraftAbbreviation {
  short: string;
  long: string;
  /** Quotes the explanation, “sliding window attention (SWA)”, of the source that the claim rests on. */
  receipt: DraftReceipt;
}

export interface DraftReceipt {
  snippetId: string;
  sourceId: string;
  snapshotId: string;
  snapshotSha256: string;
  /** Verbatim bytes of the snapshot at [startOffset, endOffset). */
  quote: string;
  startOffset: number;
  endOffset: number;
  page: number | null;
  stance: Stance;
  /** 1 for the sentence the claim was taken from; for others the share of the claim's words they have. */
  score: number;
}

export interface DraftSource {
  sourceId: string;
  snapshotId: string;
  snapshotSha256: string;
  title: string;
  authors: string[];
  year: number | null;
}
