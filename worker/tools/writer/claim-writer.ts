/**
 * Turns chosen sentences into claims with their receipts, numbering claims and sources as they appear. A further source
 * gets a receipt only where both judges agree that it says the same: by its words (stance), and by support (../claims).
 */
import { AppError } from '../../../src/platform/errors.js';
import { judgeSupport } from '../claims/judge-support.js';
import { type TermWeight, weighTerms } from '../claims/match-terms.js';
import { readStatement } from '../claims/read-statement.js';
import { attribute } from './cite-source.js';
import type { DraftClaim, DraftReceipt, DraftSection, DraftSentence, DraftSource } from './draft-shape.js';
import { orderSection } from './order-section.js';
import type { OutlineSection, ReadEvidence } from './outline.js';
import * as prose from './prose.js';
import type { RankedSentence } from './rank-sentences.js';
import { judgeStance, readAssertion } from './stance.js';

const MAX_RECEIPTS = 4; // for one claim: its own and three that say the same

/** Turns chosen sentences into claims, numbering claims and sources as they appear. */
export class ClaimWriter {
  readonly claims: DraftClaim[] = [];
  readonly sources: DraftSource[] = [];
  private readonly weight: TermWeight;
  constructor(private readonly evidence: ReadEvidence) {
    this.weight = weighTerms(evidence.ranked.map(({ text }) => readStatement(text)));
  }

  section(
    head: Pick<DraftSection, 'heading' | 'role' | 'facet'>,
    groups: readonly (readonly RankedSentence[])[],
  ): DraftSection {
    return { ...head, paragraphs: groups.map((group) => group.map((sentence) => this.claim(sentence))) };
  }

  topic(section: OutlineSection, sentences: readonly RankedSentence[], nameFacet: boolean): DraftSection {
    const written: DraftSection = { heading: section.heading, role: 'TOPIC', facet: section.facet, paragraphs: [] };
    if (nameFacet && section.facet !== null && section.heading.toLowerCase() !== section.facet.toLowerCase()) {
      written.paragraphs.push([{ kind: 'PROSE', text: prose.facetLead(section.facet) }]);
    }
    const steps = orderSection(sentences);
    const opening = steps
      .filter(({ step }) => step === 'DEFINITION' || step === 'MECHANISM')
      .flatMap((group) => group.sentences);
    if (opening.length > 0) written.paragraphs.push(opening.map((sentence) => this.claim(sentence)));
    for (const { step, sentences: group } of steps) {
      if (step !== 'EVIDENCE' && step !== 'CAVEAT') continue;
      const lead: DraftSentence = {
        kind: 'PROSE',
        text: step === 'EVIDENCE' ? prose.FIGURES_LEAD : prose.CAVEATS_LEAD,
      };
      const claims = group.map((sentence) => this.claim(sentence));
      written.paragraphs.push(opening.length > 0 || step === 'CAVEAT' ? [lead, ...claims] : claims);
    }
    return written;
  }

  private claim(sentence: RankedSentence): DraftSentence {
    const { snippet } = sentence;
    const source = { title: snippet.sourceTitle, authors: snippet.sourceAuthors, year: snippet.sourceYear };
    const receipts = [receiptOf(sentence, 1), ...this.echoes(sentence)];
    const key = `c${this.claims.length + 1}`;
    this.claims.push({
      key,
      text: sentence.attributed ? attribute(source, sentence.text) : sentence.text,
      attributed: sentence.attributed,
      citations: [...new Set(receipts.map((receipt) => this.cite(receipt.sourceId)))],
      receipts,
      relevance: Math.round(sentence.relevance * 1000) / 1000,
    });
    return { kind: 'CLAIM', claim: key };
  }

  /** Sentences of other sources that say the same: one a source, the closest first. */
  private echoes(sentence: RankedSentence): DraftReceipt[] {
    const bySource = new Map<string, DraftReceipt>();
    for (const other of this.evidence.ranked) {
      if (
        other.snippet.sourceId === sentence.snippet.sourceId ||
        other.snippet.snapshotSha256 === sentence.snippet.snapshotSha256
      )
        continue;
      const judgement = judgeStance(sentence.assertion, other.assertion);
      if (judgement.stance !== 'SUPPORTS') continue;
      // The factcheck will judge the quote itself, markers and all, and by support too: only what holds there is a receipt.
      if (judgeStance(sentence.assertion, readAssertion(other.quote)).stance !== 'SUPPORTS') continue;
      if (judgeSupport(sentence.text, [other.quote], this.weight).verdict !== 'SUPPORTED') continue;
      const known = bySource.get(other.snippet.sourceId);
      if (!known || known.score < judgement.score)
        bySource.set(other.snippet.sourceId, receiptOf(other, judgement.score));
    }
    return [...bySource.values()].sort((a, b) => b.score - a.score).slice(0, MAX_RECEIPTS - 1);
  }

  private cite(sourceId: string): number {
    const known = this.sources.findIndex((source) => source.sourceId === sourceId);
    if (known >= 0) return known + 1;
    const snippet = this.evidence.ranked.find((sentence) => sentence.snippet.sourceId === sourceId)?.snippet;
    if (!snippet) throw new AppError('INTERNAL', `Source ${sourceId} is cited but was not read.`);
    return this.sources.push({
      sourceId,
      snapshotId: snippet.snapshotId,
      snapshotSha256: snippet.snapshotSha256,
      title: snippet.sourceTitle,
      authors: snippet.sourceAuthors,
      year: snippet.sourceYear,
    });
  }
}

const receiptOf = (sentence: RankedSentence, score: number): DraftReceipt => ({
  snippetId: sentence.snippet.snippetId,
  sourceId: sentence.snippet.sourceId,
  snapshotId: sentence.snippet.snapshotId,
  snapshotSha256: sentence.snippet.snapshotSha256,
  quote: sentence.quote,
  startOffset: sentence.startOffset,
  endOffset: sentence.endOffset,
  page: sentence.page,
  stance: 'SUPPORTS',
  score,
});
