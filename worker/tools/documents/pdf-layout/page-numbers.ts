/**
 * Which lone numbers of a page are its own number. Cells of a table, labels of an axis and pages of a contents list stand
 * near the edge of a page, too: a page number counts up with the pages, or it is the outermost line of all, by itself on its
 * row and apart from the text.
 */
import type { Line } from './lines.js';

export interface OuterPage {
  number: number;
  lines: readonly Line[];
  isOuter: (line: Line) => boolean; // stands where headers and footers do
}

const MIN_COUNTED = 3; // pages: two numbers one apart are found in any table
const COUNTED_SHARE = 0.5; // of the pages: a document that prints so many of its numbers prints them all
const APART = 1.5; // of the font size: between the number and the text

/** `pages` without what is known to be furniture, `all` with it: headers may hold the other pages' numbers. */
export function pageNumbersOf(pages: readonly OuterPage[], all: readonly OuterPage[]): ReadonlySet<Line> {
  const counted = countedOf(all);
  const isCounted = (line: Line, page: OuterPage): boolean => counted.has(shiftOf(line, page) ?? Number.NaN);
  const found = pages.map((page) => placesOf(page).filter((line) => isCounted(line, page)));
  const numbered = all.filter((page) => placesOf(page).some((line) => isCounted(line, page))).length;
  const isComplete = numbered >= MIN_COUNTED && numbered > COUNTED_SHARE * pages.length;
  return new Set(
    pages.flatMap((page, index) => {
      const own = found[index] ?? [];
      if (own.length > 0) return own;
      return edgeRows(page).flatMap((row) => {
        const [only] = row;
        const isNumber = only && row.length === 1 && isPageNumber(only.text) && isApart(only, page);
        return isNumber && (!isComplete || !/^\d+$/.test(only.text)) ? [only] : [];
      });
    }),
  );
}

/** "12", "– 12 –", "xii". */
export const isPageNumber = (text: string): boolean => /^[-–—|\s]*(?:\d{1,5}|[ivxl]{1,6})[-–—|\s]*$/i.test(text);

/** How far the printed number is from the count of the pages. */
function shiftOf({ text }: Line, { number }: OuterPage): number | undefined {
  const printed = /^[-–—|\s]*(\d{1,5})[-–—|\s]*$/.exec(text)?.[1];
  return printed === undefined ? undefined : Number(printed) - number;
}

/** The shifts by which numbers count up with the pages: one, or two in a paper that was bound into a volume. */
function countedOf(pages: readonly OuterPage[]): ReadonlySet<number> {
  const seen = new Map<number, number>();
  for (const page of pages) {
    const shifts = new Set(placesOf(page).flatMap((line) => shiftOf(line, page) ?? []));
    for (const shift of shifts) seen.set(shift, (seen.get(shift) ?? 0) + 1);
  }
  return new Set([...seen].filter(([, count]) => count >= MIN_COUNTED).map(([shift]) => shift));
}

const SAME_ROW = 2; // points

/** The first and the last row, where they stand where headers and footers do. */
function edgeRows({ lines, isOuter }: OuterPage): Line[][] {
  if (lines.length === 0) return [];
  const top = lines.reduce((y, line) => Math.max(y, line.y), Number.NEGATIVE_INFINITY);
  const bottom = lines.reduce((y, line) => Math.min(y, line.y), Number.POSITIVE_INFINITY);
  const rows = [...new Set([top, bottom])].map((y) => lines.filter((line) => Math.abs(line.y - y) < SAME_ROW));
  return rows.map((row) => row.filter(isOuter)).filter((row) => row.length > 0);
}

/** Where a number that counts up may stand: in the outermost rows, or by itself on a row of a footer. */
function placesOf(page: OuterPage): Line[] {
  const numbers = page.lines.filter((line) => isPageNumber(line.text) && page.isOuter(line));
  const edges = new Set(numbers.length > 0 ? edgeRows(page).flat() : []);
  return numbers.filter((line) => edges.has(line) || isAlone(line, page));
}

const isAlone = (line: Line, { lines }: OuterPage): boolean =>
  lines.every((other) => other === line || Math.abs(other.y - line.y) >= SAME_ROW);

const isApart = (line: Line, { lines }: OuterPage): boolean =>
  lines.every((other) => other === line || Math.abs(other.y - line.y) > APART * other.size);
