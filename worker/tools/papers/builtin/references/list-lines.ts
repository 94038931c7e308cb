/**
 * The lines of a document as a reference list is read from them: one after another down each column. A paragraph that was
 * put together across a column or page break carries lines that stand elsewhere; they are taken back to where they stand.
 * A document without pages has a line a paragraph, without a place.
 */
import type { DocumentLayout, DocumentLine, DocumentParagraph } from '../../../documents/document-layout.js';

export interface ListLine {
  text: string; // as set: hyphen included
  startOffset: number; // bytes of the document's text
  endOffset: number;
  paragraph: DocumentParagraph;
  isFirst: boolean; // of its paragraph
  set: LineSetting | null; // null without pages
}

/** Points; see DocumentLine. */
export interface LineSetting {
  page: number;
  x: number;
  endX: number;
  baseline: number;
  size: number;
  font: string;
  bold: boolean;
}

/** All lines of the document in the order in which columns are read. */
export function linesToRead(layout: DocumentLayout): ListLine[] {
  const lines: ListLine[] = [];
  const moved: ListLine[][] = [];
  for (const paragraph of layout.paragraphs) {
    const stretches = stretchesOf(paragraph);
    lines.push(...(stretches[0] ?? []));
    moved.push(...stretches.slice(1));
  }
  const upwards = moved.sort(
    ([a], [b]) => (b?.set?.page ?? 0) - (a?.set?.page ?? 0) || (b?.set?.baseline ?? 0) - (a?.set?.baseline ?? 0),
  );
  const homeless = upwards.filter((stretch) => !takeHome(stretch, lines, false));
  for (const stretch of homeless.reverse()) takeHome(stretch, lines, true);
  return lines;
}

/** A paragraph's lines, cut where the next one stands in another column or on another page. */
function stretchesOf(paragraph: DocumentParagraph): ListLine[][] {
  const { text, startOffset, endOffset, lines } = paragraph;
  if (lines.length === 0) return [[{ text, startOffset, endOffset, paragraph, isFirst: true, set: null }]];
  const stretches: ListLine[][] = [];
  lines.forEach((line, index) => {
    const listed = { ...lineOf(line, paragraph), isFirst: index === 0 };
    const open = stretches.at(-1);
    const last = open?.at(-1);
    if (open && last?.set && listed.set && !hasJumped(last.set, listed.set)) open.push(listed);
    else stretches.push([listed]);
  });
  return stretches;
}

const lineOf = (line: DocumentLine, paragraph: DocumentParagraph): ListLine => {
  const { text, startOffset, endOffset, page, box, baseline, size, font, bold } = line;
  const set = { page, x: box.x, endX: box.x + box.width, baseline, size, font, bold };
  return { text, startOffset, endOffset, paragraph, isFirst: false, set };
};

/** Another page or column: not further down, or far down. */
export function hasJumped(before: LineSetting, after: LineSetting): boolean {
  if (before.page !== after.page) return true;
  const drop = after.baseline - before.baseline;
  return drop < -0.5 * before.size || drop > 4 * before.size || after.x > before.endX + 6 * before.size;
}

/** Before the line right under it, else after the line right above it; where the text has it only when `anywhere`. */
function takeHome(stretch: readonly ListLine[], lines: ListLine[], anywhere: boolean): boolean {
  const first = stretch[0];
  const last = stretch.at(-1);
  if (!first?.set || !last?.set) return true;
  const under = nearest(lines, (set) => distance(last.set, set));
  const above = under === null ? nearest(lines, (set) => distance(set, first.set)) : null;
  const inText = lines.findIndex((line) => line.startOffset > first.startOffset);
  const home = under ?? (above === null ? null : above + 1) ?? (anywhere ? (inText < 0 ? lines.length : inText) : null);
  if (home === null) return false;
  lines.splice(home, 0, ...stretch);
  return true;
}

function nearest(lines: readonly ListLine[], distanceTo: (set: LineSetting) => number): number | null {
  let best: number | null = null;
  let least = Number.POSITIVE_INFINITY;
  lines.forEach(({ set }, index) => {
    const away = set ? distanceTo(set) : Number.POSITIVE_INFINITY;
    if (away < least) [best, least] = [index, away];
  });
  return best;
}

const REACH = 3.5; // of the font size: an entry's gap, and a line left out between

/** Points from the upper line to the lower one in the same column; infinite when they are no neighbours. */
function distance(upper: LineSetting | null, lower: LineSetting | null): number {
  if (!upper || !lower || upper.page !== lower.page) return Number.POSITIVE_INFINITY;
  const drop = lower.baseline - upper.baseline;
  const overlaps = upper.x < lower.endX && lower.x < upper.endX;
  return overlaps && drop > 0.3 * upper.size && drop < REACH * upper.size ? drop : Number.POSITIVE_INFINITY;
}

const SAME_COLUMN = 80; // points between left edges: wider than any indent, narrower than any column
const SAME_ROW = 0.5; // of the font size, between baselines

/**
 * Some files draw all labels of a column first, then the entries beside them. Where lines of one column step back up, they
 * are put in the order of their rows.
 */
export function inRows(lines: readonly ListLine[]): ListLine[] {
  const stepsBack = lines.some(({ set }, index) => {
    const before = lines[index - 1]?.set;
    return (
      before &&
      set &&
      set.page === before.page &&
      set.baseline < before.baseline - set.size &&
      Math.abs(set.x - before.x) < SAME_COLUMN
    );
  });
  if (!stepsBack) return [...lines];
  const pages = new Map<number, ListLine[]>();
  for (const line of lines) {
    const page = line.set?.page ?? 0;
    pages.set(page, [...(pages.get(page) ?? []), line]);
  }
  return [...pages.values()].flatMap((page) => {
    const edges = leftEdges(page);
    const columnOf = (line: ListLine): number => edges.filter((edge) => edge <= (line.set?.x ?? 0)).length;
    const rows = new Map(page.map((line) => [line, rowOf(line, page)]));
    const row = (line: ListLine): number => rows.get(line) ?? 0;
    return page.sort((a, b) => columnOf(a) - columnOf(b) || row(a) - row(b) || (a.set?.x ?? 0) - (b.set?.x ?? 0));
  });
}

/** The baseline; of a label alone, the one of the line beside it. */
function rowOf({ text, set }: ListLine, page: readonly ListLine[]): number {
  if (!set || !LABEL_ALONE.test(text)) return set?.baseline ?? 0;
  const beside = page.flatMap(({ set: other, text: words }) =>
    other && !LABEL_ALONE.test(words) && other.x > set.x && other.x - set.x < SAME_COLUMN ? [other.baseline] : [],
  );
  const away = (row: number): number => Math.abs(row - set.baseline);
  const nearest = beside.reduce((best, row) => (away(row) < away(best) ? row : best), Number.POSITIVE_INFINITY);
  return away(nearest) < SAME_ROW * set.size ? nearest : set.baseline;
}

const LABEL_ALONE = /^(?:\[\S{1,14}|\(?\d{1,4}[.)]?)$/;

function leftEdges(page: readonly ListLine[]): number[] {
  const edges: number[] = [];
  for (const x of page.map(({ set }) => set?.x ?? 0).sort((a, b) => a - b)) {
    if (edges.length === 0 || x - (edges.at(-1) ?? 0) > SAME_COLUMN) edges.push(x);
  }
  return edges;
}

/** Cut in two before the character at `index` of its text. */
export function cutLine(line: ListLine, index: number): [ListLine, ListLine] {
  const head = line.text.slice(0, index).trimEnd();
  const tail = line.text.slice(index).trimStart();
  const { set } = line;
  const share = index / Math.max(1, line.text.length);
  const x = set ? set.x + share * (set.endX - set.x) : 0;
  return [
    { ...line, text: head, endOffset: line.startOffset + Buffer.byteLength(head), set: set && { ...set, endX: x } },
    {
      ...line,
      text: tail,
      startOffset: line.endOffset - Buffer.byteLength(tail),
      isFirst: false,
      set: set && { ...set, x },
    },
  ];
}
