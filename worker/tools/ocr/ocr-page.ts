/**
 * What a scanned page says, as text runs in points, so that the analysis of layout can go on from there as from a text
 * layer: the page is drawn, the picture read, and each word becomes a run on its line's baseline. The spaces between
 * become runs too, for the picture's reader knows where a word ends, however narrow the gap.
 *
 * Fails as drawing a page and reading a picture do.
 */
import { renderPage } from '../../../src/papers/page-image/render-page.js';
import type { PdfFont, PdfPage, PdfRun } from '../documents/pdf-page.js';
import type { OcrLine } from './ocr-line.js';
import type { OcrReader } from './open-ocr.js';

export interface OcrText {
  runs: PdfRun[]; // words and the spaces between them, in reading order, all of OCR_FONT
  confidence: number; // 0..1: the engine's own, averaged over characters; 0 without any
}

/** What a picture tells of its fonts is too little to go by: all recognised words share one. */
export const OCR_FONT: PdfFont = { id: 'ocr', name: '' };

const DOTS_PER_POINT = 300 / 72; // 300 dots an inch: what the engine's models were made for
const MAX_WIDTH_PX = 3_600; // of a picture; wider pages are read at fewer dots an inch
const MIN_CONFIDENCE = 0.4; // lines below are drawings that look like letters: 0.1–0.3 in charts, 0.8–0.97 in prose
const X_HEIGHT = 0.48; // of the font size: 0.46–0.50 in Times and its like, 0.52–0.55 in Helvetica and its like
const NEAR = 0.12; // of a size: what recognition is off by; headings differ by a sixth and more

/** `page`: its number from 1, and its size in points, as it is shown. */
export async function ocrPage(
  pdf: Uint8Array,
  page: Pick<PdfPage, 'number' | 'width' | 'height'>,
  ocr: OcrReader,
  signal: AbortSignal,
): Promise<OcrText> {
  const widthPx = Math.min(MAX_WIDTH_PX, Math.max(1, Math.round(page.width * DOTS_PER_POINT)));
  const png = await renderPage(pdf, { page: page.number, boxes: [], widthPx, signal });
  const lines = await ocr.recognise(png, { signal });
  return textOf(
    lines.filter((line) => line.confidence >= MIN_CONFIDENCE && isUpright(line)),
    page.width / pngWidth(png),
    page.height,
  );
}

/** A page may have been drawn narrower than it was asked for. */
const pngWidth = (png: Buffer): number => png.readUInt32BE(16); // the first field of the header, which is always first

/** Labels of axes are set sideways: a line of words is wider than high. */
const isUpright = ({ text, box }: OcrLine): boolean => text.length < 4 || box.width > box.height;

function textOf(lines: readonly OcrLine[], pointsPerPixel: number, pageHeight: number): OcrText {
  const sizes = lines.map((line) => (line.xHeight * pointsPerPixel) / X_HEIGHT);
  const usual = usualSize(lines, sizes);
  const runs = lines.flatMap(({ words, baseline }, index) => {
    const size = sizes[index] ?? usual;
    const set = {
      y: pageHeight - baseline * pointsPerPixel,
      size: Math.abs(size - usual) <= NEAR * usual ? usual : size,
      font: OCR_FONT.id,
    };
    return words.flatMap(({ text, box }, place): PdfRun[] => {
      const x = box.x * pointsPerPixel;
      const width = box.width * pointsPerPixel;
      const word = { ...set, text, x, width };
      return place < words.length - 1 ? [word, { ...set, text: ' ', x: x + width, width: 0 }] : [word];
    });
  });
  const words = lines.flatMap((line) => line.words);
  const characters = words.reduce((sum, word) => sum + word.text.length, 0);
  const certain = words.reduce((sum, word) => sum + word.text.length * word.confidence, 0);
  return { runs, confidence: characters === 0 ? 0 : certain / characters };
}

/** The size in which the middle one of all characters is set, by size. */
function usualSize(lines: readonly OcrLine[], sizes: readonly number[]): number {
  const ofCharacters = lines.flatMap((line, index) => Array<number>(line.text.length).fill(sizes[index] ?? 0));
  return ofCharacters.sort((a, b) => a - b)[Math.floor(ofCharacters.length / 2)] ?? 0;
}
