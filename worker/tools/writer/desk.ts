/**
 * Hands out the sentences of a report: each once, within the report's limits, and none that another of its own source makes
 * ambiguous.
 */
import type { ReadEvidence } from './outline.js';
import type { RankedSentence } from './rank-sentences.js';
import { selectSentences } from './select-sentences.js';
import { judgeStance } from './stance.js';

export interface DraftLimits {
  /** Claims in the whole report; the budget of a reader's quarter of an hour. */
  maxClaims: number;
  maxClaimsPerSection: number;
  shortAnswerClaims: number;
}

export const DRAFT_LIMITS: DraftLimits = { maxClaims: 26, maxClaimsPerSection: 6, shortAnswerClaims: 3 };

/** Hands out sentences once, within the report's limits. */
export class Desk {
  private readonly told: RankedSentence[] = [];
  constructor(
    private readonly evidence: ReadEvidence,
    private readonly limits: DraftLimits,
  ) {}

  private readonly seen = new Map<string, { twofold: boolean; elsewhere: boolean }>();

  take(pool: readonly RankedSentence[], limit: number): RankedSentence[] {
    const room = Math.min(limit, this.limits.maxClaims - this.told.length);
    const clear = pool.filter((sentence) => !this.look(sentence).twofold);
    const isElsewhere = (sentence: RankedSentence) => this.look(sentence).elsewhere;
    const chosen = selectSentences(clear, this.told, room, this.evidence.weight, isElsewhere);
    this.told.push(...chosen);
    return chosen;
  }

  private look(sentence: RankedSentence) {
    const known = this.seen.get(sentence.id);
    if (known) return known;
    const { ranked } = this.evidence;
    const found = { twofold: isTwofold(sentence, ranked), elsewhere: isElsewhere(sentence, ranked) };
    this.seen.set(sentence.id, found);
    return found;
  }
}

/** Another source says the same, or the contrary: what a reader who weighs sources wants to see. */
const isElsewhere = (sentence: RankedSentence, ranked: readonly RankedSentence[]) =>
  ranked.some(
    (other) =>
      other.snippet.sourceId !== sentence.snippet.sourceId &&
      other.snippet.snapshotSha256 !== sentence.snippet.snapshotSha256 &&
      judgeStance(sentence.assertion, other.assertion).stance !== 'NEUTRAL',
  );

/**
 * Its own source says the same elsewhere with another number or the other way round: what tells the two apart (a group, a
 * year, a species) stands outside both, and neither means anything alone.
 */
const isTwofold = (sentence: RankedSentence, ranked: readonly RankedSentence[]) =>
  ranked.some(
    (other) =>
      other.id !== sentence.id &&
      other.snippet.sourceId === sentence.snippet.sourceId &&
      (judgeStance(sentence.assertion, other.assertion).stance === 'REFUTES' ||
        (numbersOf(sentence) !== numbersOf(other) && likeness(sentence, other) >= TWIN)),
  );

const TWIN = 0.8; // share of all their terms that two sentences of one mould have in common
const numbersOf = ({ text }: RankedSentence) => (text.match(/\d+(?:[.,]\d+)*/gu) ?? []).join(' ');

function likeness({ terms: left }: RankedSentence, { terms: right }: RankedSentence): number {
  const words = [...left].filter((term) => !/^\d/u.test(term));
  const others = [...right].filter((term) => !/^\d/u.test(term));
  const shared = words.filter((term) => right.has(term)).length;
  return shared / Math.max(1, words.length + others.length - shared);
}
