/**
 * The plan of a report: a title, three to six sections under real headings, which clause of the question each answers,
 * and the sentences each may draw on. Built from the question and the evidence together: a section exists because
 * sentences exist that hang together, never because a template has a slot.
 *
 * The outline is what a person may edit before the draft is written: sections may be renamed, reordered, removed or
 * added. Evidence is named by sentence id; a section without ids gets the sentences that fit its heading.
 */
import { assessEvidence, type EvidenceAssessment } from './assess-evidence.js';
import { clusterSentences, strength } from './cluster-sentences.js';
import type { EvidenceSnippet } from './evidence-snippet.js';
import { readAsSpelt } from './joined-words.js';
import { labelGroup } from './label-group.js';
import type { ModelNote } from './model-note.js';
import { type Question, readQuestion } from './question.js';
import { type RankedSentence, rankSentences, weighTerms } from './rank-sentences.js';
import { readCandidates } from './read-candidates.js';

export interface OutlineSection {
  heading: string;
  /** The clause of the question it answers, in the asker's words; null when it answers none in particular. */
  facet: string | null;
  /** Ids of the sentences it may draw on, best first; null: choose by heading. */
  evidence: string[] | null;
}

export interface Outline {
  title: string;
  question: string;
  sections: OutlineSection[];
  assessment: EvidenceAssessment;
  /** Clauses of the question and whether any section answers them. */
  facets: { text: string; answered: boolean }[];
  /** True when a person has answered with an outline of their own: its sections are then written as they stand. */
  edited: boolean;
  /** Only where a language model was to help. */
  model?: ModelNote;
}

export const MIN_SECTIONS = 3;
export const MAX_SECTIONS = 6;
const POOL = 72; // sentences considered: what six sections of six claims can use, twice over
const SMALL_POOL = 8; // sentences; where fewer pass the floors, they are lowered
const SMALL_POOL_SHARE = 0.75;
const RELEVANCE_FLOOR = 0.42; // of the best sentence's relevance
const NEAR_BEST = 0.7; // the same for a clause that nothing answers well: what is far below its best is beside the point
const BEARING_FLOOR = 0.3; // what a sentence says itself, whatever heading it stands under
const SOURCE_FLOOR = 0.55; // the same, for a source's best sentence

/** Everything the plan rests on, recomputed the same in every stage from the same snippets. */
export interface ReadEvidence {
  question: Question;
  ranked: RankedSentence[];
  assessment: EvidenceAssessment;
  weight: (term: string) => number;
}

/** Reads, ranks and counts the evidence. Pure: same snippets, same answer. */
export function readEvidence(questionText: string, snippets: readonly EvidenceSnippet[]): ReadEvidence {
  const question = readQuestion(questionText);
  const reading = readCandidates(snippets);
  const ranked = rankSentences(question, readAsSpelt(question.text, reading.candidates));
  const weights = weighTerms(reading.candidates);
  const assessment = assessEvidence(question, reading, ranked, weights);
  return { question, ranked, assessment, weight: weights.weight };
}

/** Plans the report. The caller decides what an insufficient assessment means; the outline is then empty. */
export function planOutline(questionText: string, snippets: readonly EvidenceSnippet[]): Outline {
  const { question, ranked, assessment, weight } = readEvidence(questionText, snippets);
  const title = titleOf(question.text);
  if (!assessment.sufficient) {
    return {
      title,
      question: question.text,
      sections: [],
      assessment,
      facets: question.facets.map((facet) => ({ text: facet.text, answered: false })),
      edited: false,
    };
  }
  const pool = poolOf(ranked);
  const target = Math.max(MIN_SECTIONS, Math.min(MAX_SECTIONS, Math.round(Math.sqrt(pool.length / 2))));
  const shared = new Set(question.terms.flatMap((term) => term.split('-')));
  const parts = byFacet(pool).filter((part) => part.length > 1);
  const perPart = parts.map((part) => {
    const sections = Math.max(1, Math.round((target * part.length) / pool.length));
    return clusterSentences(part, shared, weight, sections);
  });
  const firsts = perPart.flatMap((groups) => groups.slice(0, 1)); // every clause keeps its strongest section
  const others = perPart.flatMap((groups) => groups.slice(1)).sort((a, b) => strength(b) - strength(a));
  const groups = [...firsts, ...others].slice(0, MAX_SECTIONS);
  const sections: OutlineSection[] = [];
  for (const group of groups) {
    const facet = question.facets[majority(group.map((sentence) => sentence.facet))]?.text ?? null;
    const ids = group.map((sentence) => sentence.id);
    const kin = sections.find((section) => section.facet === facet);
    const heading =
      labelGroup(
        foremost(group),
        pool,
        sections.map((section) => section.heading),
        shared,
      ) ?? (kin ? undefined : clauseHeading(facet, question));
    if (heading !== undefined) sections.push({ heading, facet, evidence: ids });
    else if (kin) kin.evidence = [...(kin.evidence ?? []), ...ids];
  }
  const order = (section: OutlineSection) => question.facets.findIndex((facet) => facet.text === section.facet);
  sections.sort((a, b) => order(a) - order(b)); // stable: within a clause the strongest section stays first
  return {
    title,
    question: question.text,
    sections,
    assessment,
    facets: question.facets.map((facet, index) => ({ text: facet.text, answered: isAnswered(index, pool) })),
    edited: false,
  };
}

const WELL_ANSWERED = 0.5; // of a clause in its best sentence, and of the relevance of the best of all
const ANSWERED_COVERAGE = 0.4; // of a clause's term weight in one sentence, as EVIDENCE_THRESHOLDS.jointCoverage

const isAnswered = (facet: number, pool: readonly RankedSentence[]) =>
  pool.some((sentence) => (sentence.facetCoverage[facet] ?? 0) >= ANSWERED_COVERAGE);

const SECTION_SENTENCES = 8; // about what a section will quote: its heading must fit these

const foremost = (group: readonly RankedSentence[]) =>
  [...group].sort((a, b) => b.relevance - a.relevance).slice(0, SECTION_SENTENCES);

/** The pool by the clause each sentence speaks to most: a section answers one clause. */
const byFacet = (pool: readonly RankedSentence[]): RankedSentence[][] =>
  [...new Set(pool.map((sentence) => sentence.facet))].map((facet) =>
    pool.filter((sentence) => sentence.facet === facet),
  );

/** Promises nothing. */
export const NEUTRAL_HEADING = 'What the sources say';

/** The clause itself as a heading, when the sources offer none for the group. */
const clauseHeading = (facet: string | null, { facets }: Question): string =>
  facet === null || facet.length > 80 || facets.length === 1
    ? NEUTRAL_HEADING
    : facet.charAt(0).toUpperCase() + facet.slice(1);

/**
 * The sentences the report may use: near enough to the best one, and from a source that has at least one sentence which
 * speaks to the question squarely. A source that shares one stray word with it has no say.
 */
export function poolOf(ranked: readonly RankedSentence[]): RankedSentence[] {
  const bests = bestByFacet(ranked);
  const peaks = new Map<string, number>();
  const place = ({ snippet, facet }: RankedSentence) => `${facet} ${snippet.sourceId}`;
  for (const sentence of ranked) {
    if (sentence.square) peaks.set(place(sentence), Math.max(peaks.get(place(sentence)) ?? 0, sentence.relevance));
  }
  const admitted = (share: number) =>
    ranked.filter((sentence) => {
      const best = bests(sentence.facet);
      return (
        sentence.bearing >= share * BEARING_FLOOR &&
        // the floor is lowered only for what names the things that are asked about
        sentence.relevance >=
          (best.answersWell ? (sentence.square ? share : 1) * RELEVANCE_FLOOR : NEAR_BEST) * best.relevance &&
        (peaks.get(place(sentence)) ?? 0) >= SOURCE_FLOOR * best.relevance
      );
    });
  const strict = admitted(1);
  return strict.length >= SMALL_POOL ? strict.slice(0, POOL) : admitted(SMALL_POOL_SHARE).slice(0, SMALL_POOL);
}

interface Best {
  relevance: number;
  answersWell: boolean;
}

/**
 * The best sentence for each clause that one answers, so that a clause of few words is not measured by one of many; for
 * the other clauses the best of all.
 */
function bestByFacet(ranked: readonly RankedSentence[]): (facet: number) => Best {
  const relevance = ranked[0]?.relevance ?? 0;
  const widest = Math.max(0, ...ranked.filter(({ square }) => square).flatMap(({ facetCoverage }) => facetCoverage));
  const overall = { relevance, answersWell: widest >= WELL_ANSWERED };
  const bests = new Map<number, Best>();
  for (const sentence of ranked) {
    const coverage = sentence.facetCoverage[sentence.facet] ?? 0;
    if (!sentence.square || bests.has(sentence.facet) || coverage < ANSWERED_COVERAGE) continue;
    const answersWell = coverage >= WELL_ANSWERED && sentence.relevance >= WELL_ANSWERED * relevance;
    bests.set(sentence.facet, { relevance: sentence.relevance, answersWell });
  }
  return (facet) => bests.get(facet) ?? overall;
}

function majority(values: readonly number[]): number {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1] || a[0] - b[0])[0]?.[0] ?? -1;
}

const MAX_TITLE = 110; // characters: two lines of a printed heading

function titleOf(question: string): string {
  const text = question.charAt(0).toUpperCase() + question.slice(1);
  if (text.length <= MAX_TITLE) return text;
  const cut = text.slice(0, MAX_TITLE);
  return `${cut.slice(0, Math.max(cut.lastIndexOf(' '), MAX_TITLE / 2)).replace(/[,;:\s]+$/u, '')} …`;
}
