/** The report once both gates have passed: what every format is rendered from. See finish-report.ts. */
import type { Verdict } from '../../../src/claims/verdict.js';
import type { CheckedReceipt } from './check-facts.js';
import type { DraftSentence, SectionRole } from './draft-shape.js';
import type { PinnedSource } from './evidence-snippet.js';

export interface FinishedReport {
  title: string;
  question: string;
  sections: FinishedSection[];
  claims: FinishedClaim[];
  /** Cited sources by number, then those that only speak against a claim. */
  sources: FinishedSource[];
  abbreviations: FinishedAbbreviation[];
  /** What the section with the role CONTRADICTIONS is about. */
  contradictions: Contradiction[];
  charts: Chart[];
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

export interface FinishedAbbreviation {
  short: string;
  long: string;
  receipt: FinishedReceipt;
}

export interface FinishedSource extends PinnedSource {
  number: number;
}

/** A claim that another source contradicts. */
export interface Contradiction {
  /** Key of the claim whose receipts carry both sides. */
  claim: string;
  /** One a source; at least one on each side. */
  one: FinishedReceipt[];
  other: FinishedReceipt[];
}

/** Something counted in the report, as bars. */
export interface Chart {
  key: 'sources-by-year' | 'evidence-by-section';
  title: string;
  /** The whole of it in words, for who cannot see it. */
  description: string;
  /** What is counted, as the head of a column. */
  unit: string;
  head: string;
  bars: { label: string; value: number }[];
}
