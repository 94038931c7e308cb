import { describe, expect, it } from 'vitest';
import { doubtsOfEquations, readEquations } from './equations.js';
import { type Placed, prose, typeset } from './typeset.fixture.js';

const equationsOf = (placed: readonly Placed[], endsAt = Number.POSITIVE_INFINITY) =>
  readEquations({ pages: typeset(placed).pages, taken: new Set(), endsAt });

const NUMBERED: Placed[] = [
  ...prose(100),
  [220, 180, 'FFN(x) = max(0, xW + b)V + c'],
  [484, 180, '(2)'],
  ...prose(210),
];

describe('displayed equations', () => {
  it('are found by their number at the right edge, with the text that the layer has', () => {
    expect(equationsOf(NUMBERED)).toMatchObject([
      { isWhole: true, equation: { number: '2', text: 'FFN(x) = max(0, xW + b)V + c', page: 1 } },
    ]);
  });

  it('are found without a number where they are centred between running text', () => {
    const placed: Placed[] = [...prose(100), [240, 180, 'E = m · c²'], ...prose(210)];
    expect(equationsOf(placed)).toMatchObject([{ equation: { number: null, text: 'E = m · c²' } }]);
  });

  it('take the lines of a fraction with them, and say that its structure is lost', () => {
    const placed: Placed[] = [
      ...prose(100),
      [200, 180, 'q = −'],
      [240, 173, 'a − b'],
      [240, 187, 'c + d'],
      [484, 180, '(12)'],
      ...prose(215),
    ];
    const equations = equationsOf(placed);
    expect(equations).toMatchObject([{ isWhole: false, equation: { number: '12' } }]);
    expect(equations[0]?.equation.text).toContain('a − b');
    expect(doubtsOfEquations(equations)).toMatchObject([{ code: 'EQUATIONS_UNREADABLE', page: 1 }]);
  });

  it('that stand close keep their own numbers', () => {
    const placed: Placed[] = [
      ...prose(100),
      [200, 180, 'a = b + c'],
      [484, 180, '(6)'],
      [200, 198, 'd = e + f'],
      [484, 198, '(7)'],
      ...prose(230),
    ];
    expect(equationsOf(placed).map(({ equation }) => [equation.number, equation.text])).toEqual([
      ['6', 'a = b + c'],
      ['7', 'd = e + f'],
    ]);
  });

  it('are not made of running text, of numbered items, nor of what stands in the reference list', () => {
    expect(equationsOf([...prose(100), [100, 180, '(3) what comes third is short'], ...prose(210)])).toEqual([]);
    expect(equationsOf(NUMBERED, 0)).toEqual([]);
  });

  it('on one line each raise no doubt', () => {
    expect(doubtsOfEquations(equationsOf(NUMBERED))).toEqual([]);
  });
});
