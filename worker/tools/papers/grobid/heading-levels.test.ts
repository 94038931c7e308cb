import { describe, expect, it } from 'vitest';
import { headingLevels } from './heading-levels.js';

describe('the level of a heading', () => {
  it.each([
    ['decimal numbers', ['1', '1.1', '1.1.1.', '2.', '10.3'], [1, 2, 3, 1, 2]],
    [
      'letters below Roman numerals',
      ['I.', 'II.', 'A.', 'B.', 'C.', 'III.', 'A.', 'IV', 'V.'],
      [1, 1, 2, 2, 2, 1, 2, 1, 1],
    ],
    [
      'a letter that is a numeral too',
      ['I', 'A', 'B', 'C', 'D', 'E', 'F', 'G', 'H', 'I', 'II'],
      [1, 2, 2, 2, 2, 2, 2, 2, 2, 2, 1],
    ],
    ['appendices', ['1', '2', 'A', 'A.1', 'B'], [1, 1, 1, 2, 1]],
  ])('follows its number: %s', (_, numbers, levels) => {
    expect(numbers.map(headingLevels())).toEqual(levels);
  });
});
