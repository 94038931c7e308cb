/**
 * The facts on which support is judged: numbers that anyone can recount from a claim and the passages offered for it.
 * Their names are those of the fitted weights; a change of one needs `npm run fit:claims`.
 *
 * There are few on purpose. Twice as many (hedges, first person, headings, counts of names and numbers) fitted the labelled
 * papers better and unseen ones no better.
 */
import { cosine } from '../writer/similarity.js';
import { readAcronyms } from './acronyms.js';
import { type CitingClaim, readCitingClaim } from './citation-marks.js';
import { compareNumbers } from './compare-numbers.js';
import { commonOrder, coverage, matchTerm, spellingCosine, type TermWeight } from './match-terms.js';
import { readStatement, type Statement } from './read-statement.js';

/** What each feature counts. A "share" of words is of their weight (see weighTerms), 0..1. */
export const SUPPORT_FEATURES = {
  claimLength: 'ln(1 + stems of the claim)',
  claimRarity: 'mean weight of its stems',
  claimReports: '1 where it says that somebody showed, found or reported',
  joint: '1 where its citation names several works at once: each may carry only a part',
  others: 'ln(1 + further citations in the sentence)',
  bestCoverage: "share of the claim's words that one passage has, at most",
  meanCoverage: 'the same, mean over the passages',
  unionCoverage: "share of the claim's words that the passages have together",
  unionGain: 'unionCoverage − bestCoverage: what has to be put together',
  bestCosine: 'weighted cosine of claim and passage, at most',
  bestBigrams: "share of the claim's neighbouring stems that are neighbours in one passage, at most",
  bestOrder: "share of the claim's stems that stand in one passage in the same order, at most",
  bestSpelling: 'cosine of four-letter stretches, at most',
  citedCoverage: 'bestCoverage of the words between the citation before and the citation in question',
  citedUnion: 'unionCoverage of them',
  citedMean: 'meanCoverage of them',
  rareCovered: "how many of the claim's three rarest stems the passages have, as a share",
  missingTerms: "ln(1 + the claim's stems that no passage has)",
  numbersConflict: '1 where the passages count the same unit and no number of the claim for it is theirs',
  directionOpposed: '1 where the best passage says "lower" for "higher" and the like',
  negationDiffers: '1 where claim and best passage differ by a negation',
  passageCohesion: 'mean cosine of the passages with each other',
} as const;
export type SupportFeature = keyof typeof SUPPORT_FEATURES;
export const SUPPORT_FEATURE_NAMES = Object.keys(SUPPORT_FEATURES) as SupportFeature[];

export interface ClaimReading extends CitingClaim {
  statement: Statement;
  citedPart: Statement;
}

/** Reads a claim, with or without placeholders for its citation. */
export function readClaim(sentence: string): ClaimReading {
  const citing = readCitingClaim(sentence);
  return { ...citing, statement: readStatement(sentence), citedPart: readStatement(citing.cited) };
}

export interface Alignment {
  features: Record<SupportFeature, number>;
  /** Index of the passage that has most of the claim; -1 without passages. */
  best: number;
}

const REPORTS =
  /\b(?:show(?:s|n|ed)?|found|finds?|report(?:s|ed)?|demonstrat\w+|observed|reveal\w*|describ\w+|et al)\b/iu;

/** Compares the claim with each passage and with all of them. No passages: everything they would have is 0. */
export function alignClaim(claim: ClaimReading, passages: readonly Statement[], weight: TermWeight): Alignment {
  const { statement, citedPart } = claim;
  const acronyms = readAcronyms([statement.text, ...passages.map((passage) => passage.text)]);
  const covers = (part: Statement, passage: ReadonlySet<string>) => coverage(part.termSet, passage, weight, acronyms);
  const rows = passages.map((passage) => ({
    coverage: covers(statement, passage.termSet),
    cosine: cosine(statement.termSet, passage.termSet, weight),
    cited: covers(citedPart, passage.termSet),
  }));
  const fits = rows.map((row) => row.coverage + row.cosine);
  const best = fits.indexOf(Math.max(...fits));
  const closest = passages[best];
  const union = new Set(passages.flatMap((passage) => [...passage.termSet]));
  const unionCoverage = covers(statement, union);
  const stems = [...statement.termSet];
  const rarest = [...stems].sort((a, b) => weight(b) - weight(a)).slice(0, 3);
  const numbers = compareNumbers(
    statement.quantities,
    passages.flatMap((passage) => passage.quantities),
  );
  const found = (term: string) => matchTerm(term, union, acronyms);
  return {
    best,
    features: {
      claimLength: Math.log1p(statement.terms.length),
      claimRarity: mean(stems.map(weight)),
      claimReports: flag(REPORTS.test(statement.text)),
      joint: flag(claim.isJoint),
      others: Math.log1p(claim.others),
      bestCoverage: rows[best]?.coverage ?? 0,
      meanCoverage: mean(rows.map((row) => row.coverage)),
      unionCoverage,
      unionGain: unionCoverage - (rows[best]?.coverage ?? 0),
      bestCosine: Math.max(0, ...rows.map((row) => row.cosine)),
      bestBigrams: Math.max(0, ...passages.map((passage) => sharedBigrams(statement, passage))),
      bestOrder: Math.max(0, ...passages.map((passage) => commonOrder(statement.terms, passage.terms))),
      bestSpelling: Math.max(0, ...passages.map((passage) => spellingCosine(statement.text, passage.text))),
      citedCoverage: Math.max(0, ...rows.map((row) => row.cited)),
      citedUnion: covers(citedPart, union),
      citedMean: mean(rows.map((row) => row.cited)),
      rareCovered: mean(rarest.map(found)),
      missingTerms: Math.log1p(stems.filter((term) => found(term) === 0).length),
      numbersConflict: flag(numbers.conflicting > 0),
      directionOpposed: flag(closest !== undefined && isOpposed(statement, closest)),
      negationDiffers: flag(closest !== undefined && isTurned(statement, closest)),
      passageCohesion: cohesion(passages, weight),
    },
  };
}

/** One names a direction of which the other names only the opposite. */
export const isOpposed = (claim: Statement, passage: Statement): boolean =>
  [...claim.opposites].some(
    (word) => passage.directions.has(word) && !claim.directions.has(word) && !passage.opposites.has(word),
  );

/** One is negated once more than the other, or once less. */
export const isTurned = (claim: Statement, passage: Statement): boolean =>
  (claim.negations + passage.negations) % 2 === 1;

const flag = (fact: boolean): number => (fact ? 1 : 0);

const mean = (values: readonly number[]): number =>
  values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;

const sharedBigrams = (claim: Statement, { bigrams }: Statement): number =>
  mean([...claim.bigrams].map((bigram) => flag(bigrams.has(bigram))));

const cohesion = (passages: readonly Statement[], weight: TermWeight): number =>
  mean(
    passages.flatMap((one, index) =>
      passages.slice(index + 1).map((other) => cosine(one.termSet, other.termSet, weight)),
    ),
  );
