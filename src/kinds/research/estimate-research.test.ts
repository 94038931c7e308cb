import { describe, expect, it } from 'vitest';
import { estimateEmbeddings } from './estimate-embeddings.js';
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

describe('the estimate of what is embedded', () => {
  const embedding = { model: 'small', prefixes: { query: 'query: ', passage: 'passage: ' }, price: 0.1 };
  const library = { passages: 1_000, bytes: 800_000 };
  const asked = { question: 'Why?', library };

  it('counts passages without a vector with their prefixes, and the question', () => {
    const vectors = estimateEmbeddings(embedding, {}, asked);
    expect(vectors).toMatchObject({ calls: 17, tokens: 809_000 / 4 + 3, maxTokens: 809_000 / 2 + 2 * 6 });
    const estimate = estimateCalls(model, {}, 12, vectors);
    const without = estimateCalls(model, {}, 12);
    expect(estimate.models).toEqual(['small', 'planner', 'writer', 'judge']);
    expect(estimate.tokens - without.tokens).toBe(vectors?.tokens);
    expect((estimate.costUsd ?? 0) - (without.costUsd ?? 0)).toBeCloseTo(0.0202253, 6);
    expect(estimateCalls(null, {}, 12, vectors)).toMatchObject({ models: ['small'], tokens: vectors?.tokens });
    expect(estimateEmbeddings(embedding, {}, { ...asked, library: { passages: 0, bytes: 0 } })).toMatchObject({
      calls: 1,
      tokens: 3,
    });
  });

  it('stops at half of the budget, so the rest still fits', () => {
    const vectors = estimateEmbeddings(embedding, { modelTokens: 100_000 }, asked);
    expect(vectors?.tokens).toBe(50_003);
    expect(estimateCalls(model, { modelTokens: 100_000 }, 12, vectors).fitsBudget).toBe(true);
    expect(estimateCalls(model, { modelTokens: 40_000 }, 12, vectors).fitsBudget).toBe(false);
    expect(estimateEmbeddings({ ...embedding, price: 1 }, { costUsd: 0.1 }, asked)?.tokens).toBe(50_003);
    expect(estimateEmbeddings(embedding, { modelTokens: 0 }, asked)).toBeNull();
    expect(estimateEmbeddings(null, {}, asked)).toBeNull();
  });

  it('costs an unknown sum when nobody knows the price', () => {
    const vectors = estimateEmbeddings({ ...embedding, price: null }, {}, asked);
    expect(estimateCalls(model, {}, 12, vectors)).toMatchObject({ costUsd: null, maxCostUsd: null });
  });
});
