import { describe, expect, it } from 'vitest';
import { QUESTION_SHARE } from './bm25.js';
import { expandTerms, feedbackText, questionTerms } from './query-terms.js';

const total = (terms: ReadonlyMap<string, number>) => [...terms.values()].reduce((sum, weight) => sum + weight, 0);

describe('questionTerms', () => {
  it('counts a word that is asked twice twice', () => {
    expect([...questionTerms('pools of pools by judges')]).toEqual([
      ['pool', 2],
      ['judg', 1],
    ]);
  });

  it('takes no more words than a question has, from a text of any length', () => {
    const long = Array.from({ length: 10_000 }, (_, i) => `word${i}`).join(' ');
    expect(questionTerms(long).size).toBeLessThanOrEqual(128);
  });
});

describe('expandTerms', () => {
  const question = questionTerms('pooled judgments');

  it('adds what the best snippets share and keeps the weight of the question', () => {
    const expanded = expandTerms(question, [
      feedbackText('pooled judgments by assessors', 9),
      feedbackText('assessors read pools', 8.5),
    ]);
    expect(expanded.get('assessor')).toBeGreaterThan(0);
    expect(expanded.get('pool') ?? 0).toBeGreaterThan(QUESTION_SHARE);
    expect(total(expanded)).toBeCloseTo(total(question), 10);
  });

  it('hardly listens to a snippet that scores far below the best', () => {
    const expanded = expandTerms(question, [
      feedbackText('pooled judgments by assessors', 20),
      feedbackText('zebra', 2),
    ]);
    expect(expanded.get('zebra') ?? 0).toBeLessThan(1e-6);
  });

  it('learns no numbers, and leaves the question as it is without feedback', () => {
    expect(expandTerms(question, [feedbackText('judgments 1975 of 42', 1)]).has('1975')).toBe(false);
    expect(expandTerms(question, [])).toBe(question);
  });
});
