/**
 * How much a sentence bears on the question: the share of the question's terms it has, weighted by how rare they are,
 * with the heading it stands under counting for less; the subject that the best sentences turn out to share
 * (pseudo-relevance feedback); and whether it has the form the question asks for (a definition, a number, a reason).
 */
import { formBonus } from './answer-forms.js';
import { statesLimit } from './cautions.js';
import { findFixedPhrases, isOnSubject, strayTerms } from './fixed-phrases.js';
import { isGeneric, isRelation, speaking, speaksOf } from './kindred.js';
import type { Facet, Question } from './question.js';
import type { Candidate } from './read-candidates.js';
import { isProcedural } from './sentence-quality.js';

export interface RankedSentence extends Candidate {
  /** Has at least two terms of a clause (all of a shorter one), one itself, others perhaps by its heading or title. */
  square: boolean;
  /** 0..about 1.5; comparable within one question. */
  relevance: number;
  /** Share of the question's term weight found in the sentence, its heading or title, 0..1. */
  coverage: number;
  /** The same in the sentence alone, plus what it has of the subject the best sentences share; 0..2. */
  bearing: number;
  /** The same for each facet of the question. */
  facetCoverage: number[];
  /** For each facet: has one of the phrases the library keeps together in it, if there are any. */
  onSubject: boolean[];
  /** facetCoverage with a bonus for having the form the facet asks for. */
  facetScores: number[];
  /** Index of the facet it speaks to most, or -1. */
  facet: number;
}

export interface TermWeights {
  /** ln(1 + N/df), less for words of relation; a term no sentence has weighs as one that occurs once in N + 1. */
  weight: (term: string) => number;
}

/** What a word of relation weighs beside one that names a subject: care has quality, and so has a translation. */
const RELATION_SHARE = 0.6;
/** The same for a word that describes things of any kind: a new species and a new system have nothing in common. */
const GENERIC_SHARE = 0.4;

/** Inverse document frequency over the sentences at hand. */
export function weighTerms(candidates: readonly Candidate[]): TermWeights {
  const frequency = new Map<string, number>();
  for (const candidate of candidates) {
    for (const term of candidate.terms) frequency.set(term, (frequency.get(term) ?? 0) + 1);
  }
  const total = Math.max(1, candidates.length);
  const single = (term: string) => Math.log(1 + total / (frequency.get(term) ?? 0.5));
  const known = new Map<string, number>();
  return {
    weight(term) {
      const weight =
        known.get(term) ??
        Math.max(...term.split('-').map(single)) *
          (isGeneric(term) ? GENERIC_SHARE : isRelation(term) ? RELATION_SHARE : 1);
      known.set(term, weight);
      return weight;
    },
  };
}

const PROCEDURE_SHARE = 0.65; // how a study was done answers only who asks how
const HEADING_SHARE = 0.5; // a term in the heading counts half of one in the sentence
const TITLE_SHARE = 0.3;
const FEEDBACK_SENTENCES = 12;
const FEEDBACK_TERMS = 20;

/** Best first; ties by place, so that the order never depends on the order of retrieval. */
export function rankSentences(question: Question, candidates: readonly Candidate[]): RankedSentence[] {
  const { weight } = weighTerms(candidates);
  const passages = new Map<string, Set<string>>();
  for (const { snippet, spoken } of candidates) {
    const passage = passages.get(snippet.snippetId) ?? new Set<string>();
    for (const term of spoken) passage.add(term);
    passages.set(snippet.snippetId, passage);
  }
  const phrases = findFixedPhrases(question.text, candidates);
  const strays = new Map(candidates.map((candidate) => [candidate.id, strayTerms(candidate, phrases)]));
  const coverageOf = (terms: readonly string[], candidate: Candidate) =>
    shareOf(terms, candidate, weight, strays.get(candidate.id) ?? NONE);
  const bestScore = Math.max(1e-9, ...candidates.map((candidate) => candidate.snippet.score));
  const first = candidates.map((candidate) => ({
    candidate,
    own: coverageOf(question.terms, candidate),
    retrieval: Math.max(0, candidate.snippet.score) / bestScore,
  }));
  const feedback = feedbackTerms(
    [...first].sort((a, b) => b.own - a.own || compareIds(a.candidate, b.candidate)).slice(0, FEEDBACK_SENTENCES),
    weight,
    new Set(question.terms.flatMap((term) => term.split('-'))),
  );
  return first
    .map(({ candidate, own, retrieval }) => {
      const facetCoverage = question.facets.map(
        (facet) => coverageOf(facet.terms, candidate) * (isToThePoint(facet, candidate) ? 1 : STRAY_SHARE),
      );
      const onSubject = question.facets.map(({ terms }) => isOnSubject(terms, candidate, phrases));
      const facetScores = question.facets.map(
        (facet, index) =>
          (facetCoverage[index] ?? 0) + (isToThePoint(facet, candidate) ? formBonus(facet, candidate) : 0),
      );
      const bestFacet = Math.max(0, ...facetScores);
      const facet = bestFacet > 0 ? facetScores.indexOf(bestFacet) : -1;
      const phrase = phraseShare(
        question.terms.flatMap((term) => term.split('-')),
        candidate.text,
      );
      const passage = passages.get(candidate.snippet.snippetId) ?? candidate.spoken;
      const around = coverageOf(question.terms, { ...candidate, spoken: passage });
      const relevance =
        (0.4 * own +
          0.6 * Math.min(1.2, bestFacet) +
          0.15 * phrase +
          0.35 * feedbackShare(candidate, feedback) +
          0.2 * around +
          0.1 * retrieval) *
        (0.5 + 0.5 * candidate.readability) *
        (candidate.attributed ? 0.8 : 1) *
        (asksForProcedure(question.facets[facet]) || !isProcedural(candidate.text) ? 1 : PROCEDURE_SHARE);
      const bare = { ...candidate, headingTerms: NONE, titleTerms: NONE };
      const clauses = [
        question.terms,
        ...question.facets.map(({ terms }) => terms).filter((terms) => terms.length > 1),
      ];
      const alone = Math.max(...clauses.map((terms) => coverageOf(terms, bare)));
      const bearing = alone + feedbackShare(candidate, feedback);
      const square = question.facets.some((clause) =>
        isSquare(clause.terms, candidate, strays.get(candidate.id) ?? NONE),
      );
      return { ...candidate, relevance, square, bearing, coverage: own, facetCoverage, onSubject, facetScores, facet };
    })
    .sort((a, b) => b.relevance - a.relevance || compareIds(a, b));
}

/** "how was it measured", "how were samples chosen": only these are answered by what a study did, step by step. */
const asksForProcedure = (facet: Facet | undefined): boolean =>
  facet !== undefined &&
  /\b(?:measur|method|procedur|experiment|studied|tested|sampl|collect|determin|evaluat|assess|conduct|chosen|recruit|prepar|quantif)/iu.test(
    facet.text,
  );

/** What a clause counts for in a sentence of another subject, or one that praises where limits are asked for. */
const STRAY_SHARE = 0.25;

const isToThePoint = (facet: Facet, candidate: Candidate): boolean =>
  isAbout(facet, candidate) && (facet.kind !== 'LIMITS' || statesLimit(candidate.text));

/** Speaks of what the clause's "it" stands for. */
const isAbout = ({ about }: Facet, { spoken, headingTerms, titleTerms }: Candidate): boolean =>
  about.length === 0 ||
  about.some((term) => speaksOf(spoken, term) || speaksOf(headingTerms, term) || speaksOf(titleTerms, term));

function isSquare(
  terms: readonly string[],
  { spoken, headingTerms, titleTerms }: Candidate,
  strays: ReadonlySet<string>,
): boolean {
  const naming = terms.filter((term) => !isGeneric(term));
  const telling = naming.length > 0 ? naming : terms;
  const own = telling.filter((term) => !strays.has(term));
  return (
    own.some((term) => speaksOf(spoken, term)) &&
    own.filter((term) => [spoken, headingTerms, titleTerms].some((bag) => speaksOf(bag, term))).length >=
      Math.min(2, telling.length)
  );
}

const NONE: ReadonlySet<string> = new Set();

const compareIds = (a: { id: string }, b: { id: string }) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);

/** What a word counts for without the one it belongs to. */
const STRAY_TERM_SHARE = 0.35;

function shareOf(
  terms: readonly string[],
  candidate: Candidate,
  weight: (term: string) => number,
  strays: ReadonlySet<string>,
): number {
  let found = 0;
  let total = 0;
  for (const term of terms) {
    total += weight(term);
    found +=
      weight(term) *
      (strays.has(term) ? STRAY_TERM_SHARE : 1) *
      Math.max(
        speaking(candidate.spoken, term),
        HEADING_SHARE * speaking(candidate.headingTerms, term),
        TITLE_SHARE * speaking(candidate.titleTerms, term),
      );
  }
  return total === 0 ? 0 : found / total;
}

function feedbackTerms(
  best: ReadonlyArray<{ candidate: Candidate; own: number }>,
  weight: (term: string) => number,
  known: ReadonlySet<string>,
): Map<string, number> {
  const mass = new Map<string, number>();
  for (const { candidate, own } of best) {
    for (const term of candidate.terms) {
      if (!known.has(term) && !/^\d/u.test(term)) mass.set(term, (mass.get(term) ?? 0) + own * weight(term));
    }
  }
  const top = [...mass].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).slice(0, FEEDBACK_TERMS);
  const sum = top.reduce((total, [, value]) => total + value, 0);
  return new Map(top.map(([term, value]) => [term, value / Math.max(1e-9, sum)]));
}

/** A third of the feedback mass in one sentence is as much as a sentence ever has. */
const feedbackShare = (candidate: Candidate, feedback: ReadonlyMap<string, number>) =>
  Math.min(1, 3 * [...candidate.terms].reduce((sum, term) => sum + (feedback.get(term) ?? 0), 0));

/** Share of the question's neighbouring terms that also stand within three words of each other in the sentence. */
function phraseShare(terms: readonly string[], text: string): number {
  if (terms.length < 2) return 0;
  const stems = text.toLowerCase().split(/[^\p{L}\p{N}]+/u);
  const at = (term: string) =>
    stems.flatMap((word, index) => (word.startsWith(term.slice(0, Math.max(4, term.length - 1))) ? [index] : []));
  let near = 0;
  for (let i = 1; i < terms.length; i++) {
    const left = at(terms[i - 1] ?? '');
    const right = at(terms[i] ?? '');
    if (left.some((l) => right.some((r) => Math.abs(l - r) <= 3 && l !== r))) near += 1;
  }
  return near / (terms.length - 1);
}
