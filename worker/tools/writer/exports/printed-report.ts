/**
 * The report as it is set on pages, before any format: what report.pdf and report.docx both say, in their order. Every
 * string is plain text for the format to escape, inert, and never so long that it bursts a page.
 */

import { referenceLine, sourceLabel } from '../cite-source.js';
import type { Chart, FinishedClaim, FinishedReceipt, FinishedReport, FinishedSection } from '../finished-report.js';
import { inertLine } from '../inert-text.js';
import type { PrintedTrust } from '../render-html.js';

export interface PrintedReport {
  title: string;
  /** Null when the title is the question. */
  question: string | null;
  /** What a reader wants to know before reading: counts of the report. */
  facts: string[];
  sections: PrintedSection[];
  abbreviations: { short: string; long: string; number: number }[];
  charts: Chart[];
  /** One a claim; its number is the one the claim's sentence names. */
  receipts: PrintedReceipt[];
  sources: { number: number; reference: string; sha256: string }[];
  trust: { overall: string; basis: string[]; flags: string[] };
}

export interface PrintedSection {
  heading: string;
  paragraphs: PrintedSentence[][];
  contradictions: { one: PrintedQuote[]; other: PrintedQuote[] }[];
}

export interface PrintedSentence {
  text: string;
  /** Source numbers; empty for the report's own prose. */
  citations: number[];
  /** Number of its receipt; null for prose. */
  receipt: number | null;
  /** Set when it is not SUPPORTED. */
  verdict: string | null;
}

export interface PrintedReceipt {
  number: number;
  text: string;
  verdict: string;
  confidence: string;
  quotes: PrintedQuote[];
}

export interface PrintedQuote {
  quote: string;
  /** "Lind and Marsh (2016)" */
  source: string;
  number: number;
  page: number | null;
  /** "for", "against" or "beside". */
  stance: string;
  /** Where it stands, in UTF-8 bytes of the snapshot. */
  bytes: string;
}

const TITLE_CHARS = 400;
const HEADING_CHARS = 160;
const TEXT_CHARS = 4_000; // far above any quotable sentence: a backstop, not a format

/** Deterministic: names no run and no time. */
export function printReport(report: FinishedReport, trust: PrintedTrust): PrintedReport {
  const receiptOf = new Map(report.claims.map((claim, index) => [claim.key, index + 1]));
  const claims = new Map(report.claims.map((claim) => [claim.key, claim]));
  const sentenceOf = (key: string): PrintedSentence[] => {
    const claim = claims.get(key);
    return claim ? [{ ...printed(claim), receipt: receiptOf.get(key) ?? null }] : [];
  };
  const quoteOf = (receipt: FinishedReceipt) => printQuote(receipt, report);
  const sectionOf = ({ heading, role, paragraphs }: FinishedSection): PrintedSection => ({
    heading: inertLine(heading, HEADING_CHARS),
    paragraphs: paragraphs.map((sentences) =>
      sentences.flatMap((sentence) =>
        sentence.kind === 'CLAIM' ? sentenceOf(sentence.claim) : [{ text: text(sentence.text), ...PROSE }],
      ),
    ),
    contradictions:
      role === 'CONTRADICTIONS'
        ? report.contradictions.map(({ one, other }) => ({ one: one.map(quoteOf), other: other.map(quoteOf) }))
        : [],
  });
  return {
    title: inertLine(report.title, TITLE_CHARS),
    question: report.title === report.question ? null : inertLine(report.question, TITLE_CHARS),
    facts: factsOf(report, trust),
    sections: report.sections.map(sectionOf),
    abbreviations: report.abbreviations.map(({ short, long, receipt: { number } }) => ({
      short: text(short),
      long: text(long),
      number,
    })),
    charts: report.charts.map((chart) => ({
      ...chart,
      bars: chart.bars.map(({ label, value }) => ({ label: inertLine(label, HEADING_CHARS), value })),
    })),
    receipts: report.claims.map((claim, index) => ({
      number: index + 1,
      text: text(claim.text),
      verdict: claim.verdict.toLowerCase(),
      confidence: percent(claim.confidence),
      quotes: claim.receipts.map(quoteOf),
    })),
    sources: report.sources.map((source) => ({
      number: source.number,
      reference: inertLine(referenceLine(source), TITLE_CHARS),
      sha256: source.snapshotSha256,
    })),
    trust: {
      overall: percent(trust.overall),
      basis: trust.components.map(({ name, score, basis }) => text(`${name} ${percent(score)}: ${basis}`)),
      flags: trust.flags.map(({ message }) => text(message)),
    },
  };
}

const PROSE = { citations: [], receipt: null, verdict: null };

const printed = (claim: FinishedClaim) => ({
  text: text(claim.text),
  citations: claim.citations,
  verdict: claim.verdict === 'SUPPORTED' ? null : claim.verdict.toLowerCase(),
});

const STANCES = { SUPPORTS: 'for', REFUTES: 'against', NEUTRAL: 'beside' } as const;

function printQuote(receipt: FinishedReceipt, report: FinishedReport): PrintedQuote {
  const source = report.sources.find(({ number }) => number === receipt.number);
  return {
    quote: text(receipt.quote),
    source: inertLine(source ? sourceLabel(source) : '', HEADING_CHARS),
    number: receipt.number,
    page: receipt.page,
    stance: STANCES[receipt.stance],
    bytes: `${receipt.startOffset}–${receipt.endOffset}`,
  };
}

function factsOf({ claims, sources, facets }: FinishedReport, trust: PrintedTrust): string[] {
  const verdicts = [...new Set(claims.map(({ verdict }) => verdict))].map(
    (verdict) => `${claims.filter((claim) => claim.verdict === verdict).length} ${verdict.toLowerCase()}`,
  );
  const answered = facets.filter((facet) => facet.answered).length;
  return [
    `${claims.length} quoted sentences: ${verdicts.join(', ')}`,
    `${sources.length} ${sources.length === 1 ? 'source' : 'sources'}`,
    `${answered} of ${facets.length} ${facets.length === 1 ? 'part' : 'parts'} of the question answered`,
    `trust ${percent(trust.overall)}`,
  ];
}

const text = (raw: string) => inertLine(raw, TEXT_CHARS);
const percent = (value: number) => `${Math.round(value * 100)} %`;
