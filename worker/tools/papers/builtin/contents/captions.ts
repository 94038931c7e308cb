/**
 * Captions: where they begin, how far they go, and how they call what they stand by. A caption often begins in bold and
 * goes on in roman, and the first row of a table may follow it at a line's distance: it is cut by the setting, not by
 * paragraphs.
 */
import type { PageLines, SetLine } from './page-lines.js';

export type CaptionKind = 'TABLE' | 'FIGURE';

export interface Caption {
  kind: CaptionKind;
  label: string; // "Table 2", as printed but for case and closing mark
  text: string; // without the label
  page: PageLines;
  lines: SetLine[]; // never empty
  startOffset: number;
  endOffset: number;
}

const LABEL =
  /^((?:Supplementary |Additional |Extended Data )?(?:T(?:ABLE|able)|Tab|F(?:IGURE|igure)|F(?:IG|ig)s?|Scheme|Chart|Plate)\.?)\s*((?:[A-Z][.-]?)?\d{1,3}(?:\.\d{1,2})*[a-z]?|[IVXL]{1,6})(?![\p{L}\p{N}])\s*([.:|–—-]{0,2})\s*/u;

/** Every caption, in reading order. `textOf` gives the text between two offsets. */
export function captionsOf(pages: readonly PageLines[], textOf: (start: number, end: number) => string): Caption[] {
  return pages.flatMap((page) => onPage(page, textOf).slice(0, MAX_CAPTIONS));
}

const MAX_CAPTIONS = 40; // of a page: what has more is a list of them

function onPage(page: PageLines, textOf: (start: number, end: number) => string): Caption[] {
  return page.lines.flatMap((line, index) => {
    const label = labelOf(line, page);
    if (!label) return [];
    const lines = [line, ...continuation(page.lines, index)];
    const startOffset = line.startOffset;
    const endOffset = (lines.at(-1) as SetLine).endOffset;
    const whole = textOf(startOffset, endOffset).replace(/\s+/g, ' ').trim();
    const rest = whole.slice(LABEL.exec(whole)?.[0].length ?? 0);
    return [{ ...label, text: withoutEcho(rest, label.label), page, lines, startOffset, endOffset }];
  });
}

function labelOf(line: SetLine, page: PageLines): { kind: CaptionKind; label: string } | null {
  const match = LABEL.exec(line.text);
  const [, word = '', number = '', mark = ''] = match ?? [];
  if (!match) return null;
  const isFirst = line.paragraph.lines[0]?.startOffset === line.startOffset;
  const rest = line.text.slice(match[0].length);
  const stands = rest === '' ? isFirst : mark !== '' || (isFirst && /^[\p{Lu}(]/u.test(rest) && looksSet(line, page));
  if (!stands || (!isFirst && line.paragraph.role !== 'CAPTION' && !line.isCell)) return null;
  if (/^[,;)]/.test(rest) || (mark === '.' && /^\p{Ll}/u.test(rest))) return null; // a sentence that mentions it
  const kind = /^(?:\w+ |Extended Data )?t/i.test(word) ? 'TABLE' : 'FIGURE';
  const name = word.replace(/\.$/, '');
  return { kind, label: `${name.charAt(0)}${name.slice(1).toLowerCase()} ${number}` };
}

/** Without a mark after the number, the setting must tell a caption from a sentence that begins with "Table 2 We…". */
const looksSet = (line: SetLine, page: PageLines): boolean =>
  line.paragraph.role === 'CAPTION' || !isBodySized(line, page);

function isBodySized(line: SetLine, page: PageLines): boolean {
  const prose = page.lines.filter((other) => other.isProse);
  return prose.length > 0 && prose.some((other) => Math.abs(other.size - line.size) < 0.04 * line.size);
}

const MAX_DROP = 1.5; // of the font size, between baselines
const MAX_LINES = 30;

function continuation(lines: readonly SetLine[], index: number): SetLine[] {
  const first = lines[index] as SetLine;
  const found: SetLine[] = [];
  let last = first;
  for (const line of lines.slice(index + 1, index + MAX_LINES)) {
    if (!goesOn(first, last, line) || hasRowMates(lines, line)) break;
    found.push(line);
    last = line;
  }
  return found;
}

function goesOn(first: SetLine, last: SetLine, line: SetLine): boolean {
  const drop = line.baseline - last.baseline;
  const within = line.paragraph === first.paragraph;
  if (line.isCell || line.pieces.length > 2 || drop < 0.7 * first.size || drop > MAX_DROP * first.size) return false;
  if (Math.abs(line.size - first.size) > 0.06 * first.size) return false;
  if (!within && (line.paragraph.role === 'HEADING' || LABEL.test(line.text))) return false;
  if (!within && /[.!?]$/.test(last.text) && last.endX < first.endX - 4 * first.size) return false; // its last line ended short
  const isUnder = line.box.x > first.box.x - 12 * first.size && line.box.x < first.endX;
  return isUnder && (within || line.endX <= first.endX + 3 * first.size || last === first);
}

/** Other cells on the line's own baseline: it is a row of the table, not of the caption. */
const hasRowMates = (lines: readonly SetLine[], line: SetLine): boolean =>
  lines.some((other) => other.isCell && Math.abs(other.baseline - line.baseline) < 1 && other.box.x > line.box.x);

/** "Table 1: Table 1 Settings": some converters print the label twice. */
function withoutEcho(text: string, label: string): string {
  const echo = text.toLowerCase().startsWith(label.toLowerCase()) ? text.slice(label.length) : text;
  return echo.replace(/^[\s.:|–—-]+/, '').trim();
}
