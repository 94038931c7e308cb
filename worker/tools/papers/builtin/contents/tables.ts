/** Tables: a caption and the cells that stand by it. A table set as a picture keeps its caption and has no rows. */
import type { PaperTable, PaperUncertainty, Place } from '../../../../../src/papers/structured-paper.js';
import type { Caption } from './captions.js';
import { around, type SetLine } from './page-lines.js';
import { type Grid, type GridCell, gridOf } from './table-grid.js';
import { type Region, regionsOf } from './table-region.js';

/** A table with where each cell was read from. */
export interface SetTable {
  table: PaperTable;
  grid: Grid | null;
  lines: SetLine[]; // of the cells
  placeOfCell: (cell: GridCell) => Place | null; // null for an empty cell
}

export function readTables(captions: readonly Caption[]): SetTable[] {
  const own = captions.filter(({ kind }) => kind === 'TABLE');
  const regions = regionsOf(own);
  return own.map((caption, index) => tableOf(caption, regions[index] ?? { rows: [], lines: [] }));
}

function tableOf(caption: Caption, { rows, lines }: Region): SetTable {
  const grid = gridOf(rows);
  const { label, text, startOffset, endOffset, page } = caption;
  const table: PaperTable = {
    label,
    caption: text === '' ? null : text,
    rows: grid?.rows.map((cells) => cells.map((cell) => cell.text)) ?? [],
    startOffset,
    endOffset,
    page: page.number,
    box: around(grid ? [...caption.lines, ...lines] : caption.lines),
  };
  return { table, grid, lines: grid ? lines : [], placeOfCell: placeOfPiece };
}

/** Where the first piece of a cell stands: its bytes on its line. */
function placeOfPiece({ pieces }: GridCell): Place | null {
  const [piece] = pieces;
  if (!piece) return null;
  const { line, text, x, endX } = piece;
  const before = Buffer.byteLength(line.text.slice(0, Math.max(0, line.text.indexOf(text))));
  const startOffset = Math.min(line.endOffset, line.startOffset + before);
  const endOffset = Math.min(line.endOffset, startOffset + Buffer.byteLength(text));
  const box = { x, y: line.box.y, width: endX - x, height: line.box.height };
  return { startOffset, endOffset, page: line.page, box };
}

export const doubtsOfTables = (tables: readonly SetTable[]): PaperUncertainty[] =>
  tables
    .filter(({ grid }) => grid === null)
    .map(({ table }) => ({
      code: 'TABLE_WITHOUT_CELLS',
      message: `${table.label ?? 'A table'}: only the caption could be read. Its cells may be a picture or set without gaps; look at the page.`,
      page: table.page,
    }));
