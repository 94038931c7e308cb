/**
 * The report's own sentences. They say what the report does and what it lacks, never anything about its subject: every
 * number in them is a count of the report itself. They are made only here, from closed templates, so that the validate
 * gate can tell them from a claim that lost its receipt.
 */
import type { PaperUncertaintyCode } from '../../../src/papers/structured-paper.js';
import { inQuotes, joinNames } from './cite-source.js';
import type { UnreadPart } from './evidence-snippet.js';
import type { FinishedSource } from './finished-report.js';
import { MODEL_TEMPLATES } from './model-note.js';
import type { FacetKind } from './question.js';

export const FIGURES_LEAD = 'Findings and figures:';
export const CAVEATS_LEAD = 'Limits and cautions stated by the sources:';

export const LIMITS_HEADING = 'What the evidence does not say';
export const SHORT_ANSWER_HEADING = 'Short answer';
export const CONTRADICTIONS_HEADING = 'Where the sources disagree';
export const CHARTS_HEADING = 'In figures';
export const ABBREVIATIONS_HEADING = 'Abbreviations';

const NUMBER_WORDS = ['no', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten'];
const spell = (count: number) => NUMBER_WORDS[count] ?? String(count);
const sentenceCase = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
const sources = (count: number) => `${spell(count)} ${count === 1 ? 'source' : 'sources'}`;

export interface LimitFacts {
  uncoveredTerms: readonly string[];
  unansweredFacets: readonly string[];
  /** Terms of the question that passages speak of, but nothing that is quoted. */
  unquotedTerms: readonly string[];
  /** Share of a clause in the sentence that has most of it, 0..1. */
  jointCoverage: number;
  claims: number;
  claimsFromOneSource: number;
  cited: number;
  retrieved: number;
  years: readonly number[];
}

const WHOLE_ANSWER = 0.5; // of a clause in one sentence; below it the report says that its answer is partial

/** What of the question stays open, said right under the short answer: who reads no further has to know it. */
export function openSentences(
  facts: Pick<LimitFacts, 'uncoveredTerms' | 'unansweredFacets' | 'unquotedTerms'>,
): string[] {
  const lines: string[] = [];
  if (facts.uncoveredTerms.length > 0) {
    lines.push(
      `No passage that was read speaks of ${joinNames(facts.uncoveredTerms.map(inQuotes))}, so nothing here answers that part of the question.`,
    );
  }
  for (const facet of facts.unansweredFacets) {
    lines.push(`No quotable sentence was found ${isAsked(facet) ? 'that answers' : 'on'} ${inQuotes(facet)}.`);
  }
  if (facts.unquotedTerms.length > 0) {
    lines.push(
      `Nothing that is quoted here speaks of ${joinNames(facts.unquotedTerms.map(inQuotes))}; the library has the ${facts.unquotedTerms.length === 1 ? 'word' : 'words'}, but in no sentence that answers the question.`,
    );
  }
  return lines;
}

/** What the report cannot tell, each from a counted fact. */
export function limitSentences(facts: LimitFacts): string[] {
  const lines: string[] = [];
  if (facts.jointCoverage < WHOLE_ANSWER) {
    lines.push(
      `No sentence that was read speaks of all that is asked: the closest has ${Math.round(facts.jointCoverage * 100)}% of it by weight, so what is quoted bears on parts of the question.`,
    );
  }
  if (facts.cited === 1) {
    lines.push('Everything above comes from a single source and is confirmed by no other.');
  } else if (facts.claimsFromOneSource === facts.claims) {
    lines.push(
      `Each of the ${facts.claims} claims above rests on one source alone; none is stated by a second one in the library.`,
    );
  } else {
    lines.push(
      `Claims that rest on one source alone: ${facts.claimsFromOneSource} of ${facts.claims}; the others are stated by at least two.`,
    );
  }
  if (facts.retrieved > facts.cited) {
    lines.push(
      `The search returned ${sources(facts.retrieved)}; ${spell(facts.cited)} ${facts.cited === 1 ? 'is' : 'are'} cited, and the others added no sentence that could be quoted here.`,
    );
  } else if (facts.cited > 1) {
    lines.push(`All of the ${sources(facts.cited)} that the search returned are cited; no other was read.`);
  }
  const undated = facts.cited - facts.years.length;
  if (undated > 0 && facts.years.length > 0) {
    lines.push(`Of the cited sources, ${spell(undated)} ${undated === 1 ? 'carries' : 'carry'} no year.`);
  }
  const [oldest, newest] = [Math.min(...facts.years), Math.max(...facts.years)];
  if (facts.years.length > 0) {
    lines.push(
      oldest === newest
        ? facts.years.length === 1
          ? `The one dated source cited is from ${oldest}; later work is not covered.`
          : `All dated sources cited are from ${oldest}; later work is not covered.`
        : `The dated sources cited are from ${oldest} to ${newest}; later work is not covered.`,
    );
  }
  lines.push(
    'The report quotes and arranges; it draws no conclusion of its own, and a sentence taken from its context may say less than its page does.',
  );
  return lines;
}

/** Said among the limits once the factcheck has found sources against claims. */
export const disagreementSentence = (disputed: number): string =>
  `${sentenceCase(spell(disputed))} of the claims above ${disputed === 1 ? 'is' : 'are'} contradicted by another source; both sides are quoted under ${inQuotes(CONTRADICTIONS_HEADING)}.`;

/** Opens the section on disagreements. */
export const contradictionsLead = (count: number): string =>
  count === 1
    ? 'On one point the sources that were read contradict each other. Both sides are quoted; the report takes neither.'
    : `On ${spell(count)} points the sources that were read contradict each other. Both sides are quoted; the report takes neither.`;

/** What is said against the sources themselves, before anything else among the limits; empty when nothing is known. */
export function standingSentences(sources: readonly Pick<FinishedSource, 'number' | 'standing'>[]): string[] {
  const numbers = (picked: (standing: NonNullable<FinishedSource['standing']>) => boolean) =>
    sources.filter(({ standing }) => standing !== undefined && picked(standing)).map(({ number }) => `[${number}]`);
  const retracted = numbers((standing) => standing.retracted);
  const noticed = numbers((standing) => !standing.retracted && standing.notices.length > 0);
  const abstracts = numbers((standing) => standing.abstractOnly);
  return [
    ...(retracted.length > 0
      ? [`Retracted since it was published: ${joinNames(retracted)}; what is quoted from there cannot be relied on.`]
      : []),
    ...(noticed.length > 0
      ? [`A notice of its publisher, such as a correction, is known for ${joinNames(noticed)}.`]
      : []),
    ...(abstracts.length > 0 ? [`Only the abstract was at hand of ${joinNames(abstracts)}.`] : []),
  ];
}

const UNREAD_PARTS: Partial<Record<PaperUncertaintyCode, string>> = {
  SCANNED_PAGE: 'pages that are images without text',
  OCR_TEXT: 'text recognised from images, which may be misread',
  GARBLED_TEXT: 'text whose font could not be decoded',
  TABLE_WITHOUT_CELLS: 'tables whose cells could not be told apart',
  EQUATIONS_UNREADABLE: 'equations that could not be read',
  TEXT_CUT: 'text beyond what is read of one document',
};

const MANY_PAGES = 6; // pages named one by one

/** What of the cited sources could not be read, said among the limits; empty when all of it could. */
export function unreadSentences(cited: readonly { number: number; unread?: readonly UnreadPart[] }[]): string[] {
  const parts = Object.entries(UNREAD_PARTS).flatMap(([code, what]) => {
    const where = cited.flatMap(({ number, unread = [] }) =>
      unread.filter((part) => part.code === code).map(({ pages }) => `[${number}]${onPages(pages)}`),
    );
    return where.length > 0 ? [`${what}, in ${joinNames(where)}`] : [];
  });
  return parts.length === 0
    ? []
    : [
        `Some of what is cited could not be read with certainty, and evidence may be missing for it: ${parts.join('; ')}.`,
      ];
}

function onPages(pages: readonly number[]): string {
  if (pages.length === 0) return '';
  if (pages.length > MANY_PAGES) return ` (${pages.length} pages)`;
  return ` (${pages.length === 1 ? 'page' : 'pages'} ${joinNames(pages.map(String))})`;
}

/** Opens the short answer: how much the report stands on. */
export const shortAnswerLead = (claims: number, cited: number): string =>
  `In brief; the whole report quotes ${claims} sentences of ${sources(cited)}:`;

const ASKS =
  /^(?:what|how|why|when|where|which|who|whom|whose|is|are|was|were|do|does|did|can|could|should|would|will|has|have|may|must|in what|by what|to what)\b/iu;
const isAsked = (facet: string): boolean => ASKS.test(facet);

/** Opens the first section that answers a clause of the question, said only when the question has several. */
export const facetLead = (facet: string): string =>
  isAsked(facet) ? `On the question ${inQuotes(facet)}:` : `On ${inQuotes(facet)}:`;

/** What a question may ask for that a sentence has or has not. */
const FORM_NAMES: Partial<Record<FacetKind, readonly [string, string]>> = {
  QUANTITY: ['how many or how much', 'gives a number'],
  TIME: ['when', 'gives a time'],
  PERSON: ['who', 'names anybody'],
  OPINION: ['what somebody thinks', 'tells of an opinion'],
  LIMITS: ['for limits or problems', 'states one'],
};

/** Said under the short answer when nothing that bears on a clause has the form it asks for; null for forms of no name. */
export function missingForm(kind: FacetKind, facet: string | null): string | null {
  const names = FORM_NAMES[kind];
  if (!names) return null;
  const [wanted, given] = names;
  return `${facet === null ? 'The question' : inQuotes(facet)} asks ${wanted}; no sentence quoted here that bears on it ${given}.`;
}

const TEMPLATES: readonly RegExp[] = [
  ...MODEL_TEMPLATES,
  /^Findings and figures:$/u,
  /^Limits and cautions stated by the sources:$/u,
  /^In brief; the whole report quotes \d+ sentences of \w+ sources?:$/u,
  /^On (?:the question )?“[^”]+”:$/u,
  /^(?:The question|“[^”]+”) asks (?:how many or how much; no sentence quoted here that bears on it gives a number|when; no sentence quoted here that bears on it gives a time|who; no sentence quoted here that bears on it names anybody|what somebody thinks; no sentence quoted here that bears on it tells of an opinion|for limits or problems; no sentence quoted here that bears on it states one)\.$/u,
  /^No passage that was read speaks of (?:“[^”]+”(?:, | and )?)+, so nothing here answers that part of the question\.$/u,
  /^Nothing that is quoted here speaks of (?:“[^”]+”(?:, | and )?)+; the library has the words?, but in no sentence that answers the question\.$/u,
  /^No sentence that was read speaks of all that is asked: the closest has \d{1,2}% of it by weight, so what is quoted bears on parts of the question\.$/u,
  /^No quotable sentence was found (?:that answers|on) “[^”]+”\.$/u,
  /^Everything above comes from a single source and is confirmed by no other\.$/u,
  /^Each of the \d+ claims above rests on one source alone; none is stated by a second one in the library\.$/u,
  /^Claims that rest on one source alone: \d+ of \d+; the others are stated by at least two\.$/u,
  /^The search returned \w+ sources?; \w+ (?:is|are) cited, and the others added no sentence that could be quoted here\.$/u,
  /^All of the \w+ sources that the search returned are cited; no other was read\.$/u,
  /^Of the cited sources, \w+ (?:carries|carry) no year\.$/u,
  /^(?:The one dated source cited is|All dated sources cited are) from \d{4}; later work is not covered\.$/u,
  /^The dated sources cited are from \d{4} to \d{4}; later work is not covered\.$/u,
  /^The report quotes and arranges; it draws no conclusion of its own, and a sentence taken from its context may say less than its page does\.$/u,
];

/** True when the sentence is one this module makes. What it quotes must stand in `asked`: the question or its terms. */
export function isOwnProse(text: string, asked: string): boolean {
  if (!TEMPLATES.some((template) => template.test(text))) return false;
  const known = asked.replace(/[“”]/gu, "'").toLowerCase();
  return Array.from(text.matchAll(/“([^”]+)”/gu)).every((match) => known.includes((match[1] ?? '').toLowerCase()));
}
