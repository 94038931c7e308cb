import { describe, expect, it } from 'vitest';
import { findAcronyms, impliedBy, readAliases } from './aliases.js';

describe('findAcronyms', () => {
  it.each([
    ['It leverages grouped-query attention (GQA) for speed.', 'GQA', 'grouped-query attention'],
    ['We use sliding window attention (SWA), which is cheap.', 'SWA', 'sliding window attention'],
    ['Mobile Sensor Networks (MSNs) move.', 'MSNs', 'Mobile Sensor Networks'],
    ['The Statement of Work (SoW) is here.', 'SoW', 'Statement of Work'],
  ])('reads “%s”', (text, short, long) => {
    const [found] = findAcronyms(text);
    expect(found).toMatchObject({ short, long });
    expect(text.slice(found?.start, found?.end)).toBe(`${long} (${short})`);
  });

  it.each([
    'The snout-vent length was large (SVL).', // the words before it are others
    'He came from the north (USA) in June.',
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

  it('lets an abbreviated species stand for its common name', () => {
    const [stem] = [...readAliases([species]).keys()];
    expect(impliedBy([stem ?? ''], readAliases([species]))).toEqual(['atlant', 'sharpnos', 'shark']);
  });
});
