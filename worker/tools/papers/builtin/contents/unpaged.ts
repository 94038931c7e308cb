/**
 * Tables, figures and equations of a source without pages (LaTeX, Markdown): they are written out in the text, rows between
 * bars, formulas as their source has them, captions as paragraphs of their own.
 */
import type { PaperEquation, PaperFigure, Place } from '../../../../../src/papers/structured-paper.js';
import type { DocumentParagraph } from '../../../documents/document-layout.js';
import type { GridCell } from './table-grid.js';
import type { SetTable } from './tables.js';

const CAPTION = /^(T(?:able|ABLE)|F(?:ig(?:ure|\.)?|IGURE|IG\.))\s*([A-Z]?\d+(?:\.\d+)*|[IVXL]+)\s*[.:|–—-]*\s*/;
const ROW = /^\s*\|.*\|\s*$/;
const RULE_ROW = /^[\s|:-]+$/;

const isTable = ({ role, text }: DocumentParagraph): boolean =>
  role === 'FRAGMENT' && ROW.test(text.split('\n')[0] ?? '');

interface Label {
  label: string | null;
  caption: string | null;
}

export function unpagedTables(paragraphs: readonly DocumentParagraph[]): SetTable[] {
  return paragraphs.flatMap((paragraph, index) => {
    if (!isTable(paragraph)) return [];
    const { startOffset, endOffset } = paragraph;
    const places = new Map<GridCell, Place>();
    const rows = rowsOf(paragraph, places);
    const table = { ...captionBy(paragraphs, index), rows: rows.map((row) => row.map(({ text }) => text)) };
    return [
      {
        table: { ...table, startOffset, endOffset, page: null, box: null },
        grid: rows.length > 0 ? { rows } : null,
        lines: [],
        placeOfCell: (cell) => places.get(cell) ?? null,
      },
    ];
  });
}

/** The caption before the table, else the one after it. */
function captionBy(paragraphs: readonly DocumentParagraph[], index: number): Label {
  for (const near of [paragraphs[index - 1], paragraphs[index + 1]]) {
    const match = near ? CAPTION.exec(near.text) : null;
    if (!near || !match || !/^t/i.test(match[1] ?? '')) continue;
    const isCaption = near.role === 'CAPTION' || /^\S+\s*\S+\s*[.:|]/.test(near.text);
    if (isCaption) return { label: `Table ${match[2]}`, caption: near.text.slice(match[0].length).trim() || null };
  }
  return { label: null, caption: null };
}

function rowsOf({ text, startOffset }: DocumentParagraph, places: Map<GridCell, Place>): GridCell[][] {
  const rows: GridCell[][] = [];
  let at = 0;
  for (const line of text.split('\n')) {
    const start = at;
    at += line.length + 1;
    if (!ROW.test(line) || RULE_ROW.test(line)) continue;
    let from = line.indexOf('|') + 1;
    const cells: GridCell[] = [];
    for (const part of line.slice(from, line.lastIndexOf('|')).split(/(?<!\\)\|/)) {
      const cell = { text: part.trim(), pieces: [] };
      const begins = start + from + (part.length - part.trimStart().length);
      const first = startOffset + Buffer.byteLength(text.slice(0, begins));
      places.set(cell, { startOffset: first, endOffset: first + Buffer.byteLength(cell.text), page: null, box: null });
      cells.push(cell);
      from += part.length + 1;
    }
    rows.push(cells);
  }
  return rows;
}

export const unpagedFigures = (paragraphs: readonly DocumentParagraph[]): PaperFigure[] =>
  paragraphs.flatMap(({ role, text, startOffset, endOffset }) => {
    const match = role === 'CAPTION' ? CAPTION.exec(text) : null;
    if (!match || !/^f/i.test(match[1] ?? '')) return [];
    const caption = text.slice(match[0].length).trim();
    return [{ label: `Figure ${match[2]}`, caption, startOffset, endOffset, page: null, box: null }];
  });

const NUMBER = /\s*\(((?:[A-Z]\.?)?\d+(?:\.\d+)*[a-z]?)\)$/;

/** Formulas as written: with a number at the end, or in the language of TeX. Lines of code are neither. */
export const unpagedEquations = (paragraphs: readonly DocumentParagraph[]): PaperEquation[] =>
  paragraphs.flatMap((paragraph) => {
    const { role, text, startOffset, endOffset } = paragraph;
    if (role !== 'FRAGMENT' || isTable(paragraph)) return [];
    const number = NUMBER.exec(text)?.[1] ?? null;
    const body = text.replace(NUMBER, '').trim();
    const isFormula =
      /[=<>]|\\(?:le|ge|approx|sim|to|in|sum|int)\b/.test(body) && (number !== null || /\\[A-Za-z]+|\^/.test(body));
    return isFormula ? [{ number, text: body, startOffset, endOffset, page: null, box: null }] : [];
  });
