import { describe, expect, it } from 'vitest';
import { readFrontMatter } from '../front-matter.js';
import { centred, paperOf, prose, type SetText } from './front-page.fixture.js';

const abstractOf = (...pages: SetText[][]) => readFrontMatter(paperOf(pages)).abstract;

const FRONT: SetText[] = [
  centred('Estimating the Drift of Small Instruments', 100, { size: 17 }),
  centred('Jane Roe and John Public', 140, { size: 11 }),
];
const MORE = prose(40, { y: 100 });
const set = (lines: SetText[], font: SetText['font']): SetText[] => lines.map((line) => ({ ...line, font }));

describe('an abstract without a heading', () => {
  it('ends where the face of the running text begins, without a heading', () => {
    const abstract = set(prose(7, { y: 190, opening: 'Here ' }), 'bold');
    const text = abstractOf([...FRONT, ...abstract, ...prose(20, { y: 300, opening: 'Long ago ' })], MORE);
    expect(text).toMatch(/^Here the measured/);
    expect(text).not.toContain('Long ago');
  });

  it('ends where the columns below it begin', () => {
    const columns = [72, 320].flatMap((x) => prose(20, { x, y: 300, width: 220, opening: 'Long ago ' }));
    const both = [72, 320].flatMap((x) => prose(40, { x, y: 100, width: 220 }));
    const text = abstractOf([...FRONT, ...prose(7, { y: 190, opening: 'Here ' }), ...columns], both, both);
    expect(text).toMatch(/^Here the measured/);
    expect(text).not.toContain('Long ago');
  });

  it('may open the page behind the title, if the first section ends it', () => {
    const text = abstractOf(
      [...FRONT, { text: 'Contact: J. Roe, 12 Harbour Road, Exampleton', x: 72, y: 700 }],
      [
        ...prose(7, { y: 100, opening: 'Here ' }),
        { text: '1 Introduction', x: 72, y: 220, size: 13, font: 'bold' },
        ...prose(30, { y: 240 }),
      ],
    );
    expect(text).toMatch(/^Here the measured/);
  });

  it('is found under a title with a box beside it that has a heading of its own', () => {
    const text = abstractOf(
      [
        { text: 'Estimating the Drift of Small Instruments at Sea and on Shore', x: 72, y: 100, size: 17 },
        { text: 'Jane Roe and John Public', x: 72, y: 140, size: 11 },
        { text: 'Significance', x: 430, y: 180, size: 13, font: 'bold' },
        ...prose(9, { x: 430, y: 200, width: 130, size: 8 }),
        ...set(prose(9, { y: 190, width: 330, opening: 'Here ' }), 'bold'),
        ...prose(20, { y: 330, width: 330 }),
      ],
      MORE,
    );
    expect(text).toMatch(/^Here the measured/);
  });
});

describe('a summary', () => {
  it('is the abstract where the introduction follows it', () => {
    const text = abstractOf([
      ...FRONT,
      { text: 'Summary', x: 72, y: 180, size: 13, font: 'bold' },
      ...prose(6, { y: 200, opening: 'Here ' }),
      { text: 'Introduction', x: 72, y: 300, size: 13, font: 'bold' },
      ...prose(12, { y: 320 }),
    ]);
    expect(text).toMatch(/^Here the measured/);
  });
});
