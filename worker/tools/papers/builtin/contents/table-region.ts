/**
 * Which lines of a page are a table: from its caption outwards, row by row, until running text, another caption or white
 * space ends it. Some journals set captions above, some below; the document as a whole tells which, where one table could
 * be read both ways.
 */
import type { Caption } from './captions.js';
import { type Column, columnAt, type SetLine } from './page-lines.js';

/** The pieces of all lines on one baseline, from left to right. */
export interface SetRow {
  baseline: number;
  size: number;
  pieces: SetPiece[];
}

export interface SetPiece {
  text: string;
  x: number;
  endX: number;
  line: SetLine;
}

export interface Region {
  rows: SetRow[]; // from the top
  lines: SetLine[];
}

export type Side = 'BELOW' | 'ABOVE';

/** The rows beside each caption; empty where nothing on either side is set like a table. */
export function regionsOf(captions: readonly Caption[]): Region[] {
  const isTaken = new Set(captions.flatMap(({ lines }) => lines));
  const both = captions.map((caption) => ({
    BELOW: regionOf(caption, 'BELOW', isTaken),
    ABOVE: regionOf(caption, 'ABOVE', isTaken),
  }));
  const sure = both.filter(({ BELOW, ABOVE }) => isTabular(BELOW) !== isTabular(ABOVE));
  const below = sure.filter(({ BELOW }) => isTabular(BELOW)).length;
  const first: Side = below * 2 >= sure.length ? 'BELOW' : 'ABOVE';
  const second: Side = first === 'BELOW' ? 'ABOVE' : 'BELOW';
  return both.map((sides) => {
    const side = isTabular(sides[first]) ? first : second;
    return isTabular(sides[side]) ? sides[side] : { rows: [], lines: [] };
  });
}

const MIN_ROWS = 2;

const isTabular = ({ rows }: Region): boolean => rows.filter(({ pieces }) => pieces.length > 1).length >= MIN_ROWS;

// Of the table's font size, between baselines:
const MAX_STEP = 3.2; // a rule with space around it between two groups of rows
const FIRST_STEP = 5; // from the caption
const SAME_ROW = 0.35;

function regionOf(caption: Caption, side: Side, isTaken: ReadonlySet<SetLine>): Region {
  const band = bandOf(caption);
  const isWithin = ({ box }: SetLine): boolean => {
    const middle = box.x + box.width / 2;
    return band.left < middle && middle < band.right;
  };
  const lines = caption.page.lines.filter(isWithin);
  const edge = side === 'BELOW' ? lastOf(caption).baseline : (caption.lines[0] as SetLine).baseline;
  const beyond = lines.filter((line) => (side === 'BELOW' ? line.baseline > edge + 1 : line.baseline < edge - 1));
  const rows = rowsOf(beyond);
  if (side === 'ABOVE') rows.reverse();
  const found: SetRow[] = [];
  let last = edge;
  for (const row of rows) {
    const step = Math.abs(row.baseline - last);
    if (step > (found.length === 0 ? FIRST_STEP : MAX_STEP) * row.size || ends(row, found, isTaken)) break;
    found.push(row);
    last = row.baseline;
  }
  while (found.length > 0 && isLoose(found.at(-1) as SetRow)) found.pop();
  if (side === 'ABOVE') found.reverse();
  return { rows: found, lines: [...new Set(found.flatMap(({ pieces }) => pieces.map(({ line }) => line)))] };
}

const lastOf = ({ lines }: Caption): SetLine => lines.at(-1) as SetLine;

/** The column that the caption stands in, or the page where it is set across. */
export function bandOf({ page, lines }: Caption): Column {
  const whole = { left: 0, right: page.width };
  const first = lines[0] as SetLine;
  const own = columnAt(page.columns, first);
  if (page.columns.length === 1) return beside(page.lines, first, whole);
  const gutter = ((page.columns[0] as Column).right + (page.columns[1] as Column).left) / 2;
  const isWide = lines.some((line) => line.box.x < gutter - 12 && line.endX > gutter + 12);
  if (isWide || crosses(page.lines, lastOf({ lines } as Caption), gutter)) return whole;
  return own.left < gutter && own.right <= gutter + 12
    ? { left: 0, right: gutter }
    : { left: gutter, right: page.width };
}

/** A table beside running text, as some styles wrap it: the text is not the table's. */
function beside(lines: readonly SetLine[], caption: SetLine, whole: Column): Column {
  const near = lines.filter((line) => line.isProse && Math.abs(line.baseline - caption.baseline) < 8 * caption.size);
  const left = Math.max(0, ...near.filter((line) => line.endX < caption.box.x + 1).map((line) => line.endX));
  const right = Math.min(
    whole.right,
    ...near.filter((line) => line.box.x > caption.endX - 1).map((line) => line.box.x),
  );
  return { left: left > 0 ? left + 2 : 0, right };
}

const REACH = 6; // rows under the caption that tell whether the table is set across both columns

/** The rows right under a short caption go on over the gutter. */
function crosses(lines: readonly SetLine[], caption: SetLine, gutter: number): boolean {
  const under = lines.filter(
    (line) => line.baseline > caption.baseline + 1 && line.baseline < caption.baseline + REACH * 1.6 * caption.size,
  );
  const cells = under.filter((line) => line.isCell && !line.isProse);
  const over = cells.filter((cell) => {
    const before = under[under.indexOf(cell) - 1];
    return cell.box.x > gutter && before && before.box.x < gutter && Math.abs(before.baseline - cell.baseline) < 2;
  });
  return (
    over.length >= MIN_ROWS ||
    under.filter((line) => !line.isProse && line.box.x < gutter - 24 && line.endX > gutter + 24).length >= MIN_ROWS
  );
}

/** Lines → rows by baseline, from the top. */
export function rowsOf(lines: readonly SetLine[]): SetRow[] {
  const rows: SetRow[] = [];
  for (const line of [...lines].sort((a, b) => a.baseline - b.baseline)) {
    const row = rows.at(-1);
    const pieces = line.pieces.map((piece) => ({ ...piece, line }));
    if (row && line.baseline - row.baseline < SAME_ROW * Math.max(row.size, line.size)) row.pieces.push(...pieces);
    else rows.push({ baseline: line.baseline, size: line.size, pieces });
  }
  for (const row of rows) row.pieces.sort((a, b) => a.x - b.x);
  return rows;
}

function ends({ pieces }: SetRow, found: readonly SetRow[], isTaken: ReadonlySet<SetLine>): boolean {
  if (pieces.some(({ line }) => isTaken.has(line))) return true;
  const prose = pieces.filter(({ line }) => line.isProse);
  if (prose.length > 0 && prose.length >= pieces.length / 2) return true;
  const only = pieces.length === 1 ? pieces[0]?.line : undefined;
  if (only?.paragraph.role !== 'HEADING' || found.length === 0) return false;
  const body = found.at(-1) as SetRow;
  return only.size > 1.05 * body.size || /^\d+(?:\.\d+)*\.? \p{Lu}/u.test(only.text);
}

/** A note under the table, a stray mark: not a row. */
const isLoose = ({ pieces }: SetRow): boolean => pieces.length === 1;
