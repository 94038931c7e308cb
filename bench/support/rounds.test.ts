import { expect, it } from 'vitest';
import { interleave } from './rounds.js';

it('measures in turn, each first as often as the other, and answers the medians', async () => {
  const order: string[] = [];
  const contender = (name: string, figures: number[]) => async () => {
    order.push(name);
    return figures.shift() ?? Number.NaN;
  };
  const medians = await interleave(3, { a: contender('a', [1, 100, 2]), b: contender('b', [7, 5, 6]) });
  expect(order.join('')).toBe('abbaab');
  expect(medians).toEqual({ a: 2, b: 6 });
});

it('fails when a round cannot be measured', async () => {
  const broken = async () => {
    throw new Error('no server');
  };
  await expect(interleave(2, { a: async () => 1, b: broken })).rejects.toThrow('no server');
});
