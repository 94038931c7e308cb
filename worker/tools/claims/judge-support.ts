/**
 * Do passages bear a claim out? Decided without a model: fitted weights say how likely it is (support-model), rules find
 * what speaks against it (find-conflict), and further rules veto: where a number, a name, a negation, a direction or a hedge
 * of the claim is not the passages', no likelihood makes it SUPPORTED.
 *
 * The weights alone never make REFUTED: the people who labelled their examples called every inaccurate citation that, and
 * only a few of these are contradicted by what they cite.
 */
import type { Stance, Verdict } from '../../../src/claims/verdict.js';
import { type Acronyms, readAcronyms } from './acronyms.js';
import { compareNumbers } from './compare-numbers.js';
import { findConflict } from './find-conflict.js';
import { coverage, matchTerm, type TermWeight, weighTerms } from './match-terms.js';
import { readStatement, type Statement } from './read-statement.js';
import { alignClaim, isOpposed, isTurned, readClaim, SUPPORT_FEATURE_NAMES } from './support-features.js';
import { classProbabilities, loadSupportModel } from './support-model.js';

export type Veto = 'NUMBER_MISSING' | 'NAME_MISSING' | 'NEGATION_DIFFERS' | 'DIRECTION_OPPOSED' | 'HEDGE_LOST';

export interface PassageJudgement {
  /** Index into the passages given. */
  passage: number;
  stance: Stance;
  /** 0..1: for SUPPORTS and NEUTRAL the share of the claim's weighted words it has, for REFUTES how alike the two are. */
  score: number;
  reason: string;
}

export interface SupportJudgement {
  verdict: Verdict;
  /** 0..1: how likely the verdict is right. */
  confidence: number;
  /** The passage the verdict rests on; null where none has anything of the claim. */
  best: PassageJudgement | null;
  /** Those that say the opposite, the surest first. */
  against: PassageJudgement[];
  /** Why it is not SUPPORTED although the words are there. */
  vetoes: Veto[];
  /** How likely the passages bear the claim out by the weights alone, 0..1. */
  likelihood: number;
}

/** From here on, four of five citing sentences of papers not fitted to were borne out (docs/claims.md). */
const LEAST_LIKELIHOOD = 0.75;
const LEAST_COVERAGE = 0.5; // of the claim by the passages: below, vetoes have nothing to compare

const MODEL = loadSupportModel(SUPPORT_FEATURE_NAMES);

/**
 * Judges a claim by passages: sentences, each alone. `weight` says how much a word counts in the collection; without it
 * the passages themselves are the collection, which is coarse. The same input gives the same judgement.
 */
export function judgeSupport(claim: string, passages: readonly string[], weight?: TermWeight): SupportJudgement {
  const reading = readClaim(claim);
  const { statement } = reading;
  const read = passages.map(readStatement);
  const weigh = weight ?? weighTerms([statement, ...read]);
  const acronyms = readAcronyms([claim, ...passages]);
  const { features, best } = alignClaim(reading, read, weigh);
  const likelihood = round(classProbabilities(MODEL, features).BEARS_OUT);
  const against = read
    .flatMap((passage, index): PassageJudgement[] => {
      const conflict = findConflict(statement, passage, weigh, acronyms);
      return conflict
        ? [{ passage: index, stance: 'REFUTES', score: round(conflict.score), reason: conflict.reason }]
        : [];
    })
    .sort((a, b) => b.score - a.score);
  const contrary = new Set(against.map(({ passage }) => passage));
  // What contradicts the claim cannot bear it out: the rest is judged by itself.
  const others = read.flatMap((passage, index) => (contrary.has(index) ? [] : [{ passage, index }]));
  const rest =
    contrary.size === 0
      ? { features, best }
      : alignClaim(
          reading,
          others.map(({ passage }) => passage),
          weigh,
        );
  const closest = others[rest.best];
  const vetoes = closest
    ? findVetoes(
        statement,
        closest.passage,
        others.map(({ passage }) => passage),
        acronyms,
      )
    : [];
  const chance = classProbabilities(MODEL, rest.features).BEARS_OUT;
  const covered = rest.features.unionCoverage;
  const isBorneOut =
    closest !== undefined && chance >= LEAST_LIKELIHOOD && covered >= LEAST_COVERAGE && vetoes.length === 0;
  const support: PassageJudgement | null = closest
    ? {
        passage: closest.index,
        stance: isBorneOut ? 'SUPPORTS' : 'NEUTRAL',
        score: round(coverage(statement.termSet, closest.passage.termSet, weigh, acronyms)),
        reason: isBorneOut ? 'it has what the claim says' : reasonAgainst(vetoes),
      }
    : null;
  const refuted = against[0];
  const common = { against, vetoes, likelihood };
  if (refuted && isBorneOut)
    return { verdict: 'MIXED', confidence: round(Math.min(chance, refuted.score)), best: support, ...common };
  if (refuted) return { verdict: 'REFUTED', confidence: refuted.score, best: refuted, ...common };
  if (isBorneOut) return { verdict: 'SUPPORTED', confidence: round(chance), best: support, ...common };
  const doubt = vetoes.length > 0 ? Math.max(1 - chance, LEAST_LIKELIHOOD) : 1 - chance;
  return {
    verdict: 'UNSUPPORTED',
    confidence: round(doubt),
    best: support && support.score > 0 ? support : null,
    ...common,
  };
}

const REASONS: Record<Veto, string> = {
  NUMBER_MISSING: 'a number of the claim is not there',
  NAME_MISSING: 'a name of the claim is not there',
  NEGATION_DIFFERS: 'one of them is negated',
  DIRECTION_OPPOSED: 'they point in opposite directions',
  HEDGE_LOST: 'it says with reserve what the claim says flatly',
};

const reasonAgainst = (vetoes: readonly Veto[]): string =>
  vetoes.length > 0 ? vetoes.map((veto) => REASONS[veto]).join('; ') : 'it has too little of what the claim says';

/** Numbers and names may stand in any passage; what turns or bounds the claim must be as in the closest. */
function findVetoes(claim: Statement, closest: Statement, passages: readonly Statement[], acronyms: Acronyms): Veto[] {
  const union = new Set(passages.flatMap((passage) => [...passage.termSet]));
  const numbers = compareNumbers(
    claim.quantities,
    passages.flatMap((passage) => passage.quantities),
  );
  const found: Record<Veto, boolean> = {
    NUMBER_MISSING: numbers.missing > 0,
    NAME_MISSING: [...claim.names].some((name) => matchTerm(name, union, acronyms) === 0),
    NEGATION_DIFFERS: isTurned(claim, closest),
    DIRECTION_OPPOSED: isOpposed(claim, closest),
    HEDGE_LOST: closest.hedges > 0 && claim.hedges === 0,
  };
  return (Object.keys(found) as Veto[]).filter((veto) => found[veto]);
}

const round = (value: number) => Math.round(value * 1000) / 1000;
