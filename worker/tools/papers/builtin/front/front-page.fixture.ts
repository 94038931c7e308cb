/** Sets pages as a typesetter does, without a PDF: runs with places and fonts, read by the product's own layout. */
import { pdfText } from '../../../documents/pdf-layout/pdf-text.js';
import type { PdfFont, PdfRun } from '../../../documents/pdf-page.js';
import type { PaperSource } from '../paper-source.js';

export interface SetText {
  text: string; // "Jane Roe^{1,2}": the braces' content is raised and smaller
  x: number; // points from the left edge
  y: number; // of the baseline, from the top
  size?: number;
  font?: keyof typeof FONTS;
}

const FONTS = { roman: 'Times-Roman', bold: 'Times-Bold', italic: 'Times-Italic' };
const WIDTH = 612;
const HEIGHT = 792;
const CHAR = 0.46; // of the font size

export interface SetOptions {
  title?: string; // of the file's metadata
}

export function paperOf(pages: readonly (readonly SetText[])[], { title }: SetOptions = {}): PaperSource {
  const fonts: PdfFont[] = Object.entries(FONTS).map(([id, name]) => ({ id, name }));
  const content = {
    title: title ?? null,
    fonts,
    pages: pages.map((texts, index) => ({
      number: index + 1,
      width: WIDTH,
      height: HEIGHT,
      hasImage: false,
      runs: texts.flatMap(runsOf),
    })),
  };
  const { text, title: found, headings, pageSpans: _, ...layout } = pdfText(content);
  const lines = layout.paragraphs.flatMap((paragraph) =>
    paragraph.lines.map(({ startOffset, endOffset, page, box }) => ({ startOffset, endOffset, page, box })),
  );
  return { text, title: found ?? null, headings, layout: { ...layout, recognised: [] }, lines };
}

function runsOf({ text, x, y, size = 10, font = 'roman' }: SetText): PdfRun[] {
  let at = x;
  return text
    .split(/(\^\{[^}]*\})/)
    .filter((part) => part !== '')
    .map((part) => {
      const raised = /^\^\{([^}]*)\}$/.exec(part)?.[1];
      const own = raised === undefined ? size : 0.65 * size;
      const set = raised ?? part;
      const width = set.length * CHAR * own;
      const run = {
        text: set,
        x: at,
        y: HEIGHT - y + (raised === undefined ? 0 : 0.35 * size),
        width,
        size: own,
        font,
      };
      at += width;
      return run;
    });
}

const SENTENCE =
  'the measured values of every sample were compared with those that a simple model of the process would predict and the difference was small. ';

/** Running text: `count` lines in a column, 12 points apart. */
export function prose(count: number, { x = 72, y = 400, width = 468, size = 10, opening = '' } = {}): SetText[] {
  const perLine = Math.floor(width / (CHAR * size));
  const all = `${opening}${opening === '' ? 'T' : 't'}${SENTENCE.slice(1)}${'Then '.concat(SENTENCE).repeat(40)}`;
  const words = all.split(' ');
  const lines: SetText[] = [];
  let line = '';
  for (const word of words) {
    if (lines.length === count) break;
    if (`${line} ${word}`.trim().length > perLine) {
      lines.push({ text: line, x, y: y + 12 * lines.length, size });
      line = word;
    } else line = `${line} ${word}`.trim();
  }
  const last = lines.at(-1);
  if (last) last.text = last.text.replace(/[.,]?$/, '.');
  return lines;
}

export const centred = (
  text: string,
  y: number,
  { size = 10, font = 'roman' as keyof typeof FONTS, middle = WIDTH / 2 } = {},
): SetText => ({
  text,
  x: middle - (text.replace(/\^\{[^}]*\}/g, '').length * CHAR * size) / 2,
  y,
  size,
  font,
});
