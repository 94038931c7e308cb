/**
 * Terms of a question that belong together: "reinforcement learning" is not spoken of by a sentence on learning modules,
 * nor climate change by one on change. Which neighbours belong together the library decides, not a list: two words of
 * the question that stand side by side there too, whenever the rarer of them occurs.
 */
import { tokenize } from '../../../src/evidence/tokenize.js';
import { isGeneric } from './kindred.js';
import type { Candidate } from './read-candidates.js';

export interface FixedPhrase {
  terms: readonly [string, string];
}

const MIN_TIMES = 2; // sentences that have the two side by side; once may be chance
const MIN_SHARE = 0.4; // of the sentences that have the rarer word
/** Or so: words that are common each by itself ("language", "model") may be a name together. */
const OFTEN = 3; // sentences
const OFTEN_SHARE = 0.15;

/** The pairs of neighbouring words of the question that the library keeps together. */
export function findFixedPhrases(question: string, candidates: readonly Candidate[]): FixedPhrase[] {
  const list = question.split(/\s+/u).map((word) => word.replace(/^[^\p{L}\p{N}]+/u, ''));
  const pairs = list.slice(1).flatMap((word, index): [string, string][] => {
    const before = list[index] ?? '';
    return /[^\p{L}\p{N}-]$/u.test(before) ? [] : [[plain(before), plain(word)]];
  });
  return pairs.flatMap(([left, right]) => {
    const [leftTerm, rightTerm] = [single(left), single(right)];
    if (leftTerm === null || rightTerm === null || leftTerm === rightTerm) return [];
    if (isGeneric(leftTerm) || isGeneric(rightTerm)) return []; // a strong baseline is a baseline
    const together = new RegExp(`(?<![\\p{L}-])${left}e?s?[ -]${right}e?s?(?![\\p{L}])`, 'iu');
    const rarer = Math.min(
      ...[leftTerm, rightTerm].map((term) => candidates.filter(({ terms }) => terms.has(term)).length),
    );
    const times = candidates.filter(({ text }) => together.test(text)).length;
    const isName = times >= OFTEN && times >= OFTEN_SHARE * rarer;
    return isName || (times >= MIN_TIMES && times >= MIN_SHARE * rarer)
      ? [{ terms: [leftTerm, rightTerm] as const }]
      : [];
  });
}

/** Without what a plural adds and what ends a clause; letters only, so that it is safe in a pattern. */
const plain = (word: string): string =>
  (/^[\p{L}]+/u.exec(word)?.[0] ?? '').toLowerCase().replace(/(?<=\p{L}{3})s$/u, '');

const single = (word: string): string | null => {
  const terms = tokenize(word);
  return terms.length === 1 ? (terms[0] ?? null) : null;
};

type Bags = Pick<Candidate, 'spoken' | 'headingTerms' | 'titleTerms'>;

const isNear = ({ spoken, headingTerms, titleTerms }: Bags, term: string): boolean =>
  spoken.has(term) || headingTerms.has(term) || titleTerms.has(term);

/** Whether a sentence, its heading or title has a whole phrase of the clause; also where the clause has none. */
export function isOnSubject(clause: readonly string[], candidate: Bags, phrases: readonly FixedPhrase[]): boolean {
  const own = phrases.filter(({ terms }) => terms.every((term) => clause.includes(term)));
  return own.length === 0 || own.some(({ terms }) => terms.every((term) => isNear(candidate, term)));
}

/** The terms that a sentence has alone, neither it, its heading nor its title having what belongs to them. */
export function strayTerms(candidate: Bags, phrases: readonly FixedPhrase[]): ReadonlySet<string> {
  const isWhole = ({ terms }: FixedPhrase) => terms.every((term) => isNear(candidate, term));
  const whole = new Set(phrases.filter(isWhole).flatMap(({ terms }) => terms));
  return new Set(phrases.flatMap(({ terms }) => terms).filter((term) => !whole.has(term)));
}
