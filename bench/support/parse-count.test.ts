import { expect, it } from 'vitest';
import { parseCount } from './parse-count.js';

it('reads counts as people write them', () => {
  expect(['10k', '1M', '64000', ' 5k '].map(parseCount)).toEqual([10_000, 1_000_000, 64_000, 5_000]);
});

it.each(['', 'k', '1G', '-1', '1.5k', 'many'])('refuses %j', (text) => {
  expect(() => parseCount(text)).toThrow(/is no count/);
});
