import { describe, expect, it } from 'vitest';
import { findAcronyms, impliedBy, readAliases } from './aliases.js';

describe('findAcronyms', () => {
  it.each([
    ['It leverages grouped-query attention (GQA) for speed.', 'GQA', 'grouped-query attention'],
    ['We use sliding window attention (SWA), which is cheap.', 'SWA', 'sliding window attention'],
    ['Mobile Sensor Networks (MSNs) move.', 'MSNs', 'Mobile Sensor Networks'],
    ['We study landscape ethnoecological knowledge (LEEK) of villages.', 'LEEK', 'landscape ethnoecological knowledge'],
    ['It holds deoxyribonucleic acid (DNA) of frogs.', 'DNA', 'deoxyribonucleic acid'],
    ['We tried Exercise Assisted Reduction then Stop (EARS).', 'EARS', 'Exercise Assisted Reduction then Stop'],
    ['The Statement of Work (SoW) is here.', 'SoW', 'Statement of Work'],
  ])('reads “%s”', (text, short, long) => {
    const [found] = findAcronyms(text);
    expect(found).toMatchObject({ short, long });
    expect(text.slice(found?.start, found?.end)).toBe(`${long} (${short})`);
  });

  it.each([
    ['It is traditional ecological knowledge (TEK, [2]).', 'TEK', 'traditional ecological knowledge'],
    ['It is mean average precision (hereafter MAP).', 'MAP', 'mean average precision'],
    ['They measured the SVL (snout-vent length) of frogs.', 'SVL', 'snout-vent length'],
  ])('reads “%s”', (text, short, long) => expect(findAcronyms(text)).toMatchObject([{ short, long }]));

  it.each([
    'The snout-vent length was large (SVL).', // the words before it are others
    'He came from the north (USA) in June.',
    'The EU (formerly a union of six states) grew.',
    'The large nests were recorded in Exeter (LNX).', // not all words are in it
    'Precision, recall, accuracy (PRA) were measured.', // a list is no name
    'It is short (A).',
  ])('reads nothing in “%s”', (text) => expect(findAcronyms(text)).toEqual([]));
});

describe('readAliases', () => {
  const species =
    'We report on Atlantic Sharpnose Sharks Rhizoprionodon terraenovae. The longevity of R. terraenovae was 19 years.';

  it('lets a source’s short name stand for the words it is explained by', () => {
    const aliases = readAliases(['Mistral uses sliding window attention (SWA).']);
    expect(impliedBy(new Set(['swa', 'cost']), aliases)).toEqual(['slide', 'window', 'attent']);
  });

  it('lets the words written out stand for their short name', () => {
    const aliases = readAliases(['Mistral uses sliding window attention (SWA).']);
    expect(impliedBy(new Set(['slide', 'window', 'attent', 'cost']), aliases)).toEqual(['swa']);
  });

  it('lets an abbreviated species stand for its common name', () => {
    const [stem] = [...readAliases([species]).keys()];
    expect(impliedBy(new Set([stem ?? '']), readAliases([species]))).toEqual(
      expect.arrayContaining(['atlant', 'sharpnos', 'shark', 'rhizoprionodon']),
    );
  });
});
