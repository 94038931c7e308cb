/** Finds what a page carries besides its text: running headers and footers, page numbers, line numbers. */
import type { Line } from './lines.js';

export interface PageLines {
  number: number;
  height: number;
  lines: Line[];
}

const HEADER_BAND = 0.12; // of the page's height
const FOOTER_BAND = 0.12;
const MIN_REPEATS = 2;
const REPEAT_SHARE = 0.3; // of the pages: left and right pages may carry different headers

/** The pages without their furniture. */
export function withoutFurniture(pages: readonly PageLines[]): PageLines[] {
  const repeats = new Map<string, Set<number>>();
  for (const page of pages) {
    for (const line of page.lines) {
      if (!isInBand(line, page)) continue;
      const key = keyOf(line);
      repeats.set(key, (repeats.get(key) ?? new Set()).add(page.number));
    }
  }
  const needed = Math.max(MIN_REPEATS, Math.min(12, Math.ceil(pages.length * REPEAT_SHARE)));
  const isFurniture = (line: Line, page: PageLines): boolean =>
    isInBand(line, page) && (isPageNumber(line.text) || (repeats.get(keyOf(line))?.size ?? 0) >= needed);
  return pages.map((page) => {
    const lines = page.lines.filter((line) => !isFurniture(line, page));
    return { ...page, lines: withoutLineNumbers(lines) };
  });
}

const isInBand = (line: Line, page: PageLines): boolean =>
  line.y > page.height * (1 - HEADER_BAND) || line.y < page.height * FOOTER_BAND;

/** Text and height on the page; page numbers, dates and volume numbers differ only in their figures. */
const keyOf = (line: Line): string =>
  `${Math.round(line.y / 4)} ${line.text.replace(/\d+/g, '#').replace(/\s+/g, ' ')}`;

const isPageNumber = (text: string): boolean =>
  /^(?:page\s*)?[-–—|\s]*(?:\d{1,5}|[ivxl]{1,6})[-–—|\s]*(?:(?:of|\/)\s*\d{1,5})?$/i.test(text);

const MANY_NUMBERS = 15; // lone numbers on one page, all left of the text: a manuscript's line numbers

function withoutLineNumbers(lines: readonly Line[]): Line[] {
  const lone = lines.filter((line) => /^\d{1,4}$/.test(line.text));
  if (lone.length < MANY_NUMBERS) return [...lines];
  const left = Math.min(...lines.filter((line) => !/^\d{1,4}$/.test(line.text)).map((line) => line.x));
  return lines.filter((line) => !(/^\d{1,4}$/.test(line.text) && line.x < left));
}
