/** Damaged files end in a reading or in a typed failure, never in anything else. The damage is drawn from a seed. */
import { describe, expect, it } from 'vitest';
import { AppError } from '../../../../src/platform/errors.js';
import { column, simplePdf } from '../../../../tests/support/simple-pdf.js';
import { pdfText } from '../../documents/pdf-layout/pdf-text.js';
import type { PdfContent, PdfRun } from '../../documents/pdf-page.js';
import { readPdf } from '../../documents/read-pdf.js';
import { builtinEngine, structurePaper } from './read-paper.js';

const signal = new AbortController().signal;

/** Numbers from 0 to 1 (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const TEXT = [
  'On the watching of tides',
  'Ada Author and Bob Writer',
  'Abstract',
  'The tide that the watchers of the northern shore had waited for came in before anybody',
  'had looked, and with it the boats of the harbour [1], all but 3 of 41 (7.3 %).',
  '1 Introduction',
  'Boats are counted by their lamps. Table 1 says how many there were in each of the years.',
  'Table 1: Boats and lamps.',
  'References',
  '[1] A. Author. On lamps. Journal of Shores 12 (2001) 33-40. doi:10.5555/lamps',
];
const file = simplePdf([column(TEXT), column(TEXT.toReversed()), column(TEXT, { x: 320, size: 8 })], 'Tides');

describe('a damaged file', () => {
  it.each([1, 4])('is read, or refused with a code and a hint (seed %i)', async (seed) => {
    const random = seeded(seed);
    const bytes = Buffer.from(file);
    for (let flips = 0; flips < 40; flips++) {
      const at = Math.floor(random() * bytes.length);
      bytes.writeUInt8(bytes.readUInt8(at) ^ (1 << Math.floor(random() * 8)), at);
    }
    const cut = seed % 2 === 0 ? bytes.subarray(0, Math.floor((0.5 + random() / 2) * bytes.length)) : bytes;
    const outcome = await builtinEngine.read({ bytes: cut, fileName: 'tides.pdf', signal }).catch((error) => error);
    if (outcome instanceof AppError) expect(outcome.hint).toMatch(/\w/);
    else expect(outcome.paper.engine).toMatch(/^builtin@/);
  });

  it('loses the words that its matrices set nowhere, and those only', async () => {
    const beyond = '9'.repeat(308); // times the size of the font, it is no number any more
    const broken = file.toString('latin1').replace('72 700 Td', `${beyond} 0 0 ${beyond} 72 700 Tm`);
    const { pages } = await readPdf(Buffer.from(broken, 'latin1'), signal);
    expect(pages[0]?.runs.map(({ text }) => text)).toEqual(TEXT.slice(1));
  });
});

describe('what a damaged file may hold', () => {
  const ODD = [
    '',
    ' ',
    '\u0000',
    '\ufffd'.repeat(30),
    '(',
    '[',
    '1',
    'Table 1',
    'Figure 2.',
    'References',
    'é́́',
    '{}\\',
    '𝑥',
  ];
  const WILD = [0, -1, 1e-9, 1e9, -1e9, 0.5];

  function damaged(content: PdfContent, random: () => number): PdfContent {
    const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T;
    const alter = (run: PdfRun): PdfRun[] => {
      const chance = random();
      if (chance < 0.6) return [run];
      if (chance < 0.65) return [];
      if (chance < 0.7) return [run, run];
      if (chance < 0.8) return [{ ...run, text: pick(ODD) }];
      return [{ ...run, [pick(['x', 'y', 'size', 'width'])]: pick(WILD) }];
    };
    return { ...content, pages: content.pages.map((page) => ({ ...page, runs: page.runs.flatMap(alter) })) };
  }

  it('is always structured, and every piece stands within the text', async () => {
    const whole = await readPdf(file, signal);
    const random = seeded(5);
    for (let round = 0; round < 20; round++) {
      const { text, title, headings, pageSpans: pages, ...layout } = pdfText(damaged(whole, random));
      const lines = layout.paragraphs.flatMap((paragraph) => paragraph.lines);
      const document = {
        mediaType: 'application/pdf' as const,
        extractor: 'test@1',
        text,
        title,
        headings,
        pages,
        excluded: [],
        pageCount: 3,
        layout: { ...layout, recognised: [] },
      };
      const paper = structurePaper(document, lines);
      const end = Buffer.byteLength(text);
      const placed = [...paper.authors, ...paper.sections, ...paper.references, ...paper.tables, ...paper.claims];
      for (const { startOffset, endOffset } of placed) {
        expect(startOffset).toBeGreaterThanOrEqual(0);
        expect(endOffset).toBeGreaterThanOrEqual(startOffset);
        expect(endOffset).toBeLessThanOrEqual(end);
      }
    }
  });
});
