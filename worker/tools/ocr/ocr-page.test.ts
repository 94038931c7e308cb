import { encode } from 'fast-png';
import { beforeAll, describe, expect, it } from 'vitest';
import { renderPage } from '../../../src/papers/page-image/render-page.js';
import { pictureOnly } from '../../../tests/support/picture-pdf.js';
import { column, type PdfLine, simplePdf } from '../../../tests/support/simple-pdf.js';
import { readPdf } from '../documents/read-pdf.js';
import type { OcrLine } from './ocr-line.js';
import { type OcrText, ocrPage } from './ocr-page.js';
import { OCR_CAPS, openOcr } from './open-ocr.js';
import { readScannedPages } from './read-scanned-pages.js';

const signal = new AbortController().signal;

const LEFT = [
  'Pooling asks assessors to read only the top',
  'documents of every system that took part in',
  'the track. What no system retrieved near its',
  'top is assumed not to be relevant, which a',
  'later and better system may suffer from. The',
  'question is how often that happens, and for',
  'which kinds of topic. We look for an answer in',
  'the runs of nine years. For each of them the',
  'pool was formed anew without one system, and',
  'the documents that only this system had found',
  'were taken out. Its score with the full pool',
  'was then compared with its score without.',
];
const RIGHT = [
  'Twelve judges read the same 340 documents',
  'and agreed on 81.5 percent of them. Where',
  'they differed, a third judge was asked, whose',
  'verdict was taken for the final one. Nobody',
  'was told which system had found a document,',
  'nor at which rank it stood. Most of the judges',
  'had taken part before, and all of them were',
  'shown three examples of each grade. A second',
  'round followed after a month, with another',
  'order of the same documents. Its purpose was',
  'to see how far a judge agrees with what the',
  'same judge had thought a few weeks ago.',
];
const LAYOUT: PdfLine[] = [
  { text: 'On the Judging of Pools', x: 72, y: 720, size: 18, bold: true },
  { text: '1 Methods', x: 72, y: 670, size: 13, bold: true },
  ...column(LEFT, { y: 640 }),
  ...column(RIGHT, { x: 330, y: 640 }),
];

const wordsOf = ({ runs }: OcrText) => runs.filter((run) => run.text !== ' ');

describe('a page that is only a picture of text', () => {
  const ocr = openOcr({ languages: ['eng'] });
  let scan: Buffer;
  let text: OcrText;

  beforeAll(async () => {
    const picture = await renderPage(simplePdf([LAYOUT]), { page: 1, boxes: [], widthPx: 1_700, signal });
    scan = pictureOnly(picture);
    text = await ocrPage(scan, { number: 1, width: 612, height: 792 }, ocr, signal);
  });

  it('has no text of its own', async () => {
    const { pages } = await readPdf(scan, signal);
    expect(pages).toMatchObject([{ width: 612, height: 792, runs: [], hasImage: true }]);
  });

  it('is read back, column by column, nearly every word right', () => {
    const printed = ['On the Judging of Pools', '1 Methods', ...LEFT, ...RIGHT].join(' ').split(' ');
    const read = wordsOf(text).map((run) => run.text);
    const right = printed.filter((word, index) => read[index] === word).length;
    expect(right / printed.length).toBeGreaterThan(0.95);
    expect(text.confidence).toBeGreaterThan(0.8);
  });

  it('has its words where they stand, in points, as a text layer would have them', async () => {
    const [layer] = (await readPdf(simplePdf([LAYOUT]), signal)).pages;
    const runOf = (word: string) => text.runs.find((run) => run.text === word);
    for (const [word, start] of [
      ['Pooling', 'Pooling asks'],
      ['Twelve', 'Twelve judges'],
      ['Methods', '1 Methods'],
    ] as const) {
      const [read, set] = [runOf(word), layer?.runs.find((run) => run.text.startsWith(start))];
      expect(read?.font).toBe('ocr');
      expect(Math.abs((read?.y ?? 0) - (set?.y ?? 0))).toBeLessThan(1);
      if (word !== 'Methods') expect(Math.abs((read?.x ?? 0) - (set?.x ?? 0))).toBeLessThan(2);
    }
    const [title, heading, body] = ['Judging', 'Methods', 'Pooling'].map((word) => runOf(word)?.size ?? 0);
    expect(Math.abs((title ?? 0) / (body ?? 1) - 1.8)).toBeLessThan(0.15);
    expect(Math.abs((heading ?? 0) / (body ?? 1) - 1.3)).toBeLessThan(0.15);
    expect(
      new Set(
        wordsOf(text)
          .slice(7)
          .map((run) => run.size),
      ).size,
    ).toBe(1);
  });

  it('is filled in where a document has it, and other pages are left as they are', async () => {
    const content = await readPdf(scan, signal);
    const withText = {
      ...content,
      pages: [...content.pages, { ...(content.pages[0] as (typeof content.pages)[0]), number: 2, hasImage: false }],
    };
    const { content: filled, recognised } = await readScannedPages(scan, withText, ocr, signal);
    expect(recognised).toEqual([{ page: 1, confidence: text.confidence }]);
    expect(filled.pages[0]).toMatchObject({ runs: text.runs, hasImage: false });
    expect(filled.pages[1]).toEqual(withText.pages[1]);
    expect(filled.fonts).toEqual([...content.fonts, { id: 'ocr', name: '' }]);
  });

  it('stays a scanned page when it cannot be read in time, and ends the call when that is aborted', async () => {
    const content = await readPdf(scan, signal);
    const slow = openOcr({ languages: ['eng'] }, { ...OCR_CAPS, wallMs: 1 });
    expect(await readScannedPages(scan, content, slow, signal)).toEqual({ content, recognised: [] });
    const controller = new AbortController();
    const reading = readScannedPages(scan, content, ocr, controller.signal);
    controller.abort(new Error('canceled by a person'));
    await expect(reading).rejects.toThrow('canceled by a person');
  });
});

describe('ocrPage', () => {
  const line = (text: string, { confidence = 0.95, xHeight = 20, y = 1_000, height = 40 } = {}): OcrLine => {
    const box = { x: 255, y: y - 30, width: text.length * 20, height };
    return { text, confidence, xHeight, baseline: y, box, words: [{ text, confidence, box }] };
  };
  /** 612 points are 2,550 pixels. */
  const read = (lines: OcrLine[], scan = simplePdf([[]])) =>
    ocrPage(scan, { number: 1, width: 612, height: 792 }, { engine: 'test@1', recognise: async () => lines }, signal);

  it('turns pixels into points from the lower left corner', async () => {
    const { runs, confidence } = await read([line('word')]);
    expect(runs).toEqual([
      {
        text: 'word',
        x: expect.closeTo(61.2),
        y: expect.closeTo(552),
        width: expect.closeTo(19.2),
        size: expect.closeTo(10),
        font: 'ocr',
      },
    ]);
    expect(confidence).toBeCloseTo(0.95);
  });

  it('keeps words apart, however narrow the gap', async () => {
    const [first, second] = [line('of'), line('various')];
    const { runs } = await read([{ ...first, words: [...first.words, ...second.words] }]);
    expect(runs.map((run) => run.text)).toEqual(['of', ' ', 'various']);
  });

  it('evens out small differences of size, which are of the reading, and keeps those of the setting', async () => {
    const prose = 'a long line of running text';
    const { runs } = await read([line('Heading', { xHeight: 25 }), line(prose), line('short', { xHeight: 21 })]);
    expect(runs.map((run) => run.size)).toEqual([12.5, 10, 10].map((size) => expect.closeTo(size)));
  });

  it('leaves out what is set sideways, and drawings that were taken for letters', async () => {
    const { runs } = await read([line('Percent', { height: 400 }), line('v|J', { confidence: 0.2 }), line('kept')]);
    expect(runs.map((run) => run.text)).toEqual(['kept']);
    expect(await read([])).toEqual({ runs: [], confidence: 0 });
  });

  it('counts from the pixels that were drawn, should a page be too long for all that were asked for', async () => {
    const long = Buffer.from(simplePdf([[]]).toString('latin1').replace('[0 0 612 792]', '[0 0 612 9999]'), 'latin1');
    const { runs } = await read([line('word')], long);
    expect(runs[0]?.x).toBeGreaterThan(61.3);
  });
});

describe('openOcr', () => {
  const ocr = openOcr({ languages: ['eng'] });

  it('says which engine it is', () => {
    expect(ocr.engine).toMatch(/^tesseract\.js@\d+\.\d+\.\d+$/);
  });

  it('says what to install when the data of a language are missing', () => {
    const languages = ['xyz'] as unknown as ['eng'];
    expect(() => openOcr({ languages })).toThrow('needs the packages tesseract.js and @tesseract.js-data/xyz');
  });

  it('finds no lines in an empty picture', async () => {
    const white = encode({ width: 200, height: 100, channels: 1, data: new Uint8Array(20_000).fill(255) });
    expect(await ocr.recognise(white, { signal })).toEqual([]);
  });

  it.each([
    ['words', Buffer.from('no picture at all')],
    ['nothing', Buffer.alloc(0)],
  ])('refuses what is no picture: %s', async (_what, bytes) => {
    await expect(ocr.recognise(bytes, { signal })).rejects.toMatchObject({ code: 'UNREADABLE_DOCUMENT' });
  });

  it('stops a picture that takes too long', async () => {
    const hasty = openOcr({ languages: ['eng'] }, { ...OCR_CAPS, wallMs: 1 });
    const white = encode({ width: 10, height: 10, channels: 1, data: new Uint8Array(100).fill(255) });
    await expect(hasty.recognise(white, { signal })).rejects.toThrow('longer than 0.001 seconds');
  });
});
