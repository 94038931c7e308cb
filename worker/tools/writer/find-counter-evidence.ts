/**
 * Looks on purpose for what speaks against a claim: in every sentence that was read in other sources, by two readings. One
 * compares word by word (stance.ts); the other weighs words by their rarity and knows acronyms and spellings
 * (find-conflict), so that it sees a contradiction in longer or differently worded sentences. Either suffices.
 */
import { type Acronyms, readAcronyms } from '../claims/acronyms.js';
import { findConflict } from '../claims/find-conflict.js';
import { type TermWeight, weighTerms } from '../claims/match-terms.js';
import { readStatement, type Statement } from '../claims/read-statement.js';
import type { Candidate } from './read-candidates.js';
import { judgeStance, readAssertion } from './stance.js';

/** The sentences that were read, taken apart once for all claims. */
export interface ReadEvidence {
  sentences: readonly { candidate: Candidate; statement: Statement }[];
  weight: TermWeight;
  acronyms: Acronyms;
}

export interface CounterEvidence {
  candidate: Candidate;
  /** 0..1: how alike claim and sentence are, apart from what they disagree in. */
  score: number;
}

export function readEvidence(candidates: readonly Candidate[]): ReadEvidence {
  const sentences = candidates.map((candidate) => ({ candidate, statement: readStatement(candidate.text) }));
  return {
    sentences,
    weight: weighTerms(sentences.map(({ statement }) => statement)),
    acronyms: readAcronyms(candidates.map(({ text }) => text)),
  };
}

/** What contradicts the claim, the surest first, one sentence a source; sentences of the snapshots `own` are passed over. */
export function findCounterEvidence(
  claim: string,
  own: ReadonlySet<string>,
  { sentences, weight, acronyms }: ReadEvidence,
): CounterEvidence[] {
  const assertion = readAssertion(claim);
  const statement = readStatement(claim);
  const bySource = new Map<string, CounterEvidence>();
  for (const { candidate, statement: other } of sentences) {
    const { snapshotSha256, sourceId } = candidate.snippet;
    if (own.has(snapshotSha256)) continue;
    const judged = judgeStance(assertion, candidate.assertion);
    // Where the words alone show that it says the same, no weighing makes it the opposite.
    if (judged.stance === 'SUPPORTS') continue;
    const score =
      judged.stance === 'REFUTES' ? judged.score : (findConflict(statement, other, weight, acronyms)?.score ?? 0);
    if (score > (bySource.get(sourceId)?.score ?? 0)) bySource.set(sourceId, { candidate, score: round(score) });
  }
  return [...bySource.values()].sort((a, b) => b.score - a.score);
}

const round = (value: number) => Math.round(value * 1000) / 1000;
