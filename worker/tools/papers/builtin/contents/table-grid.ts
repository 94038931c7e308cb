/**
 * Rows of positioned pieces → a grid of cells. Columns are the stretches that the body's rows share, between gaps that
 * next to no row crosses; a piece belongs to the column it overlaps most. Header lines are folded into one row, so that
 * "BLEU" over "EN-DE" and "EN-FR" heads both: "BLEU EN-DE", "BLEU EN-FR". Lines that only wrap a cell join the row before.
 */
import type { SetPiece, SetRow } from './table-region.js';

export interface GridCell {
  text: string;
  pieces: SetPiece[]; // empty for an empty cell
}

/** All rows are equally long; the first is the header. */
export interface Grid {
  rows: GridCell[][];
}

export interface Stretch {
  x: number;
  endX: number;
}

export function gridOf(setRows: readonly SetRow[]): Grid | null {
  const rows = setRows.map((row) => ({ ...row, pieces: row.pieces.flatMap(splitFigures) }));
  const columns = columnsOf(rows);
  if (columns.length < 2) return null;
  const placed = rows.map((row) => ({ ...row, cells: cellsOf(row.pieces, columns) }));
  const headerLines = headerLength(placed.map(({ cells }) => cells.map(textOf)));
  const header = foldHeader(rows.slice(0, headerLines), columns);
  const body = joinWrapped(placed.slice(headerLines));
  const grid = [...(headerLines > 0 ? [header] : []), ...body];
  return grid.length > 1 ? { rows: grid } : null;
}

/** Figures with a narrow gap between them are cells: "77.9% 68.7% 43.2%". Figures are all as wide, so the share tells where. */
function splitFigures(piece: SetPiece): SetPiece[] {
  const words = piece.text.split(' ');
  return words.length > 1 && words.every((word) => FIGURE.test(word)) ? wordsOf(piece) : [piece];
}

const FIGURE = /^[+\-−–]?(?:\d+(?:[.,]\d+)*|\.\d+)%?[*†‡]?$/;

/** The words of a piece, each where its share of the characters puts it. */
function wordsOf(piece: SetPiece): SetPiece[] {
  const width = (piece.endX - piece.x) / piece.text.length;
  let at = 0;
  return piece.text.split(' ').map((text) => {
    const x = piece.x + at * width;
    at += text.length + 1;
    return { ...piece, text, x, endX: x + text.length * width };
  });
}

const FULL_ROW = 0.5; // of the pieces that the fullest row has: shorter rows span columns or leave them empty
const CROSSED = 0.2; // of the full rows: a gap may be crossed by cells that span columns, by a group's heading
const MIN_GAP = 1; // points

/** Columns, from left to right. */
export function columnsOf(rows: readonly SetRow[]): Stretch[] {
  const most = Math.max(0, ...rows.map(({ pieces }) => pieces.length));
  const full = rows.filter(({ pieces }) => pieces.length >= Math.max(2, FULL_ROW * most));
  const tolerance = Math.floor(CROSSED * full.length);
  const edges = full.flatMap(({ pieces }) => pieces.flatMap(({ x, endX }) => [x, endX])).sort((a, b) => a - b);
  const columns: Stretch[] = [];
  let open: Stretch | undefined;
  for (let i = 0; i + 1 < edges.length; i++) {
    const [x, endX] = [edges[i] as number, edges[i + 1] as number];
    if (endX - x < 0.01) continue;
    const middle = (x + endX) / 2;
    const covering = full.filter(({ pieces }) =>
      pieces.some((piece) => piece.x < middle && middle < piece.endX),
    ).length;
    if (covering > tolerance) {
      if (open && x - open.endX < MIN_GAP) open.endX = endX;
      else {
        open = { x, endX };
        columns.push(open);
      }
    }
  }
  return withSparse(columns, full);
}

/** Columns that only few rows fill: figures that stand clear of all others. */
function withSparse(columns: readonly Stretch[], rows: readonly SetRow[]): Stretch[] {
  const sparse: Stretch[] = [];
  for (const { x, endX, text } of rows.slice(1).flatMap(({ pieces }) => pieces)) {
    if (!isNumeric(text) || columns.some((column) => overlap(column, { x, endX }) > -MIN_GAP)) continue;
    const met = sparse.find((column) => overlap(column, { x, endX }) > -MIN_GAP);
    if (!met) sparse.push({ x, endX });
    else Object.assign(met, { x: Math.min(met.x, x), endX: Math.max(met.endX, endX) });
  }
  return [...columns, ...sparse].sort((one, other) => one.x - other.x);
}

const COVERS = 0.6; // of a column's width: a piece that covers two of them is two cells set close

const overlap = (a: Stretch, b: Stretch): number => Math.min(a.endX, b.endX) - Math.max(a.x, b.x);

/** The column it overlaps most, or the nearest: an overlap below zero is a distance. */
const bestColumn = (piece: Stretch, columns: readonly Stretch[]): number =>
  columns.reduce(
    (best, column, index) => (overlap(piece, column) > overlap(piece, columns[best] as Stretch) ? index : best),
    0,
  );

function cellsOf(pieces: readonly SetPiece[], columns: readonly Stretch[]): GridCell[] {
  const cells = columns.map((): GridCell => ({ text: '', pieces: [] }));
  for (const piece of pieces) {
    const covered = columns.filter((column) => overlap(piece, column) > COVERS * (column.endX - column.x));
    const parts = covered.length > 1 ? wordsOf(piece) : [piece];
    for (const part of parts) add(cells[bestColumn(part, columns)] as GridCell, part);
  }
  return cells;
}

function add(cell: GridCell, piece: SetPiece): void {
  const isSplit = /\p{L}-$/u.test(cell.text) && /^\p{Ll}/u.test(piece.text);
  cell.text = isSplit ? cell.text.slice(0, -1) + piece.text : `${cell.text} ${piece.text}`.trim();
  cell.pieces.push(piece);
}

const textOf = ({ text }: GridCell): string => text;

const NUMERIC =
  /^[<>~≈≤≥]?\s?[+\-−–±(]?\s?(?:\d|\.\d)[\d\s.,:·×%±+\-−–()[\]/⁰¹²³⁴⁵⁶⁷⁸⁹⁻*†‡a-c]*(?:[KMB]|ms|s|h|GB|MB)?$/;
const EMPTY = /^[-–—.]*$/;
const HEADER_MAX = 6;

export const isNumeric = (text: string): boolean => NUMERIC.test(text);

/** How many leading rows name the columns: those before the first that is mostly figures; one where none is. */
function headerLength(rows: readonly string[][]): number {
  const isData = (cells: readonly string[]): boolean => {
    const rest = cells.slice(1).filter((text) => !EMPTY.test(text));
    return rest.length > 0 && rest.filter(isNumeric).length >= 0.4 * rest.length;
  };
  const first = rows.findIndex(isData);
  if (first >= 0 && first <= HEADER_MAX) return first;
  if (first > HEADER_MAX) return 0;
  const wraps = rows.findIndex((cells, index) => index > 0 && cells[0] !== ''); // a column's name may take two lines
  return Math.max(1, Math.min(wraps, HEADER_MAX));
}

const SPANS = 0.2; // of the narrower of both: a header that reaches that far over a column heads it

function foldHeader(rows: readonly SetRow[], columns: readonly Stretch[]): GridCell[] {
  const heads = columns.map((column) => ({ ...column })); // as wide as the names at their feet
  const folded = columns.map((): SetPiece[] => []);
  for (const { pieces } of [...rows].reverse()) {
    for (const piece of pieces) {
      const width = piece.endX - piece.x;
      const spanned = heads.flatMap((head, index) =>
        overlap(piece, head) >= SPANS * Math.min(width, head.endX - head.x) ? [index] : [],
      );
      const isFoot = spanned.length > 1 && spanned.every((index) => folded[index]?.length === 0);
      if (isFoot && piece.text.split(' ').length >= spanned.length) {
        for (const word of wordsOf(piece).reverse()) folded[bestColumn(word, columns)]?.unshift(word);
      } else
        for (const index of spanned.length > 0 ? spanned : [bestColumn(piece, columns)]) folded[index]?.unshift(piece);
    }
    widen(heads, pieces);
  }
  return folded.map((pieces) => {
    const cell: GridCell = { text: '', pieces: [] };
    for (const piece of pieces) add(cell, piece);
    return cell;
  });
}

/** A name that stands over one column only widens it for what is set above both. */
function widen(heads: readonly Stretch[], pieces: readonly SetPiece[]): void {
  for (const piece of pieces) {
    const met = heads.filter((head) => overlap(piece, head) > 0);
    const [only] = met;
    if (met.length === 1 && only) {
      only.x = Math.min(only.x, piece.x);
      only.endX = Math.max(only.endX, piece.endX);
    }
  }
}

interface PlacedRow extends SetRow {
  cells: GridCell[];
}

const TIGHT = 1.12; // of the smallest step between rows
const LOOSE = 1.15;

/**
 * Joins lines that only go on with cells of the row before: set tighter than rows are, or, where all steps are alike,
 * begun in lower case; and never with a cell where the row before has none.
 */
function joinWrapped(rows: readonly PlacedRow[]): GridCell[][] {
  const steps = rows.slice(1).map((row, i) => row.baseline - (rows[i] as PlacedRow).baseline);
  const tight = Math.min(...steps);
  const hasTwoSteps = steps.some((step) => step > LOOSE * tight * TIGHT);
  const joined: GridCell[][] = [];
  rows.forEach((row, i) => {
    const before = joined.at(-1);
    const step = steps[i - 1] ?? Infinity;
    if (before && goesOn(before, row, { isTight: step <= TIGHT * tight, hasTwoSteps })) {
      row.cells.forEach((cell, index) => {
        for (const piece of cell.pieces) add(before[index] as GridCell, piece);
      });
    } else joined.push(row.cells);
  });
  return joined;
}

function goesOn(
  before: readonly GridCell[],
  row: PlacedRow,
  steps: { isTight: boolean; hasTwoSteps: boolean },
): boolean {
  const filled = row.cells.flatMap((cell, index) => (cell.text === '' ? [] : [index]));
  if (filled.length === before.length) return false;
  const adds = filled.every((index) => before[index]?.text === '');
  if (adds && filled.length > 0 && isOffBaseline(before, row)) return true;
  if (filled.some((index) => before[index]?.text === '' || isNumeric((row.cells[index] as GridCell).text)))
    return false;
  if (steps.hasTwoSteps) return steps.isTight;
  return filled.every((index) => /^[\p{Ll}(&]/u.test((row.cells[index] as GridCell).text));
}

/** A label set at the middle of its group's height: it stands between two rows' baselines. */
const isOffBaseline = (before: readonly GridCell[], row: PlacedRow): boolean => {
  const last = before.flatMap(({ pieces }) => pieces).at(-1);
  return last !== undefined && row.baseline - last.line.baseline < 0.8 * row.size;
};
