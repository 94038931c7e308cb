import { describe, expect, it } from 'vitest';
import { pdfText } from '../../../documents/pdf-layout/pdf-text.js';
import { findSetApart } from '../contents/set-apart.js';
import { type Placed, prose, typeset } from '../contents/typeset.fixture.js';
import type { PaperSource } from '../paper-source.js';
import { readSections } from '../sections.js';

function sectionsOf(...placed: readonly Placed[]) {
  const { pageSpans: _, text, title, headings, ...layout } = pdfText(typeset(placed).content);
  const lines = layout.paragraphs.flatMap((paragraph) => paragraph.lines);
  const source: PaperSource = { text, title: title ?? null, headings, layout: { ...layout, recognised: [] }, lines };
  return readSections(source, findSetApart(source)).sections;
}

const HEADING: Placed = [100, 100, '1 Introduction', 12];
const cells = (y: number): Placed[] => [
  [100, y, 'Station of the coast'],
  [300, y, 'Height, in the mean of a year'],
  [100, y + 12, 'Esbjerg, at the southern mole'],
  [300, y + 12, '1.5'],
  [100, y + 24, 'Skagen, by the lighthouse'],
  [300, y + 24, '0.3'],
];
const half = (y: number, texts: readonly string[]): Placed[] => texts.map((text, i): Placed => [100, y + 12 * i, text]);

describe('the text of a section', () => {
  it('is its prose, without the table that stands in it', () => {
    const [section] = sectionsOf(
      HEADING,
      ...prose(130),
      [100, 200, 'Table 1: Tides.', 9],
      ...cells(220),
      ...prose(280),
    );
    expect(section?.text).not.toMatch(/Esbjerg|lighthouse|Table 1/);
    expect(section?.text.split('\n\n')).toHaveLength(2);
  });

  it('reads on where a table has cut a sentence', () => {
    const [section] = sectionsOf(
      HEADING,
      ...half(130, [
        'The watchers of the northern shore had waited for the tide that would carry their boats',
        'over the bar, which the storm of the winter before had raised, and counted the hours to',
      ]),
      [100, 180, 'Table 1: Tides.', 9],
      ...cells(200),
      ...half(260, [
        'its coming in the light of lamps that stood on the dunes, one for every boat of the town',
        'and one for the harbour, which had been built by the grandfathers of those who waited.',
      ]),
    );
    expect(section?.text).toContain('counted the hours to its coming in the light');
  });

  it('is without the words of a picture, in whatever face they are', () => {
    const [section] = sectionsOf(
      HEADING,
      ...prose(130),
      [150, 210, 'Height of the water at the southern mole.', 9.8],
      [100, 260, 'Figure 1: A year of tides.', 9],
      ...prose(300),
    );
    expect(section?.text).not.toContain('southern mole');
  });

  it('goes on after a row of a table that looks like a heading, and it is no section', () => {
    const sections = sectionsOf(
      HEADING,
      ...prose(130),
      [100, 200, 'Table 1: Tides.', 9],
      [100, 218, '2 Stations of the inner coast', 12],
      ...cells(236),
      ...prose(330),
    );
    expect(sections).toHaveLength(1);
    expect(sections[0]?.text.split('\n\n')).toHaveLength(2);
  });
});
