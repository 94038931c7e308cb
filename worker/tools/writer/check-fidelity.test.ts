import { describe, expect, it } from 'vitest';
import { checkFidelity } from './check-fidelity.js';
import { tidyQuote } from './tidy-quote.js';

describe('what tidyQuote takes out, checkFidelity allows', () => {
  it.each([
    ['However, retention falls when the medium is wet [12].', 'Retention falls when the medium is wet.'],
    [
      'Roofs retain **56%** of the rain (see Table 2), as `measured` in [Malmø](http://x.example/a_b).',
      'Roofs retain 56% of the rain, as measured in Malmø.',
    ],
    ['Traditional/ local knowl-\nedge can help (e.g. [1-3]).', 'Traditional/local knowledge can help.'],
    ['Note that the depth is 3.5 mm (Fig. 2).', 'The depth is 3.5 mm.'],
    [
      'The *depth* of a state-of-the-art roof is not 1,200 mm.',
      'The depth of a state-of-the-art roof is not 1,200 mm.',
    ],
    ['Results: The roof retained rain [1,2; 4–6].', 'The roof retained rain.'],
    ['A wet roof may, therefore, be heavier in winter.', 'A wet roof may be heavier in winter.'],
    ['Steep roofs could thus hold less rain.', 'Steep roofs could hold less rain.'],
    ['Roofs are also hard to repair.', 'Roofs are hard to repair.'],
  ])('%s', (quote, tidied) => {
    expect(tidyQuote(quote)).toBe(tidied);
    expect(checkFidelity(tidied, quote).faults).toEqual([]);
  });

  it('leaves alone what is not an opening', () => {
    expect(tidyQuote('However large the pool, documents are missed.')).toBe(
      'However large the pool, documents are missed.',
    );
    for (const whole of [
      'The medium is wet and therefore heavy.',
      'Roofs that also carry moss hold more rain.',
      'Roofs not only hold but also clean the rain.',
    ])
      expect(tidyQuote(whole)).toBe(whole);
    expect(tidyQuote('First stage retrieval is fast.')).toBe('First stage retrieval is fast.');
  });
});

describe('checkFidelity', () => {
  const quote = 'In winter the roof does not retain more than 41% (19 mm) of the rain, except on flat roofs.';

  it.each([
    [
      'a changed number',
      'In winter the roof does not retain more than 14% (19 mm) of the rain, except on flat roofs.',
      'NUMBER_CHANGED',
    ],
    [
      'a number without its percent sign',
      'In winter the roof does not retain more than 41 (19 mm) of the rain, except on flat roofs.',
      'NUMBER_CHANGED',
    ],
    [
      'a dropped negation',
      'In winter the roof does retain more than 41% (19 mm) of the rain, except on flat roofs.',
      'NEGATION_CHANGED',
    ],
    [
      'a dropped bound',
      'In winter the roof does not retain 41% (19 mm) of the rain, except on flat roofs.',
      'QUALIFIER_CHANGED',
    ],
    [
      'a dropped exception',
      'In winter the roof does not retain more than 41% (19 mm) of the rain, on flat roofs.',
      'QUALIFIER_CHANGED',
    ],
    [
      'a replaced word',
      'In summer the roof does not retain more than 41% (19 mm) of the rain, except on flat roofs.',
      'WORDS_CHANGED',
    ],
    ['a cut end', 'In winter the roof does not retain more than 41% (19 mm) of the rain.', 'QUALIFIER_CHANGED'],
    ['an added end', `${quote.slice(0, -1)} in Sweden.`, 'WORDS_CHANGED'],
    [
      'words in another order',
      'The roof in winter does not retain more than 41% (19 mm) of the rain, except on flat roofs.',
      'WORDS_CHANGED',
    ],
  ])('finds %s', (_, claim, fault) => expect(checkFidelity(claim, quote).faults).toContain(fault));

  it('lets the whole quote stand', () => expect(checkFidelity(quote, quote).faults).toEqual([]));

  it.each([
    'It rose (but not in winter) by 3%.',
    'It rose (by 3%) in winter.',
    'It rose (see also the study that did not find it) in winter.',
  ])('lets no aside go that says something: %s', (said) => {
    const cut = said.replace(/ \([^)]*\)/u, '');
    expect(checkFidelity(cut, said).faults).not.toEqual([]);
  });

  it('sees one sign: minus five is not five', () => {
    expect(checkFidelity('It was 5 degrees.', 'It was -5 degrees.').faults).toContain('NUMBER_CHANGED');
  });
});
