import { describe, expect, it } from 'vitest';
import { averagePrecision, ndcgAt10, recallAt100 } from './ranking-metrics.js';

const judged = new Map([
  ['a', 3],
  ['b', 1],
  ['c', 0],
]);

describe('ranking metrics', () => {
  it('gives 1 to the ideal ranking and 0 to one without a relevant document', () => {
    expect(ndcgAt10(['a', 'b', 'c'], judged)).toBe(1);
    expect(averagePrecision(['a', 'b', 'c'], judged)).toBe(1);
    expect(ndcgAt10(['x', 'c'], judged)).toBe(0);
    expect(averagePrecision([], judged)).toBe(0);
  });

  it('counts what of the relevant stands among the first hundred', () => {
    const late = [...Array.from({ length: 100 }, (_, i) => `x${i}`), 'b'];
    expect(recallAt100(['a', ...late], judged)).toBe(0.5);
    expect(recallAt100(['b', 'a'], judged)).toBe(1);
  });

  it('discounts by position', () => {
    // worked by hand: (1/log2 2 + 3/log2 4) / (3/log2 2 + 1/log2 3) and (1/2 + 2/3) / 2
    expect(ndcgAt10(['b', 'x', 'a'], judged)).toBeCloseTo(2.5 / (3 + 1 / Math.log2(3)), 10);
    expect(averagePrecision(['x', 'b', 'a'], judged)).toBeCloseTo((1 / 2 + 2 / 3) / 2, 10);
  });
});
