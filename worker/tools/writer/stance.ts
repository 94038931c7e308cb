/**
 * How one sentence of evidence stands to a claim: for, against or beside it. Lexical and deliberately shy of REFUTES: two
 * sentences conflict only when they speak of the same thing in nearly the same words and then differ in a negation, in a
 * direction ("higher", "lower") or in a number of the same unit. Used to look for corroboration and contradiction among
 * all evidence; a claim's own quote is held to the stricter `checkFidelity`.
 */

import type { Stance } from '../../../src/claims/verdict.js';
import { tokenize } from '../../../src/evidence/tokenize.js';
import { DIRECTIONS, QUALIFIERS } from './wording.js';
import { countNegations, isNegation, quantities, words } from './words.js';

export interface StanceJudgement {
  stance: Stance;
  /** 0..1: how sure; for NEUTRAL it is the share of the claim's content words the evidence has. */
  score: number;
  reason: string;
}

/** A sentence taken apart once, to be compared with many. */
export interface Assertion {
  terms: ReadonlySet<string>;
  negations: number;
  up: ReadonlySet<string>;
  down: ReadonlySet<string>;
  quantities: ReadonlyArray<{ value: string; unit: string }>;
  guards: number;
}

const UP = new Map<string, Set<string>>();
for (const [up, down] of DIRECTIONS) {
  UP.set(up, (UP.get(up) ?? new Set()).add(down));
  UP.set(down, (UP.get(down) ?? new Set()).add(up));
}

/** Takes a sentence apart: what it is about, and what turns, bounds and counts it. */
export function readAssertion(sentence: string): Assertion {
  const list = words(sentence);
  const direction = list.filter((word) => UP.has(word.text)).map((word) => word.text);
  return {
    terms: new Set(tokenize(sentence).filter((term) => !/^\d/u.test(term) && !isNegation(term) && !UP.has(term))),
    negations: countNegations(list),
    up: new Set(direction),
    down: new Set(direction.flatMap((word) => [...(UP.get(word) ?? [])])),
    quantities: quantities(sentence),
    guards: list.filter((word) => QUALIFIERS.has(word.text)).length,
  };
}

/** Share of a claim's content words that evidence must have to say anything about it, for and against. */
const SUPPORT_COVERAGE = 0.75;
const CONFLICT_COVERAGE = 0.7;
const MIN_SHARED_TERMS = 4; // below this two short sentences agree by accident

/** Judges `evidence` against `claim`. Symmetric in what it compares, not in its answer: coverage is the claim's. */
export function judgeStance(claim: Assertion, evidence: Assertion): StanceJudgement {
  const shared = [...claim.terms].filter((term) => evidence.terms.has(term));
  const coverage = claim.terms.size === 0 ? 0 : shared.length / claim.terms.size;
  const mutual = shared.length / Math.max(1, Math.min(claim.terms.size, evidence.terms.size));
  const jaccard = shared.length / Math.max(1, claim.terms.size + evidence.terms.size - shared.length);
  if (shared.length < MIN_SHARED_TERMS) return neutral(coverage, 'they share too few words to compare');

  const turned = (claim.negations + evidence.negations) % 2 === 1;
  const opposed = [...claim.down].some(
    (word) => evidence.up.has(word) && !claim.up.has(word) && !evidence.down.has(word),
  );
  const numbers = compareNumbers(claim, evidence);
  if (Math.min(coverage, mutual) >= CONFLICT_COVERAGE && jaccard >= 0.5) {
    if (turned !== opposed) {
      return {
        stance: 'REFUTES',
        score: round(jaccard),
        reason: turned ? 'one of them is negated' : 'they point in opposite directions',
      };
    }
    if (numbers === 'DIFFER' && jaccard >= 0.6) {
      return { stance: 'REFUTES', score: round(jaccard), reason: 'they give different numbers for the same thing' };
    }
  }
  if (coverage >= SUPPORT_COVERAGE && !turned && !opposed && numbers !== 'DIFFER' && numbers !== 'MISSING') {
    return { stance: 'SUPPORTS', score: round(coverage), reason: 'it says the same in its own words' };
  }
  return neutral(coverage, 'it speaks of the same subject without deciding the claim');
}

const neutral = (coverage: number, reason: string): StanceJudgement => ({
  stance: 'NEUTRAL',
  score: round(coverage),
  reason,
});

const round = (value: number) => Math.round(value * 1000) / 1000;

/** SAME: every number of the claim is there. DIFFER: a shared unit, no shared value. MISSING: not all are there. */
function compareNumbers(claim: Assertion, evidence: Assertion): 'SAME' | 'DIFFER' | 'MISSING' {
  const counted = claim.quantities.filter((quantity) => !isYear(quantity.value));
  const other = evidence.quantities.filter((quantity) => !isYear(quantity.value));
  const missing = counted.filter(
    (quantity) =>
      !other.some(
        (candidate) => candidate.value === quantity.value && (candidate.unit === '%') === (quantity.unit === '%'),
      ),
  );
  if (missing.length === 0) return 'SAME';
  const differs =
    missing.length === counted.length &&
    missing.every((quantity) => quantity.unit !== '' && other.some((candidate) => candidate.unit === quantity.unit));
  return differs && counted.length === other.length ? 'DIFFER' : 'MISSING';
}

const isYear = (value: string) => /^(?:19|20)\d\d$/u.test(value);
