import { expect, it } from 'vitest';
import { auc } from './auc.js';

it.each([
  ['always greater', [4, 5, 6], [1, 2, 3], 1],
  ['always less', [1, 2], [3, 4, 5], 0],
  ['the same, whatever their order', [1, 2, 3], [3, 1, 2], 0.5],
  ['all alike', [7, 7], [7, 7, 7], 0.5],
  ['greater in five pairs of six', [2, 4, 6], [1, 3], 5 / 6],
  ['greater in one pair, level in one', [2, 3], [2, 4], 0.375],
])('tells two kinds apart by a figure that is %s', (_how, some, others, expected) => {
  expect(auc(some, others)).toBeCloseTo(expected, 12);
  expect(auc(others, some)).toBeCloseTo(1 - expected, 12);
});

it('says nothing where there is nothing', () => {
  expect(auc([], [1])).toBeNaN();
  expect(auc([1], [])).toBeNaN();
});
