/** Finds what a page carries besides its text: running headers and footers, page numbers, line numbers. */
import { withoutLineNumbers } from './line-numbers.js';
import type { Line } from './lines.js';
import { isPageNumber, pageNumbersOf } from './page-numbers.js';

export interface PageLines {
  number: number;
  height: number;
  lines: Line[];
}

const HEADER_BAND = 0.12; // of the page's height
const FOOTER_BAND = 0.12;
const ROW_GAP = 2; // of the font size: a header as far from the text is one wherever the margins are
const MIN_REPEATS = 2;
const REPEAT_SHARE = 0.3; // of the pages: left and right pages may carry different headers
const SURE_REPEATS = 4; // of words at one height, in a long document whose headers change with the chapter

/** The pages without their furniture. */
export function withoutFurniture(pages: readonly PageLines[]): PageLines[] {
  const body = 1.15 * (median(pages.flatMap((page) => page.lines.map(({ size }) => size))) ?? 10);
  const repeats = new Map<string, Set<number>>();
  const edges = new Map(pages.map((page) => [page.number, edgesOf(page)]));
  const isOuter = (line: Line, page: PageLines): boolean =>
    isInBand(line, page) || edges.get(page.number)?.some((y) => Math.abs(line.y - y) < 2) === true;
  for (const page of pages) {
    for (const line of page.lines) {
      if (!isOuter(line, page)) continue;
      const key = keyOf(line);
      repeats.set(key, (repeats.get(key) ?? new Set()).add(page.number));
    }
  }
  const needed = Math.max(MIN_REPEATS, Math.min(12, Math.ceil(pages.length * REPEAT_SHARE)));
  const numbered = numberedRows(pages, edges);
  const isRepeated = (line: Line): boolean => {
    const count = repeats.get(keyOf(line))?.size ?? 0;
    return count >= needed || (count >= SURE_REPEATS && /\p{L}{4}/u.test(line.text) && line.size <= body);
  };
  const isFurniture = (line: Line, page: PageLines): boolean =>
    isOuter(line, page) &&
    (isCount(line.text) ||
      (!isPageNumber(line.text) && isRepeated(line)) ||
      (line.size <= body && numbered.has(rowKey(line, page))));
  const open = withoutLineNumbers(
    pages.map((page) => ({ ...page, lines: page.lines.filter((line) => !isFurniture(line, page)) })),
  );
  const outer = (page: PageLines) => ({ ...page, isOuter: (line: Line) => isOuter(line, page) });
  const numbers = pageNumbersOf(open.map(outer), pages.map(outer));
  return open.map((page) => ({ ...page, lines: page.lines.filter((line) => !numbers.has(line)) }));
}

const rowKey = (line: Line, page: PageLines): string => `${page.number} ${Math.round(line.y / 2)}`;

/** Rows on a page's edge that hold its number: printed numbers and pages count up together. */
function numberedRows(pages: readonly PageLines[], edges: ReadonlyMap<number, number[]>): ReadonlySet<string> {
  const byShift = new Map<number, string[]>();
  for (const page of pages) {
    for (const line of page.lines) {
      if (!/^\d{1,4}$/.test(line.text) || !edges.get(page.number)?.some((y) => Math.abs(line.y - y) < 2)) continue;
      const shift = Number(line.text) - page.number;
      byShift.set(shift, [...(byShift.get(shift) ?? []), rowKey(line, page)]);
    }
  }
  const best = [...byShift.values()].reduce<string[]>((most, rows) => (rows.length > most.length ? rows : most), []);
  return new Set(best.length >= MIN_NUMBERED ? best : []);
}

const MIN_NUMBERED = 3; // pages

function median(values: readonly number[]): number | undefined {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}

/** The baselines of the first and the last row of a page, as far as each stands apart from the next. */
function edgesOf({ lines }: PageLines): number[] {
  const first = Math.max(...lines.map(({ y }) => y));
  const last = Math.min(...lines.map(({ y }) => y));
  const isApart = (edge: number): boolean =>
    lines.every(({ y, size }) => Math.abs(y - edge) < 2 || Math.abs(y - edge) > ROW_GAP * size);
  return [first, last].filter(isApart);
}

const isInBand = (line: Line, page: PageLines): boolean =>
  line.y > page.height * (1 - HEADER_BAND) || line.y < page.height * FOOTER_BAND;

/** Text and height on the page; page numbers, dates and volume numbers differ only in their figures. */
const keyOf = (line: Line): string =>
  `${Math.round(line.y / 4)} ${line.text.replace(/\d+/g, '#').replace(/\s+/g, ' ')}`;

/** "Page 3", "3 of 12": numbers that say themselves what they count. */
const isCount = (text: string): boolean =>
  /^(?:page\s*[-–—|\s]*\d{1,5}|(?:page\s*)?\d{1,5}\s*of\s*\d{1,5}|page\s*\d{1,5}\s*\/\s*\d{1,5})$/i.test(text);
