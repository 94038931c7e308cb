import { describe, expect, it } from 'vitest';
import { estimateCalls } from './estimate-research.js';

const models = { outline: 'planner', draft: 'writer', judge: 'judge' };
const model = { models, prices: { input: 1, output: 10 } };

describe('the estimate before a run', () => {
  it('names the models in their order, what they usually take, and at most', () => {
    const estimate = estimateCalls(model, {}, 12);
    expect(estimate).toMatchObject({ models: ['planner', 'writer', 'judge'], calls: 3, sources: 12, fitsBudget: true });
    expect(estimate.tokens).toBe(16_800 + 4_000);
    expect(estimate.costUsd).toBeCloseTo(0.0168 + 0.04, 6);
    expect(estimate.maxTokens).toBeGreaterThan(5 * estimate.tokens);
    expect(estimate.maxCostUsd ?? 0).toBeGreaterThan(estimate.costUsd ?? 0);
  });

  it.each([
    ['without a model', null, {}, 12],
    ['of an empty library', model, {}, 0],
    ['with no tokens to spend', model, { modelTokens: 0 }, 12],
    ['with no money to spend', model, { costUsd: 0 }, 12],
  ])('is nothing %s', (_, asked, limits, sources) => {
    expect(estimateCalls(asked, limits, sources)).toMatchObject({
      models: [],
      calls: 0,
      tokens: 0,
      maxTokens: 0,
      costUsd: 0,
      maxCostUsd: 0,
      fitsBudget: true,
    });
  });

  it('does not fit a smaller budget, nor one in money when nobody knows the price', () => {
    expect(estimateCalls(model, { modelTokens: 20_000 }, 1).fitsBudget).toBe(false); // the second call would find too little left
    expect(estimateCalls(model, { modelTokens: 30_000 }, 1).fitsBudget).toBe(true);
    expect(estimateCalls(model, { costUsd: 0.01 }, 1).fitsBudget).toBe(false);
    const unpriced = { models, prices: null };
    expect(estimateCalls(unpriced, { costUsd: 100 }, 1)).toMatchObject({ fitsBudget: false, costUsd: null });
    expect(estimateCalls(unpriced, { modelTokens: 100_000 }, 1).fitsBudget).toBe(true);
  });
});
