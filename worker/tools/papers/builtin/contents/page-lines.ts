/**
 * The lines of a page with what they belong to, and the columns that its running text is set in. Tables, equations and
 * captions are found by where lines stand; this is the ground they are found on.
 */
import type { Box } from '../../../../../src/papers/structured-paper.js';
import type { DocumentLayout, DocumentLine, DocumentParagraph } from '../../../documents/document-layout.js';

export interface SetLine extends DocumentLine {
  paragraph: DocumentParagraph;
  isProse: boolean; // of running text, as wide as its column
  endX: number;
}

/** A column of running text, points from the page's left edge. */
export interface Column {
  left: number;
  right: number;
}

export interface PageLines {
  number: number;
  width: number;
  height: number;
  lines: SetLine[]; // in reading order
  columns: Column[]; // one or two; the whole page's width where there is no running text
}

const MAX_LINES = 3_000; // a newspaper's page has a third of it: more is a drawing or an attack, and has no tables

export function pagesOf(layout: DocumentLayout): PageLines[] {
  const byPage = new Map<number, SetLine[]>();
  for (const paragraph of layout.paragraphs) {
    for (const line of paragraph.lines) {
      const set = { ...line, paragraph, isProse: false, endX: line.box.x + line.box.width };
      const lines = byPage.get(line.page);
      if (lines) lines.push(set);
      else byPage.set(line.page, [set]);
    }
  }
  return layout.pages.map(({ number, width, height }) => {
    const all = byPage.get(number) ?? [];
    const lines = all.length > MAX_LINES ? [] : all;
    const columns = columnsOf(lines, width);
    for (const line of lines) line.isProse = isProse(line, columnAt(columns, line), layout.body?.size ?? 0);
    return { number, width, height, lines, columns };
  });
}

const PROSE_LINE = 0.25; // of the page's width: shorter lines say nothing of columns
const MANY = 5; // lines on either side
const SLACK = 8; // points over the middle

function columnsOf(lines: readonly SetLine[], width: number): Column[] {
  const long = lines.filter(
    ({ box, pieces, paragraph }) =>
      pieces.length === 1 &&
      box.width > PROSE_LINE * width &&
      paragraph.lines.length > 1 &&
      paragraph.role !== 'CAPTION',
  );
  const middle = width / 2;
  const left = long.filter((line) => line.endX < middle + SLACK && line.box.x < middle - SLACK);
  const right = long.filter((line) => line.box.x > middle - SLACK);
  const across = long.length - left.length - right.length;
  const isTwo = left.length >= MANY && right.length >= MANY && across < left.length + right.length;
  if (isTwo) return [spanOf(left), spanOf(right)];
  return [long.length > 0 ? spanOf(long) : { left: 0, right: width }];
}

const spanOf = (lines: readonly SetLine[]): Column => ({
  left: Math.min(...lines.map((line) => line.box.x)),
  right: Math.max(...lines.map((line) => line.endX)),
});

/** The column that the line's middle stands in, or the nearest. */
export function columnAt(columns: readonly Column[], { box }: Pick<SetLine, 'box'>): Column {
  const middle = box.x + box.width / 2;
  const distance = ({ left, right }: Column): number => Math.max(left - middle, middle - right, 0);
  return columns.reduce((best, column) => (distance(column) < distance(best) ? column : best));
}

// Of the column's width, of a paragraph's widest line:
const FULL = 0.75;
const NARROWED = 0.45; // beside a picture or a table that the text flows around: longer paragraphs in the text's size
const SAME_SIZE = 0.04;

function isProse({ paragraph, pieces }: SetLine, column: Column, bodySize: number): boolean {
  if (paragraph.role !== 'PARAGRAPH') return false;
  const { lines, text } = paragraph;
  const whole = lines.filter((line) => line.pieces.length === 1 || isLoose(line)).length;
  if (whole < 0.6 * lines.length || (pieces.length > 2 && lines.length < 3)) return false;
  const share = Math.max(...lines.map((line) => line.box.width)) / (column.right - column.left);
  const isBody = lines.length > 2 && lines.every(({ size }) => Math.abs(size - bodySize) < SAME_SIZE * bodySize);
  if (share < (isBody ? NARROWED : FULL)) return false;
  return lines.length > 1 || (/[.!?:]["”’)\]]*$/.test(text) && text.split(' ').length > 7);
}

const EVEN = 0.3; // of the font size: the gaps of a line that is spread over its measure are all alike

function isLoose({ pieces, size }: DocumentLine): boolean {
  const gaps = pieces.slice(1).map(({ x }, i) => x - (pieces[i]?.endX ?? x));
  return gaps.length > 2 && Math.max(...gaps) - Math.min(...gaps) < EVEN * size;
}

/** The box around whole lines. */
export function around(lines: readonly SetLine[]): Box {
  const x = Math.min(...lines.map(({ box }) => box.x));
  const y = Math.min(...lines.map(({ box }) => box.y));
  const width = Math.max(...lines.map(({ endX }) => endX)) - x;
  const height = Math.max(...lines.map(({ box }) => box.y + box.height)) - y;
  return { x: round(x), y: round(y), width: round(width), height: round(height) };
}

const round = (points: number): number => Math.round(points * 100) / 100;
