import { describe, expect, it } from 'vitest';
import { boundIn } from './metrics.js';
import { cellQuantity, quantitiesOf } from './quantities.js';

const told = (text: string, isFinding = true) =>
  boundIn(text, isFinding).map(({ name, quantity: { value, unit } }) => [name, value, unit]);

describe('a value in a sentence', () => {
  it.each<[string, (string | number | null)[][]]>([
    ['It reaches a BLEU score of 28.4 on the test set.', [['BLEU', 28.4, null]]],
    ['The model achieves 28.4 BLEU there.', [['BLEU', 28.4, null]]],
    ['It was better in accuracy (95.2 %) than others.', [['accuracy', 95.2, '%']]],
    ['The F1 = 0.87 was the best.', [['F1', 0.87, null]]],
    [
      'Groups differed (t(23) = 4.82, p < 0.001).',
      [
        ['t', 4.82, null],
        ['p', 0.001, null],
      ],
    ],
    [
      'A precision of 99.4% for a recall of 95.6% was seen.',
      [
        ['precision', 99.4, '%'],
        ['recall', 95.6, '%'],
      ],
    ],
    ['The hazard ratio was 1.52 (95% CI 1.2–1.9).', [['hazard ratio', 1.52, null]]],
    ['The step time was 1.0 seconds.', [['step time', 1, 'seconds']]],
    ['Training took 3.5 days on eight machines.', [['training time', 3.5, 'days']]],
    [
      'With 80% power and a 5% significance level.',
      [
        ['power', 80, '%'],
        ['significance level', 5, '%'],
      ],
    ],
    [
      'Intervals lasted long (mean ± SD = 10.1 ± 2.7).',
      [
        ['mean', 10.1, null],
        ['SD', 2.7, null],
      ],
    ],
    ['Of all, 59% of the respondents agreed.', [['respondents', 59, '%']]],
  ])('%s', (text, expected) => {
    expect(told(text)).toEqual(expected);
  });

  it('gives its name to the list that follows, and takes the unit at the end of it', () => {
    expect(told('The LC50 was 2.17, 2.77 and 0.28 μg/ml for the three.')).toEqual([
      ['LC50', 2.17, 'μg/ml'],
      ['LC50', 2.77, 'μg/ml'],
      ['LC50', 0.28, 'μg/ml'],
    ]);
    expect(told('Longevity ranged from 7.7–14.0 years.').map(([, value]) => value)).toEqual([7.7, 14]);
  });

  it.each([
    'The work of 2017 is described in Section 3 and Table 2.',
    'We averaged the last 5 checkpoints.',
    'It has been shown before [12] that accuracy matters.',
    'There were three sensitivity analyses.',
    'In the 40 sessions people spoke.',
    'The bounds are used to yield (2.19).',
  ])('is none: %s', (text) => {
    expect(told(text)).toEqual([]);
  });

  it('is not bound to a noun of the running text where a method is told', () => {
    expect(told('The solution was 5 ml.', false)).toEqual([]);
  });
});

describe('quantities', () => {
  it('are read as printed: thousands, powers of ten, leading points, percentages, ranges', () => {
    const values = (text: string) => quantitiesOf(text).map(({ value, unit }) => [value, unit]);
    expect(values('1,047 items')).toEqual([[1047, null]]);
    expect(values('2.3 · 10¹⁹')).toEqual([[2.3e19, null]]);
    expect(values('r = .45')).toEqual([[0.45, null]]);
    expect(values('95 %, 12 ms and 3 mg/kg')).toEqual([
      [95, '%'],
      [12, 'ms'],
      [3, 'mg/kg'],
    ]);
    expect(values('7.7–14.0 years')).toEqual([
      [7.7, null],
      [14, 'years'],
    ]);
  });

  it('are not read out of names', () => {
    expect(quantitiesOf('COVID-19, GPT-4, H2O, B12, 40K, v1.2.3')).toEqual([]);
  });

  it('of a cell are one, whatever stands in brackets after it', () => {
    expect(cellQuantity('0.28 ± 1.25')).toMatchObject({ value: 0.28, spread: '1.25' });
    expect(cellQuantity('46.6 (11.3); 47.5 (38–55)')).toMatchObject({ value: 46.6 });
    expect(cellQuantity('91.2*')).toMatchObject({ value: 91.2 });
    expect(cellQuantity('WSJ 23')).toBeNull();
    expect(cellQuantity('-')).toBeNull();
  });
});
