import { describe, expect, it } from 'vitest';
import { pdfText } from '../../documents/pdf-layout/pdf-text.js';
import type { PdfContent, PdfRun } from '../../documents/pdf-page.js';
import { findSetApart } from './contents/set-apart.js';
import type { PaperSource } from './paper-source.js';
import { readSections, type Sections } from './sections.js';

const FONTS = [
  { id: 'roman', name: 'Times-Roman' },
  { id: 'bold', name: 'Times-Bold' },
  { id: 'italic', name: 'Times-Italic' },
  { id: 'plain', name: 'AdvTT99c4c969' },
];

interface SetLine {
  text: string;
  font?: string;
  size?: number;
  x?: number;
  gap?: number; // points above, beside the line's own
}

const heading = (text: string, font = 'bold', size = 12): SetLine => ({ text, font, size, gap: 14 });
const prose = (lines = 3, subject = 'The tide'): SetLine[] =>
  Array.from({ length: lines }, (_, index) => ({
    text:
      index === lines - 1
        ? 'came in before anybody had looked.'
        : `${subject} that the watchers of the northern shore had waited for`,
    gap: index === 0 ? 3 : 0,
  }));

function page(number: number, lines: readonly SetLine[]): PdfContent['pages'][number] {
  let y = 760;
  const runs = lines.map(({ text, font = 'roman', size = 10, x = 72, gap = 0 }): PdfRun => {
    y -= 12 + gap;
    return { text, x, y, width: text.length * size * 0.45, size, font };
  });
  return { number, width: 612, height: 792, runs, hasImage: false };
}

function read(...pages: SetLine[][]): Sections & { source: PaperSource } {
  const content = { title: null, fonts: FONTS, pages: pages.map((lines, index) => page(index + 1, lines)) };
  const { text, title, headings, pageSpans: _, ...layout } = pdfText(content);
  const lines = layout.paragraphs.flatMap((paragraph) => paragraph.lines);
  const source = { text, title: title ?? null, headings, layout: { ...layout, recognised: [] }, lines };
  return { source, ...readSections(source, findSetApart(source)) };
}

const tree = ({ sections }: Sections) => sections.map(({ heading: words, level }) => `${level} ${words}`);

const FRONT: SetLine[] = [
  heading('On the watching of tides', 'bold', 18),
  { text: 'Ada Author and Bob Writer', font: 'bold', size: 12, gap: 10 },
  heading('Abstract'),
  ...prose(4, 'Briefly'),
];

describe('readSections', () => {
  it('lists numbered sections with their levels, without title, authors, abstract and reference list', () => {
    const paper = read(
      [
        ...FRONT,
        heading('1 Introduction'),
        ...prose(),
        heading('2 Methods'),
        heading('2.1 The shore', 'italic', 10),
        ...prose(),
      ],
      [
        heading('3 Results'),
        ...prose(),
        heading('References'),
        { text: '[1] A. Author. Tides. J. Shores 1 (2001) 2-3.', gap: 4 },
      ],
    );
    expect(tree(paper)).toEqual(['1 1 Introduction', '1 2 Methods', '2 2.1 The shore', '1 3 Results']);
    expect(paper.sections.map(({ page: at }) => at)).toEqual([1, 1, 1, 2]);
    expect(paper.sections.map(({ role }) => role)).toEqual(['PROBLEM', 'METHOD', 'METHOD', 'EVALUATION']);
  });

  it('learns from known names how this paper sets its headings, and finds the others by it', () => {
    const paper = read([
      ...FRONT,
      heading('Background'),
      ...prose(),
      heading('The northern shore', 'plain', 9.2),
      ...prose(),
      heading('Its people', 'plain', 9.2),
      ...prose(),
      heading('Methods'),
      heading('Boats', 'plain', 9.2),
      ...prose(),
      heading('A day at sea'),
      ...prose(),
    ]);
    expect(tree(paper)).toEqual([
      '1 Background',
      '2 The northern shore',
      '2 Its people',
      '1 Methods',
      '2 Boats',
      '1 A day at sea',
    ]);
  });

  it('takes slanted words in the middle of a paragraph, table heads and theorems for no headings', () => {
    const paper = read([
      ...FRONT,
      heading('1 Introduction'),
      { text: 'The tide that the watchers of the northern shore had waited', gap: 3 },
      { text: 'for under the name of spring', font: 'italic' },
      ...prose(2).map((line) => ({ ...line, gap: 0 })),
      { text: 'Theorem 2 (Ebb)', font: 'bold', gap: 10 },
      ...prose(2),
      { text: 'Station', font: 'bold', gap: 14 },
      { text: 'Skagen', gap: 2 },
      { text: 'Esbjerg' },
      heading('2 Results'),
      ...prose(),
    ]);
    expect(tree(paper)).toEqual(['1 1 Introduction', '1 2 Results']);
  });

  it('joins a number and a title that are drawn apart, and a heading over two lines', () => {
    const content = page(1, [
      ...FRONT,
      heading('1'),
      ...prose(),
      heading('2 A long heading about the shore that'),
      heading('does not fit on one line'),
      ...prose(),
    ]);
    const number = content.runs.findIndex(({ text }) => text === '1');
    const { y = 0, size = 12 } = content.runs[number] ?? {};
    content.runs.splice(number + 1, 0, { text: 'Introduction', x: 108, y, width: 70, size, font: 'bold' });
    const second = content.runs.findIndex(({ text }) => text.startsWith('does not fit'));
    for (const run of content.runs.slice(second)) run.y += 14;
    const { text, title, headings, pageSpans: _, ...layout } = pdfText({ title: null, fonts: FONTS, pages: [content] });
    const lines = layout.paragraphs.flatMap((paragraph) => paragraph.lines);
    const source = { text, title: title ?? null, headings, layout: { ...layout, recognised: [] }, lines };
    const { sections } = readSections(source, findSetApart(source));
    expect(sections.map((section) => section.heading)).toEqual([
      '1 Introduction',
      '2 A long heading about the shore that does not fit on one line',
    ]);
  });

  it('parts a heading in capitals from text in the same font, right above and below it', () => {
    const paper = read([
      ...FRONT,
      { text: 'I. INTRODUCTION', gap: 6 },
      ...prose().map((line) => ({ ...line, gap: 0 })),
      { text: 'II. THE NORTHERN SHORE' },
      ...prose().map((line) => ({ ...line, gap: 0 })),
    ]);
    expect(tree(paper)).toEqual(['1 I. INTRODUCTION', '1 II. THE NORTHERN SHORE']);
  });

  it('joins the second line of a numbered heading that is set in under its words', () => {
    const paper = read([
      ...FRONT,
      heading('1 Introduction'),
      ...prose(),
      heading('2 Boats of the northern (and southern)'),
      { text: 'shore', font: 'bold', size: 12, x: 90, gap: 2 },
      ...prose(),
    ]);
    expect(tree(paper)).toEqual(['1 1 Introduction', '1 2 Boats of the northern (and southern) shore']);
  });

  it('gives each section its prose, and the place of its heading in bytes', () => {
    const { sections, source } = read([
      ...FRONT,
      heading('1 Déjà vu'),
      ...prose(3, 'Café owners'),
      { text: 'Figure 1: The shore at noon, seen from the pier.', gap: 12 },
      { text: '* A note at the foot of the page, in smaller type than the text.', size: 8, gap: 12 },
      heading('2 Results'),
      ...prose(),
    ]);
    const [first] = sections;
    expect(first?.text).toMatch(/^Café owners that .* before anybody had looked\.$/);
    expect(first?.text).not.toMatch(/Figure|note/);
    expect(Buffer.from(source.text).subarray(first?.startOffset, first?.endOffset).toString()).toBe('1 Déjà vu');
    expect(first?.box?.y).toBeGreaterThan(0);
  });

  it('lists back matter after the references, but nothing that stands in them', () => {
    const paper = read([
      ...FRONT,
      heading('Introduction'),
      ...prose(),
      heading('References'),
      { text: '1. Author A. Tides. 1999.', gap: 4 },
      { text: 'Journal of Shores and Boats', font: 'italic', gap: 4 },
      ...prose(2, '2. Writer B. Ebbs. Shore Press, in the town'),
      heading('Acknowledgements'),
      ...prose(2),
    ]);
    expect(tree(paper)).toEqual(['1 Introduction', '1 Acknowledgements']);
  });

  it('says how sure it is and why, and that a paper without headings has none', () => {
    const sure = read([
      ...FRONT,
      heading('1 Introduction'),
      ...prose(),
      heading('2 Methods'),
      ...prose(),
      heading('3 Results'),
      ...prose(),
    ]);
    expect(sure.confidence).toEqual([
      {
        field: 'sections',
        score: expect.any(Number),
        basis: expect.stringContaining('3 headings, 3 set like another, 3 numbered'),
      },
    ]);
    const bare = read(prose(20), prose(20), prose(20));
    expect(bare.sections).toEqual([]);
    expect(bare.uncertainties.map(({ code }) => code)).toEqual(['NO_SECTIONS_FOUND']);
    expect(bare.confidence[0]?.score).toBeLessThan(sure.confidence[0]?.score ?? 0);
  });

  it('warns of a page whose characters make no words', () => {
    const cipher = Array.from({ length: 12 }, () => ({ text: 'WKH WLGH WKDW WKH ZDWFKHUV RI WKH QRUWKHUQ VKRUH' }));
    const { uncertainties } = read(prose(20), cipher);
    expect(uncertainties.filter(({ code }) => code === 'GARBLED_TEXT').map(({ page: at }) => at)).toEqual([2]);
  });
});
