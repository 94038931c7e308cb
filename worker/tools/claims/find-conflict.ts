/**
 * Does a passage say the opposite of a claim? Decided by rules alone: both must speak of the same thing (weighted words,
 * acronyms and spellings matched, in both directions) and then differ by a negation, by a direction ("higher", "lower") or
 * in every number they count in the same unit. A negation and an opposite direction together cancel out. Where the words
 * differ more, the answer is none: a conflict that is missed is looked for again by a reader, a false one accuses a source.
 */
import { countNegations, words } from '../writer/words.js';
import type { Acronyms } from './acronyms.js';
import { compareNumbers } from './compare-numbers.js';
import { coverage, type TermWeight } from './match-terms.js';
import type { Statement } from './read-statement.js';
import { isOpposed } from './support-features.js';

export interface Conflict {
  kind: 'NEGATION' | 'DIRECTION' | 'NUMBER';
  /** 0..1: how much of each has the other, the lesser of the two. */
  score: number;
  reason: string;
}

/** Share of the weight of each one's subject that the other must have. Numbers need more: many things are counted in %. */
const SAME_SUBJECT = 0.7;
const SAME_COUNT = 0.8;
const LEAST_SUBJECT = 4; // stems in common; below, two short sentences are alike by accident

/** The conflict between claim and passage; null where there is none that the words prove. */
export function findConflict(
  claim: Statement,
  passage: Statement,
  weight: TermWeight,
  acronyms: Acronyms,
): Conflict | null {
  const [own, other] = [subjectOf(claim), subjectOf(passage)];
  if ([...own].filter((term) => other.has(term)).length < LEAST_SUBJECT) return null;
  const score = Math.min(coverage(own, other, weight, acronyms), coverage(other, own, weight, acronyms));
  if (score < SAME_SUBJECT) return null;
  const turned = (claim.negations + passage.negations - conceded(claim) - conceded(passage)) % 2 === 1;
  const opposed = isOpposed(claim, passage);
  if (turned && !opposed) return { kind: 'NEGATION', score, reason: 'one of them is negated' };
  if (opposed && !turned) return { kind: 'DIRECTION', score, reason: 'they point in opposite directions' };
  if (opposed || score < SAME_COUNT) return null;
  const there = compareNumbers(claim.quantities, passage.quantities);
  const back = compareNumbers(passage.quantities, claim.quantities);
  const counted = claim.quantities.length;
  const allDiffer = counted > 0 && there.conflicting === counted && back.conflicting === passage.quantities.length;
  return allDiffer ? { kind: 'NUMBER', score, reason: 'they give different numbers for the same thing' } : null;
}

/** "Although no deaths were seen, …": what an opening clause grants is not what the sentence says. */
const CONCESSION = /^(?:although|though|even though|while|whereas|despite|in spite of)\b[^,]*,/iu;
const conceded = ({ text }: Statement): number => countNegations(words(CONCESSION.exec(text)?.[0] ?? ''));

/** What a statement is about: its stems without directions and numbers. */
const subjectOf = (statement: Statement): Set<string> =>
  new Set([...statement.termSet].filter((term) => !/^\d/u.test(term) && !statement.directionStems.has(term)));
