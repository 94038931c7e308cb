/** The machine-readable files: claims.json (src/claims/claim-map) and report.json (the API's Report with its claims). */
import {
  CLAIM_MAP_FORMAT,
  type ClaimMap,
  type ClaimMapReceipt,
  type ClaimMapSnapshot,
  HOW_TO_VERIFY,
} from '../../../src/claims/claim-map.js';
import type { PinnedSource } from './evidence-snippet.js';
import type { FinishedReceipt, FinishedReport } from './finished-report.js';
import type { RenderedMarkdown } from './render-markdown.js';

export const EXTRACTIVE_ENGINE = { name: 'extractive@1', model: null } as const;

/** The engine of a report, with the models that have helped it if any did. */
export const engineWith = (models: readonly string[]): ClaimMap['engine'] =>
  models.length === 0 ? EXTRACTIVE_ENGINE : { ...EXTRACTIVE_ENGINE, model: models.join(', ') };

/** Builds claims.json. `publicId` makes API ids of stored ones, so that a reader can look things up by them. */
export function renderClaimMap(
  report: FinishedReport,
  pinned: readonly PinnedSource[],
  snapshots: readonly ClaimMapSnapshot[],
  publicId: (kind: 'source' | 'snapshot' | 'snippet', id: string) => string = (_, id) => id,
  engine: ClaimMap['engine'] = EXTRACTIVE_ENGINE,
): ClaimMap {
  const receiptOf = (receipt: FinishedReceipt): ClaimMapReceipt => ({
    sourceId: publicId('source', receipt.sourceId),
    snapshotId: publicId('snapshot', receipt.snapshotId),
    snapshotSha256: receipt.snapshotSha256,
    snippetId: publicId('snippet', receipt.snippetId),
    quote: receipt.quote,
    startOffset: receipt.startOffset,
    endOffset: receipt.endOffset,
    page: receipt.page,
    stance: receipt.stance,
    score: receipt.score,
    verified: receipt.verified,
  });
  const numbers = new Map(report.sources.map((source) => [source.sourceId, source.number]));
  return {
    format: CLAIM_MAP_FORMAT,
    question: report.question,
    engine,
    facets: report.facets,
    uncoveredTerms: report.uncoveredTerms,
    sources: pinned.map((source) => ({
      id: publicId('source', source.sourceId),
      number: numbers.get(source.sourceId) ?? null,
      title: source.title,
      authors: source.authors,
      year: source.year,
      snapshotId: publicId('snapshot', source.snapshotId),
    })),
    snapshots: snapshots.map((snapshot) => ({ ...snapshot, id: publicId('snapshot', snapshot.id) })),
    abbreviations: report.abbreviations.map(({ short, long, receipt }) => ({
      short,
      long,
      receipt: receiptOf(receipt),
    })),
    claims: report.claims.map((claim) => ({
      id: claim.key,
      section: claim.section,
      text: claim.text,
      verdict: claim.verdict,
      confidence: claim.confidence,
      receipts: claim.receipts.map(receiptOf),
    })),
    howToVerify: HOW_TO_VERIFY,
  };
}

export interface ReportFile {
  title: string;
  question: string;
  markdown: string;
  wordCount: number;
  sections: RenderedMarkdown['sections'];
  claims: ClaimMap['claims'];
  sources: ClaimMap['sources'];
}

/** Builds report.json. Offsets are UTF-8 bytes into `markdown`, which is report.md byte for byte. */
export const renderReportFile = (report: FinishedReport, rendered: RenderedMarkdown, map: ClaimMap): ReportFile => ({
  title: report.title,
  question: report.question,
  markdown: rendered.markdown,
  wordCount: rendered.wordCount,
  sections: rendered.sections,
  claims: map.claims,
  sources: map.sources,
});
