/**
 * Is there enough to write from? Three stated thresholds, each a count anyone can repeat. Below any of them no report is
 * written: the run ends INSUFFICIENT_EVIDENCE and says what was looked for, what was found and what would help.
 */
import { tokenize } from '../../../src/evidence/tokenize.js';
import { AppError } from '../../../src/platform/errors.js';
import { inQuotes, joinNames } from './cite-source.js';
import { speaksOf } from './kindred.js';
import { readingStep } from './order-section.js';
import type { Question } from './question.js';
import type { RankedSentence, TermWeights } from './rank-sentences.js';
import type { CandidateReading } from './read-candidates.js';

export const EVIDENCE_THRESHOLDS = {
  /** Share of the term weight, of the question or of one of its clauses, that some quotable sentence, heading or title must have. */
  coverage: 0.6,
  /** Share of one clause that one single sentence must have: the subject, not its words scattered over the library. */
  jointCoverage: 0.35,
  /** So many terms in one sentence are as good as that share: long questions name more than a sentence can hold. */
  manyTerms: 3,
  /** Sentences that each have at least `relevantCoverage` of one clause, and two of its terms. */
  relevantSentences: 3,
  relevantCoverage: 0.3,
} as const;

export interface EvidenceAssessment {
  sufficient: boolean;
  /** Why not, as a sentence; null when sufficient. */
  shortfall: string | null;
  coverage: number;
  jointCoverage: number;
  relevantSentences: number;
  sentencesRead: number;
  /** Sources that have a relevant sentence. */
  sources: number;
  /** Terms of the question, in the asker's words, that nothing read speaks of. */
  uncoveredTerms: string[];
}

/** What a term counts for when only the title of the source speaks of it: the paper is about it, the sentence may be. */
const TITLE_CREDIT = 0.6;

/** What a sentence counts for that has none of the phrases which make the subject, nor most of the clause otherwise. */
const OFF_SUBJECT = 0.5;
const MOST = 0.5;

/**
 * Share of its best clause a sentence has. In a clause of many words no sentence can have most of them: `manyTerms`
 * of them together count as the threshold's share.
 */
function clauseCoverage(question: Question, sentence: RankedSentence, weights: TermWeights): number {
  const shares = question.facets.map(({ terms }, index) => {
    const spoken = terms.filter((term) => has(sentence, term));
    const titled = terms.filter((term) => !spoken.includes(term) && speaksOf(sentence.titleTerms, term));
    const together =
      share(spoken, terms, weights) + (spoken.length > 0 ? TITLE_CREDIT * share(titled, terms, weights) : 0);
    const itself = spoken.filter((term) => speaksOf(sentence.spoken, term));
    const many = itself.length >= EVIDENCE_THRESHOLDS.manyTerms;
    const found = Math.max(together, many ? EVIDENCE_THRESHOLDS.jointCoverage : 0);
    return sentence.onSubject[index] === false && found < MOST ? OFF_SUBJECT * found : found;
  });
  return Math.max(0, ...shares);
}

const has = (sentence: RankedSentence, term: string) =>
  speaksOf(sentence.spoken, term) || speaksOf(sentence.headingTerms, term);

/** Counts what there is against EVIDENCE_THRESHOLDS. */
export function assessEvidence(
  question: Question,
  reading: CandidateReading,
  ranked: readonly RankedSentence[],
  weights: TermWeights,
): EvidenceAssessment {
  const uncovered = question.terms.filter(
    (term) => !ranked.some((sentence) => has(sentence, term) || speaksOf(sentence.titleTerms, term)),
  );
  // A question of several clauses may be answered in part: a clause that names at least two things counts by itself.
  const clauses = [question.terms, ...question.facets.map((facet) => facet.terms).filter((terms) => terms.length >= 2)];
  const coverages = ranked
    .filter((sentence) => sentence.square)
    .map((sentence) => ({ sentence, coverage: clauseCoverage(question, sentence, weights) }));
  const relevant = coverages.filter(({ coverage }) => coverage >= EVIDENCE_THRESHOLDS.relevantCoverage);
  const counted = {
    coverage: round(
      Math.max(
        ...clauses.map(
          (terms) =>
            1 -
            share(
              terms.filter((term) => uncovered.includes(term)),
              terms,
              weights,
            ),
        ),
      ),
    ),
    jointCoverage: round(Math.max(0, ...coverages.map(({ coverage }) => coverage))),
    relevantSentences: relevant.length,
    sentencesRead: reading.sentences,
    sources: new Set(relevant.map(({ sentence }) => sentence.snippet.sourceId)).size,
    uncoveredTerms: uncovered.map((term) => question.surface[term] ?? term),
  };
  const shortfall = findShortfall(question, counted) ?? findVagueness(question, ranked);
  return { ...counted, sufficient: shortfall === null, shortfall };
}

function findShortfall(question: Question, found: Omit<EvidenceAssessment, 'sufficient' | 'shortfall'>): string | null {
  if (question.terms.length === 0) return 'The question names no subject that could be looked up.';
  if (found.coverage < EVIDENCE_THRESHOLDS.coverage) {
    const named = joinNames(found.uncoveredTerms.map(inQuotes));
    return `No sentence that can be quoted speaks of ${named}; what is left of the question (${percent(found.coverage)} of its weight) is too little to answer it.`;
  }
  if (found.jointCoverage < EVIDENCE_THRESHOLDS.jointCoverage) {
    const most =
      found.jointCoverage === 0 ? 'two of them' : `more than ${percent(found.jointCoverage)} of what is asked`;
    return `The question's words occur in the library, but apart: no single quotable sentence has ${most}.`;
  }
  if (found.relevantSentences < EVIDENCE_THRESHOLDS.relevantSentences) {
    return `Only ${found.relevantSentences} of the ${found.sentencesRead} sentences read bear on the question; at least ${EVIDENCE_THRESHOLDS.relevantSentences} are needed.`;
  }
  return null;
}

/**
 * One word is a question only about what some source has for its subject; of a word that merely occurs here and there a
 * reader could be told anything.
 */
function findVagueness({ terms, surface }: Question, ranked: readonly RankedSentence[]): string | null {
  const [term] = terms;
  if (term === undefined || terms.length > 1) return null;
  const isSubject = ranked.some(
    ({ text, headingTerms, titleTerms }) =>
      speaksOf(titleTerms, term) ||
      speaksOf(headingTerms, term) ||
      (readingStep(text) === 'DEFINITION' &&
        speaksOf(new Set(tokenize(text.split(/\s+/u).slice(0, OPENING_WORDS).join(' '))), term)),
  );
  return isSubject
    ? null
    : `The library has the word ${inQuotes(surface[term] ?? term)}, but no source has it in its title or a heading, or says what it is: the question does not tell what about it is asked.`;
}

const OPENING_WORDS = 7;

const OTHER_LANGUAGES =
  /\b(?:der|die|das|und|wie|wer|warum|welche[rsn]?|werden|ist|sind|im|ein(?:e[rsn]?)?|les?|des|une?|est|sont|pourquoi|comment|quel(?:le)?s?|el|los|las|qué|cómo|por|il|che|perché|sono|quali|het|een|hoe|waarom)\b/giu;

/** Two words that English questions do not have. */
const seemsForeign = (question: string): boolean =>
  new Set(question.toLowerCase().match(OTHER_LANGUAGES) ?? []).size >= 2 &&
  !/\b(?:what|how|why|is|are|the|of)\b/iu.test(question);

/** Throws INSUFFICIENT_EVIDENCE with the counted facts. Does nothing when there is enough. */
export function requireEvidence(assessment: EvidenceAssessment, question: string): void {
  if (assessment.sufficient) return;
  throw new AppError('INSUFFICIENT_EVIDENCE', assessment.shortfall ?? 'The library does not answer the question.', {
    details: { ...assessment, thresholds: EVIDENCE_THRESHOLDS },
    hint: seemsForeign(question)
      ? 'The question seems to be in another language than English. Words are compared, not translated: ask in the language of the library.'
      : 'Add papers that speak of the subject to the project, or ask about what its library covers, then start again.',
  });
}

const share = (part: readonly string[], whole: readonly string[], { weight }: TermWeights) => {
  const sum = (terms: readonly string[]) => terms.reduce((total, term) => total + weight(term), 0);
  return whole.length === 0 ? 1 : sum(part) / sum(whole);
};

const percent = (value: number) => `${Math.round(value * 100)}%`;
const round = (value: number) => Math.round(value * 1000) / 1000;
