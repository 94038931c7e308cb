/** Pages set by hand, for tests: what the PDF reader's child gives, from text and where it stands. */

import { pdfText } from '../../../documents/pdf-layout/pdf-text.js';
import type { PdfContent, PdfPage, PdfRun } from '../../../documents/pdf-page.js';
import { type Caption, captionsOf } from './captions.js';
import { type PageLines, pagesOf } from './page-lines.js';

const WIDTH = 612;
const HEIGHT = 792;
const CHARACTER = 0.5; // of the font size: a width that no test depends on closely

/** Text at x and y, points from the page's upper left corner; 10 points large. */
export type Placed = [x: number, y: number, text: string, size?: number];

export function pageOf(placed: readonly Placed[], number = 1): PdfPage {
  const runs = placed.map(([x, y, text, size = 10]): PdfRun => {
    return {
      text,
      x,
      y: HEIGHT - y,
      width: text.length * size * CHARACTER,
      size,
      font: size === 10 ? 'body' : 'other',
    };
  });
  return { number, width: WIDTH, height: HEIGHT, runs, hasImage: false };
}

/** A paragraph of full lines between two margins, so that the page has running text. */
export function prose(y: number, { x = 100, lines = 4, width = 400 } = {}): Placed[] {
  const words = 'the quick brown animal jumps over some lazy other one and then it goes on its way home again today ';
  const characters = Math.floor(width / (10 * CHARACTER));
  return Array.from({ length: lines }, (_, i): Placed => {
    const text = words
      .repeat(3)
      .slice(i * 7, i * 7 + characters - 2)
      .trim();
    return [x, y + 12 * i, `${i === 0 ? `T${text}` : text}${i === lines - 1 ? 's.' : ''}`];
  });
}

export interface Typeset {
  pages: PageLines[];
  captions: Caption[];
  text: string;
  content: PdfContent;
}

export function typeset(...pages: readonly (readonly Placed[])[]): Typeset {
  const content: PdfContent = { title: null, fonts: [], pages: pages.map((placed, i) => pageOf(placed, i + 1)) };
  const layout = pdfText(content);
  const bytes = Buffer.from(layout.text);
  const set = pagesOf(layout);
  const captions = captionsOf(set, (start, end) => bytes.toString('utf8', start, end));
  return { pages: set, captions, text: layout.text, content };
}
