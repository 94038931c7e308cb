/**
 * The page that a paper's front matter stands on: where its title is, which column the matter is set in, and the cells
 * between the title and the text. What stands beside that column (dates, editors, licences) is kept apart.
 */
import type { DocumentLayout, DocumentLine, DocumentParagraph } from '../../../documents/document-layout.js';
import type { PaperSource } from '../paper-source.js';
import type { Span } from './stretch.js';

/** A stretch of a line without a wide gap. Points from the page's upper left corner. */
export interface Cell extends Span {
  text: string;
  x: number;
  endX: number;
  baseline: number;
  size: number;
  font: string;
  bold: boolean;
  italic: boolean;
}

export interface FrontPage {
  number: number;
  width: number;
  paragraphs: DocumentParagraph[]; // that begin on the page
  title: DocumentLine[]; // the title's lines; empty where it was not found
  left: number; // the column of title, abstract and text
  right: number;
  textSize: number; // of the running text, points
}

const WIDE = 1 / 3; // of the page's width: a line of running text, not of a margin's notes
const LAST_PAGE = 3; // covers and notices may come before the page with the title

export function frontPage(source: PaperSource, title: string | null): FrontPage | null {
  const { layout } = source;
  if (layout.pages.length === 0) return null;
  const found = title ? pagesWith(title, layout) : [];
  const { number, lines } = found.find((page) => page.isText) ?? found[0] ?? { number: 1, lines: [] };
  const paragraphs = onPage(layout.paragraphs, number);
  const width = layout.pages[number - 1]?.width ?? 612;
  const wide = paragraphs
    .flatMap((paragraph) => paragraph.lines)
    .filter((line) => line.page === number && line.box.width > WIDE * width);
  const main = [...lines, ...wide];
  const left = Math.min(...main.map(({ box }) => box.x), width / 2);
  const right = rightOf(lines, main, width);
  return { number, width, paragraphs, title: lines, left, right, textSize: layout.body?.size ?? 10 };
}

interface TitledPage {
  number: number;
  lines: DocumentLine[];
  isText: boolean; // it holds running text: repositories put covers before the paper that print its title as well
}

function pagesWith(title: string, { paragraphs, pages, body }: DocumentLayout): TitledPage[] {
  return pages.slice(0, LAST_PAGE).flatMap(({ number }) => {
    const own = onPage(paragraphs, number);
    const lines = titleLines(own, title);
    const isHeader = number > 1 && (lines[0]?.size ?? 0) < LARGER * (body?.size ?? 0);
    return lines.length === 0 || isHeader ? [] : [{ number, lines, isText: own.some(isRunningText) }];
  });
}

const LARGER = 1.15; // than the running text

/** A title over the left of two columns heads that column only: what stands right of it is text. */
function rightOf(title: readonly DocumentLine[], main: readonly DocumentLine[], width: number): number {
  const end = Math.max(0, ...title.map(endOf));
  const isLeft = title.length > 0 && end < 0.55 * width && Math.min(...title.map(({ box }) => box.x)) < 0.2 * width;
  const own = isLeft ? main.filter(({ box }) => box.x < end) : main;
  return Math.max(...own.map(endOf), width / 2);
}

const endOf = ({ box }: DocumentLine): number => box.x + box.width;

const onPage = (paragraphs: readonly DocumentParagraph[], page: number): DocumentParagraph[] =>
  paragraphs.filter(({ lines }) => lines[0]?.page === page);

export const squeeze = (text: string): string =>
  text
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '');

/** The largest lines that, one after another, spell the title. */
function titleLines(paragraphs: readonly DocumentParagraph[], title: string): DocumentLine[] {
  const wanted = squeeze(title);
  if (wanted === '') return [];
  const lines = paragraphs.flatMap((paragraph) => paragraph.lines);
  let best: DocumentLine[] = [];
  lines.forEach((first, index) => {
    const found: DocumentLine[] = [];
    let rest = wanted;
    for (const line of lines.slice(index)) {
      const text = squeeze(line.text);
      if (text === '' || rest === '') break;
      if (rest.startsWith(text)) rest = rest.slice(text.length);
      else if (text.startsWith(rest)) rest = '';
      else break;
      found.push(line);
    }
    const isWhole = rest.length <= 0.1 * wanted.length;
    if (isWhole && found.length > 0 && first.size > (best[0]?.size ?? 0) * 1.01) best = found;
  });
  return best;
}

export const bottomOf = ({ title }: FrontPage): number => Math.max(0, ...title.map((line) => line.baseline));

/** Whether a line stands in a margin, beside the column of the text. */
export const isAside = ({ left, right }: FrontPage, { box }: Pick<DocumentLine, 'box'>): boolean =>
  box.x + box.width < left + 4 || box.x > right - 4;

/** Sentences: long, and mostly of small words. */
export function isRunningText({ text, lines }: DocumentParagraph): boolean {
  const words = text.match(/\p{L}+/gu) ?? [];
  return (
    lines.length > 3 && words.length > 40 && words.filter((word) => /^\p{Ll}/u.test(word)).length > 0.65 * words.length
  );
}

const MAX_LINES = 300; // of names and addresses
const CELL_GAP = 1.1; // of the font size: wider than a list's word space

/** The page's lines below the title and above `bottom` (points), cut at wide gaps, from the top, each row from the left. */
export function cellsBetween(page: FrontPage, bytes: Buffer, bottom: number): Cell[] {
  const top = bottomOf(page);
  const lines = page.paragraphs
    .filter((paragraph) => !isRunningText(paragraph))
    .flatMap((paragraph) => paragraph.lines)
    .filter((line) => line.page === page.number && !isAside(page, line) && !page.title.includes(line))
    .filter((line) => line.baseline > top + 1 && line.baseline < bottom - 1);
  return lines
    .slice(0, MAX_LINES)
    .flatMap((line) => cellsOf(line, bytes))
    .sort((a, b) => (Math.abs(a.baseline - b.baseline) < 0.3 * a.size ? a.x - b.x : a.baseline - b.baseline));
}

function cellsOf(line: DocumentLine, bytes: Buffer): Cell[] {
  const { baseline, size, font, bold, italic } = line;
  const look = { baseline, size, font, bold, italic };
  const whole = bytes.subarray(line.startOffset, line.endOffset).toString('utf8');
  const all = { ...look, text: whole, x: line.box.x, endX: line.box.x + line.box.width };
  const cells: Cell[] = [];
  let at = 0;
  for (const piece of line.pieces) {
    const index = whole.indexOf(piece.text, at);
    if (index < 0) return [{ ...all, startOffset: line.startOffset, endOffset: line.endOffset }];
    const startOffset = line.startOffset + Buffer.byteLength(whole.slice(0, index));
    const endOffset = startOffset + Buffer.byteLength(piece.text);
    at = index + piece.text.length;
    const last = cells.at(-1);
    const isApart = last && piece.x - last.endX > CELL_GAP * size && !goesOn(last.text, piece.text);
    if (last && !isApart) {
      last.text = bytes.subarray(last.startOffset, endOffset).toString('utf8');
      last.endX = piece.endX;
      last.endOffset = endOffset;
    } else cells.push({ ...look, text: piece.text, x: piece.x, endX: piece.endX, startOffset, endOffset });
  }
  return cells;
}

/** A list goes on over a gap that a mark or a comma opens. */
const goesOn = (before: string, after: string): boolean =>
  /(?:[,;·&]|\band|[*†‡§])$/.test(before) ||
  /^(?:[,;·&⁰¹²³⁴⁵⁶⁷⁸⁹*∗†‡§]|and\b|[a-z]?[,*]|\d{1,2}(?:\s|,|$))/u.test(after);
