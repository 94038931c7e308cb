import { describe, expect, it } from 'vitest';
import { levelsOf } from './heading-levels.js';

const set = (text: string, style: string, size: number, known = false) => ({
  text,
  style,
  size,
  bold: false,
  italic: false,
  known,
});
const levels = (headings: ReturnType<typeof set>[]): number[] => [
  ...levelsOf(headings.map((heading, index) => ({ ...heading, index }))).values(),
];

describe('the level of a heading', () => {
  it("is its number's, however it is set", () => {
    expect(levels([set('1 Rats', 'a', 12), set('1.1 Young', 'a', 12), set('1.1.1 White', 'b', 14)])).toEqual([1, 2, 3]);
  });

  it('follows the size of the type where there are no numbers', () => {
    const headings = [set('Methods', 'a', 12, true), set('Rats', 'b', 11), set('Young', 'c', 10), set('Mice', 'b', 11)];
    expect(levels(headings)).toEqual([1, 2, 3, 2]);
  });

  it('puts a face without known names under one of the same size that has them', () => {
    expect(levels([set('Results', 'a', 13, true), set('Etymology', 'b', 13)])).toEqual([1, 2]);
  });
});
