/**
 * What is set apart from the prose: tables and figures with their captions, found by where lines stand on pages, or as a
 * source without pages writes them. The prose reads on without these lines, wherever on the page they stand.
 */
import type { PaperFigure } from '../../../../../src/papers/structured-paper.js';
import type { PaperSource } from '../paper-source.js';
import { type Caption, captionsOf } from './captions.js';
import { figureLines } from './figure-region.js';
import { readFigures } from './figures.js';
import { type PageLines, pagesOf, type SetLine } from './page-lines.js';
import { readTables, type SetTable } from './tables.js';
import { unpagedFigures, unpagedTables } from './unpaged.js';

export interface SetApart {
  pages: PageLines[]; // empty without pages
  captions: Caption[];
  tables: SetTable[];
  figures: PaperFigure[];
  taken: ReadonlySet<SetLine>; // of captions and tables
  starts: ReadonlySet<number>; // offsets at which the lines of captions, tables and pictures begin
}

export function findSetApart({ text, layout }: PaperSource): SetApart {
  if (layout.pages.length === 0) {
    const { paragraphs } = layout;
    const [tables, figures] = [unpagedTables(paragraphs), unpagedFigures(paragraphs)];
    return { pages: [], captions: [], tables, figures, taken: new Set(), starts: new Set() };
  }
  const bytes = Buffer.from(text);
  const pages = pagesOf(layout);
  const captions = captionsOf(pages, (start, end) => bytes.toString('utf8', start, end));
  const tables = readTables(captions);
  const taken = new Set([...captions, ...tables].flatMap(({ lines }) => lines));
  const pictured = figureLines(captions, taken, layout.body);
  const starts = new Set([...taken, ...pictured].map(({ startOffset }) => startOffset));
  return { pages, captions, tables, figures: readFigures(captions), taken, starts };
}
