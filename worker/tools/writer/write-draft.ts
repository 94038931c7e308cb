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
import { hasForm } from './answer-forms.js';
import { ClaimWriter } from './claim-writer.js';
import { Desk, DRAFT_LIMITS, type DraftLimits } from './desk.js';
import type { Draft, DraftSection } from './draft-shape.js';
import type { EvidenceSnippet } from './evidence-snippet.js';
import { explainAbbreviations } from './explain-abbreviations.js';
import { isGeneric, speaksOf } from './kindred.js';
import {
  NEUTRAL_HEADING,
  type Outline,
  type OutlineSection,
  poolOf,
  type ReadEvidence,
  readEvidence,
} from './outline.js';
import * as prose from './prose.js';
import { contentTerms, type Facet } from './question.js';
import type { RankedSentence } from './rank-sentences.js';
import { speaksAsAuthors } from './sentence-quality.js';
import { overlap } from './similarity.js';
import { judgeStance } from './stance.js';

const ANSWERS = 0.4; // of a clause in the sentence that answers it
const NEARLY = 0.8; // where nothing has as much of the only clause: of the sentence that has most
// What may stand in the short answer besides the answer to each clause: shares of the best sentence, and of a clause.
const STRONG_RELEVANCE = 0.7;
const STRONG_COVERAGE = 0.45;

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
  const printed = [...short, ...topics.flatMap(({ sentences }) => sentences)];
  const unanswered = several ? outline.facets.filter((facet) => !facet.answered).map((facet) => facet.text) : [];
  const missing = missingForms(evidence, printed, unanswered);
  const facts = {
    uncoveredTerms: evidence.assessment.uncoveredTerms,
    unquotedTerms: unquotedTerms(evidence, printed, unanswered),
    jointCoverage: evidence.assessment.jointCoverage,
    unansweredFacets: unanswered,
    claims: claims.length,
    claimsFromOneSource: claims.filter((claim) => claim.citations.length === 1).length,
    cited: sources.length,
    retrieved: new Set(snippets.map((snippet) => snippet.sourceId)).size,
    years: sources.flatMap((source) => source.year ?? []),
  };
  const open = [...prose.openSentences(facts), ...missing];
  if (open.length > 0) shortSection.paragraphs.push(open.map((text) => ({ kind: 'PROSE', text })));
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

/** For each clause that asks for a number, a time, a person …: that nothing printed which bears on it has one. */
function missingForms(
  { question }: ReadEvidence,
  printed: readonly RankedSentence[],
  unanswered: readonly string[],
): string[] {
  return question.facets.flatMap((facet, index) => {
    if (unanswered.includes(facet.text)) return []; // it is said of the whole clause
    const told = printed.filter(
      (sentence) => sentence.facet === index || (sentence.facetCoverage[index] ?? 0) >= ANSWERS,
    );
    if (told.some(({ text }) => hasForm(facet, text))) return [];
    return prose.missingForm(facet.kind, question.facets.length > 1 ? facet.text : null) ?? [];
  });
}

/** Terms of the question, in the asker's words, that passages have and no sentence of the report, nor its heading. */
function unquotedTerms(
  { question, assessment }: ReadEvidence,
  printed: readonly RankedSentence[],
  unanswered: readonly string[],
): string[] {
  // "how long": an answer in years need not say the word
  const measures = new Set(
    question.facets.flatMap(({ text }) => contentTerms(/\bhow (\p{L}+)/iu.exec(text)?.[1] ?? '')),
  );
  const spoken = (term: string) =>
    printed.some((sentence) => speaksOf(sentence.spoken, term) || speaksOf(sentence.headingTerms, term));
  return [
    ...new Set(
      question.terms
        .filter((term) => !isGeneric(term) && !measures.has(term) && !spoken(term))
        .filter((term) => question.facets.some(({ text, terms }) => terms.includes(term) && !unanswered.includes(text)))
        .map((term) => question.surface[term] ?? term),
    ),
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
      sentence.relevance >= STRONG_RELEVANCE * best &&
      Math.max(...sentence.facetCoverage) >= STRONG_COVERAGE &&
      isInForm(question.facets[sentence.facet], sentence),
  );
  const more = desk.take(strong.slice(0, 12), limit - answers.length);
  const found = [...answers, ...more];
  return found.length > 0 ? found : desk.take(ranked.slice(0, 3), 1);
}

const isInForm = (facet: Facet | undefined, { text }: RankedSentence) => facet === undefined || hasForm(facet, text);

const GENERAL_BONUS = 0.25;

/** Says how things are rather than what one study found: what a short answer opens with, unless a number is asked for. */
const isGeneral = ({ text }: RankedSentence, facet: Facet | undefined) =>
  facet?.kind !== 'QUANTITY' && facet?.kind !== 'TIME' && !/(?<![\p{L}\p{N}-])\d/u.test(withoutCitations(text));

/** "(Yang and others 2019)": when something was written is no finding. */
const withoutCitations = (text: string): string => text.replace(/\([^()]*\b(?:19|20)\d\d[a-z]?\)/gu, '');

/** Contradicted by another source: worth a place in the report, not at its head. */
const isDisputed = (sentence: RankedSentence, ranked: readonly RankedSentence[]) =>
  ranked.some(
    (other) =>
      other.snippet.sourceId !== sentence.snippet.sourceId &&
      judgeStance(sentence.assertion, other.assertion).stance === 'REFUTES',
  );

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
