/**
 * Writes the draft from the outline and the evidence: a short answer of the strongest sentences, a section for each
 * heading of the outline, and a section on what is missing. Extractive: a claim is a sentence of a source (see
 * tidy-quote), with every other source that says the same beside it as a further receipt.
 *
 * Deterministic: the same outline and snippets give the same bytes. Fails with INSUFFICIENT_EVIDENCE when the sections
 * asked for leave nothing to say.
 */
import { tokenize } from '../../../src/evidence/tokenize.js';
import { AppError } from '../../../src/platform/errors.js';
import { judgeSupport } from '../claims/judge-support.js';
import { type TermWeight, weighTerms } from '../claims/match-terms.js';
import { readStatement } from '../claims/read-statement.js';
import { attribute } from './cite-source.js';
import type { Draft, DraftClaim, DraftReceipt, DraftSection, DraftSentence, DraftSource } from './draft-shape.js';
import type { EvidenceSnippet } from './evidence-snippet.js';
import { explainAbbreviations } from './explain-abbreviations.js';
import { orderSection } from './order-section.js';
import {
  NEUTRAL_HEADING,
  type Outline,
  type OutlineSection,
  poolOf,
  type ReadEvidence,
  readEvidence,
} from './outline.js';
import * as prose from './prose.js';
import { type Facet, speaksOf } from './question.js';
import type { RankedSentence } from './rank-sentences.js';
import { selectSentences } from './select-sentences.js';
import { speaksAsAuthors } from './sentence-quality.js';
import { overlap } from './similarity.js';
import { judgeStance, readAssertion } from './stance.js';

export interface DraftLimits {
  /** Claims in the whole report; the budget of a reader's quarter of an hour. */
  maxClaims: number;
  maxClaimsPerSection: number;
  shortAnswerClaims: number;
}

export const DRAFT_LIMITS: DraftLimits = { maxClaims: 26, maxClaimsPerSection: 6, shortAnswerClaims: 3 };

// What may stand in the short answer besides the answer to each clause: shares of the best sentence, and of a clause.
const ANSWERS = 0.4; // of a clause in the sentence that answers it
const NEARLY = 0.8; // where nothing has as much of the only clause: of the sentence that has most
const STRONG_RELEVANCE = 0.7;
const STRONG_COVERAGE = 0.45;
const MAX_RECEIPTS = 4; // for one claim: its own and three that say the same

/** Writes the draft. `outline` may have been edited by a person; `snippets` are those of the ingest stage. */
export function writeDraft(
  outline: Outline,
  snippets: readonly EvidenceSnippet[],
  limits: DraftLimits = DRAFT_LIMITS,
): Draft {
  const evidence = readEvidence(outline.question, snippets);
  const desk = new Desk(evidence, limits);
  const pool = poolOf(evidence.ranked);
  const brief = Math.max(1, Math.floor(pool.length / 3)); // the sections must have something left to say
  const short = takeShortAnswer(evidence, desk, Math.min(limits.shortAnswerClaims, brief));
  const topics = outline.sections
    .map((section) => ({ section, sentences: desk.take(poolFor(section, evidence), limits.maxClaimsPerSection) }))
    .filter(({ sentences }) => sentences.length > 0);
  if (!outline.edited) foldRemarks(topics);
  if (short.length === 0 || topics.length === 0) {
    throw new AppError(
      'INSUFFICIENT_EVIDENCE',
      outline.edited
        ? 'No section of the outline has a sentence that could be quoted for it.'
        : 'Too few sentences bear on the question to make a report of them.',
      {
        hint: outline.edited
          ? 'Start again without editing the outline, or with headings that name what the library is about.'
          : 'Add papers that speak of the subject to the project, or ask about what its library covers, then start again.',
      },
    );
  }
  const writer = new ClaimWriter(evidence);
  const shortSection = writer.section({ heading: prose.SHORT_ANSWER_HEADING, role: 'SHORT_ANSWER', facet: null }, [
    short,
  ]);
  const several = evidence.question.facets.length > 1;
  const sections = topics.map(({ section, sentences }, index) =>
    writer.topic(section, sentences, several && topics[index - 1]?.section.facet !== section.facet),
  );
  const { claims, sources } = writer;
  shortSection.paragraphs.unshift([{ kind: 'PROSE', text: prose.shortAnswerLead(claims.length, sources.length) }]);
  const facts = {
    uncoveredTerms: evidence.assessment.uncoveredTerms,
    unquotedTerms: unquotedTerms(evidence, [...short, ...topics.flatMap(({ sentences }) => sentences)]),
    jointCoverage: evidence.assessment.jointCoverage,
    unansweredFacets:
      evidence.question.facets.length > 1
        ? outline.facets.filter((facet) => !facet.answered).map((facet) => facet.text)
        : [],
    claims: claims.length,
    claimsFromOneSource: claims.filter((claim) => claim.citations.length === 1).length,
    cited: sources.length,
    retrieved: new Set(snippets.map((snippet) => snippet.sourceId)).size,
    years: sources.flatMap((source) => source.year ?? []),
  };
  const limitsSection: DraftSection = {
    heading: prose.LIMITS_HEADING,
    role: 'LIMITS',
    facet: null,
    paragraphs: [prose.limitSentences(facts).map((text) => ({ kind: 'PROSE', text }))],
  };
  return {
    title: outline.title,
    question: outline.question,
    sections: [shortSection, ...sections, limitsSection],
    claims,
    sources,
    abbreviations: explainAbbreviations(claims, snippets),
    facets: outline.facets,
    uncoveredTerms: evidence.assessment.uncoveredTerms,
    counts: {
      sourcesRetrieved: facts.retrieved,
      sentencesRead: evidence.assessment.sentencesRead,
      sentencesRelevant: evidence.assessment.relevantSentences,
    },
  };
}

/** Terms of the question, in the asker's words, that passages have and no sentence of the report, nor its heading or title. */
function unquotedTerms({ question, assessment }: ReadEvidence, printed: readonly RankedSentence[]): string[] {
  const spoken = (term: string) =>
    printed.some(
      (sentence) =>
        speaksOf(sentence.spoken, term) || speaksOf(sentence.headingTerms, term) || speaksOf(sentence.titleTerms, term),
    );
  return [
    ...new Set(question.terms.filter((term) => !spoken(term)).map((term) => question.surface[term] ?? term)),
  ].filter((word) => !assessment.uncoveredTerms.includes(word));
}

/** The sentence that answers each clause of the question most squarely, in the question's order; then the best of all. */
function takeShortAnswer({ ranked, question }: ReadEvidence, desk: Desk, limit: number): RankedSentence[] {
  const readable = poolOf(ranked).filter(
    (sentence) => sentence.readability >= 0.7 && !speaksAsAuthors(sentence.text) && !isDisputed(sentence, ranked),
  );
  const squarely = (index: number) => (sentence: RankedSentence) =>
    (sentence.facetScores[index] ?? 0) +
    0.6 * sentence.relevance +
    (isGeneral(sentence, question.facets[index]) ? GENERAL_BONUS : 0);
  const answers = question.facets.slice(0, limit).flatMap((_, index) => {
    const score = squarely(index);
    const widest = Math.max(0, ...readable.map((sentence) => sentence.facetCoverage[index] ?? 0));
    const floor = question.facets.length > 1 ? ANSWERS : Math.min(ANSWERS, NEARLY * widest);
    const best = [...readable]
      .sort((a, b) => score(b) - score(a) || (a.id < b.id ? -1 : 1))
      .filter((sentence) => (sentence.facetCoverage[index] ?? 0) >= floor);
    return desk.take(best.slice(0, 1), 1);
  });
  const best = readable[0]?.relevance ?? 0;
  const strong = readable.filter(
    (sentence) =>
      sentence.relevance >= STRONG_RELEVANCE * best && Math.max(...sentence.facetCoverage) >= STRONG_COVERAGE,
  );
  const more = desk.take(strong.slice(0, 12), limit - answers.length);
  const found = [...answers, ...more];
  return found.length > 0 ? found : desk.take(ranked.slice(0, 3), 1);
}

const GENERAL_BONUS = 0.25;

/** Says how things are rather than what one study found: what a short answer opens with, unless a number is asked for. */
const isGeneral = ({ text }: RankedSentence, facet: Facet | undefined) =>
  facet?.kind !== 'QUANTITY' && !/\d/u.test(text);

/** Contradicted by another source: worth a place in the report, not at its head. */
const isDisputed = (sentence: RankedSentence, ranked: readonly RankedSentence[]) =>
  ranked.some(
    (other) =>
      other.snippet.sourceId !== sentence.snippet.sourceId &&
      judgeStance(sentence.assertion, other.assertion).stance === 'REFUTES',
  );

/**
 * Its own source says the same elsewhere with another number or the other way round: what tells the two apart (a group, a
 * year, a species) stands outside both, and neither means anything alone.
 */
const isTwofold = (sentence: RankedSentence, ranked: readonly RankedSentence[]) =>
  ranked.some(
    (other) =>
      other.id !== sentence.id &&
      other.snippet.sourceId === sentence.snippet.sourceId &&
      (judgeStance(sentence.assertion, other.assertion).stance === 'REFUTES' ||
        (numbersOf(sentence) !== numbersOf(other) && likeness(sentence, other) >= TWIN)),
  );

const TWIN = 0.8; // share of all their terms that two sentences of one mould have in common
const numbersOf = ({ text }: RankedSentence) => (text.match(/\d+(?:[.,]\d+)*/gu) ?? []).join(' ');

function likeness({ terms: left }: RankedSentence, { terms: right }: RankedSentence): number {
  const words = [...left].filter((term) => !/^\d/u.test(term));
  const others = [...right].filter((term) => !/^\d/u.test(term));
  const shared = words.filter((term) => right.has(term)).length;
  return shared / Math.max(1, words.length + others.length - shared);
}

interface Topic {
  section: OutlineSection;
  sentences: RankedSentence[];
}

/**
 * A section of one sentence is a remark: its heading would promise more than the text holds. It joins the largest section
 * that answers the same clause if it speaks of what that is headed by, and else is left out.
 */
function foldRemarks(topics: Topic[]): void {
  for (const topic of [...topics]) {
    if (topic.sentences.length > 1) continue; // it may have grown meanwhile
    const kin = topics
      .filter((other) => other !== topic && other.section.facet === topic.section.facet)
      .sort((a, b) => b.sentences.length - a.sentences.length)[0];
    if (!kin) continue;
    kin.sentences.push(...topic.sentences.filter((sentence) => fits(sentence, kin.section.heading)));
    topics.splice(topics.indexOf(topic), 1);
  }
}

/** Has a word of the heading, itself or in the heading it stands under. */
function fits({ spoken, headingTerms }: RankedSentence, heading: string): boolean {
  const terms = tokenize(heading);
  return heading === NEUTRAL_HEADING || terms.some((term) => spoken.has(term) || headingTerms.has(term));
}

/** The sentences a section may draw on: those the outline names, or, for a heading a person wrote, those that fit it. */
function poolFor(section: OutlineSection, { ranked }: ReadEvidence): RankedSentence[] {
  if (section.evidence !== null) {
    const named = new Set(section.evidence);
    return ranked.filter((sentence) => named.has(sentence.id));
  }
  const wanted = new Set(tokenize(section.heading));
  return ranked
    .filter((sentence) => overlap(wanted, new Set([...sentence.terms, ...sentence.headingTerms])) >= 0.5)
    .slice(0, 24);
}

/** Hands out sentences once, within the report's limits. */
class Desk {
  private readonly told: RankedSentence[] = [];
  constructor(
    private readonly evidence: ReadEvidence,
    private readonly limits: DraftLimits,
  ) {}

  take(pool: readonly RankedSentence[], limit: number): RankedSentence[] {
    const room = Math.min(limit, this.limits.maxClaims - this.told.length);
    const clear = pool.filter((sentence) => !isTwofold(sentence, this.evidence.ranked));
    const chosen = selectSentences(clear, this.told, room, this.evidence.weight);
    this.told.push(...chosen);
    return chosen;
  }
}

/** Turns chosen sentences into claims, numbering claims and sources as they appear. */
class ClaimWriter {
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
