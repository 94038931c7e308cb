/**
 * Lines → blocks: paragraphs, headings, captions, cells. A block ends where the setting says so: a wider line gap, an
 * indented first line, another size, a jump to the next column.
 */
import type { BodySetting } from '../document-layout.js';
import { isCapitals, isHeadingText, isKnownHeading, isNumbered } from './heading-shape.js';
import type { Line } from './lines.js';

export interface Block {
  lines: Line[];
  size: number; // of its first line's font
  font: string;
}

export function bodySetting(lines: readonly Line[]): BodySetting {
  const bySize = new Map<number, number>();
  const gaps = new Map<number, number>();
  lines.forEach((line, index) => {
    bySize.set(sizeOf(line), (bySize.get(sizeOf(line)) ?? 0) + line.text.length);
    const previous = lines[index - 1];
    const gap = previous && previous.page === line.page ? Math.round((previous.y - line.y) * 2) / 2 : 0;
    if (gap > 0.8 * line.size && gap < 2.5 * line.size) gaps.set(gap, (gaps.get(gap) ?? 0) + line.text.length);
  });
  const size = mostOf(bySize) ?? 10;
  const byFont = new Map<string, number>(); // of that size: captions and references may share a face among them
  for (const line of lines)
    if (sizeOf(line) === size) byFont.set(line.font, (byFont.get(line.font) ?? 0) + line.text.length);
  return { size, font: mostOf(byFont) ?? '', leading: mostOf(gaps) ?? 1.2 * size };
}

const sizeOf = ({ size }: Line): number => Math.round(size * 10) / 10;

function mostOf<K>(counts: ReadonlyMap<K, number>): K | undefined {
  let best: [K, number] | undefined;
  for (const entry of counts) if (!best || entry[1] > best[1]) best = entry;
  return best?.[0];
}

export function blocksOf(lines: readonly Line[], body: BodySetting): Block[] {
  const blocks: Block[] = [];
  for (const line of lines) {
    const open = blocks.at(-1);
    if (open && continues(open, line, body)) open.lines.push(line);
    else blocks.push({ lines: [line], size: line.size, font: line.font });
  }
  return blocks;
}

// Of the font size, unless it says otherwise:
const SAME_SIZE = 0.08; // relative
const WIDE_LEADING = 1.35; // of the leading
const INDENT = 0.7;
const MAX_INDENT = 4.5;
const SHORT_LINE = 0.88; // of the column's width: a paragraph's last line

function continues(block: Block, line: Line, body: BodySetting): boolean {
  const last = block.lines.at(-1) as Line;
  const first = block.lines[0] as Line;
  if (line.follows || line.page !== last.page) return false;
  if (Math.abs(line.size - last.size) > SAME_SIZE * last.size) return false;
  const drop = last.y - line.y;
  const leading = Math.max(body.leading * (line.size / body.size), 1.02 * line.size);
  if (drop <= 0.3 * line.size || drop > WIDE_LEADING * leading) return false;
  if (line.font !== last.font && last.endFont === last.font && looksLikeHeading(block, body)) return false;
  if (isCapitalHeading(block, line)) return false;
  if (isNextHeading(block, line, body)) return false;
  const left = Math.min(...block.lines.slice(1).map((other) => other.x), block.lines.length > 1 ? Infinity : first.x);
  const right = Math.max(...block.lines.map((other) => other.endX));
  if (line.x > right || line.endX < Math.min(left, first.x)) return false; // another column
  if (isHanging(block, line, body)) return true;
  const indent = (line.x - (block.lines.length > 1 ? left : last.x)) / line.size;
  const ended = /[.!?:”"’)\]]$/.test(last.text);
  const isShort = last.endX - left < SHORT_LINE * (right - left) || last.endX - last.x < 0.7 * (line.endX - line.x);
  if (indent > INDENT && indent < MAX_INDENT && (ended || isShort) && !/^\p{Ll}/u.test(line.text)) return false;
  if (startsItem(line.text) && (ended || isShort || /[;,]$/.test(last.text))) return false;
  return !(isShort && /[.!?]$/.test(last.text) && /^[\p{Lu}\d[(•]/u.test(line.text) && block.lines.length > 1);
}

/** "II. RELATED WORK" in the text's own font, with the text right under it or over it. */
function isCapitalHeading(block: Block, line: Line): boolean {
  const last = block.lines.at(-1) as Line;
  if (isCapitals(line.text)) return !isCapitals(last.text) && /[.:!?]$/.test(last.text) && isSectionName(line.text);
  const text = block.lines.map((other) => other.text).join(' ');
  return block.lines.length <= 3 && isCapitals(text) && isSectionName(text);
}

const isSectionName = (text: string): boolean => isKnownHeading(text) || (isNumbered(text) && isHeadingText(text));

/** The second line of a numbered heading, set in under the first one's words. */
function isHanging(block: Block, line: Line, body: BodySetting): boolean {
  const [first] = block.lines;
  if (!first || !/^\d{1,2}(?:\.\d{1,2})*\.?\s/.test(first.text) || isNumbered(line.text) || block.lines.length > 2)
    return false;
  const isSet = block.font !== body.font || block.size > body.size * (1 + SAME_SIZE);
  return isSet && line.font === block.font && line.startFont === line.endFont && line.x > first.x;
}

/** A heading right under another in its setting: by its own number, or because the one above is whole as it stands. */
function isNextHeading(block: Block, line: Line, body: BodySetting): boolean {
  const isSet = line.font !== body.font || line.size > body.size * (1 + SAME_SIZE);
  if (!isSet || line.font !== block.font) return false;
  if (/^\d{1,2}(?:\.\d{1,2})+\.?\s\p{Lu}/u.test(line.text)) return true;
  const text = block.lines.map((other) => other.text).join(' ');
  return isKnownHeading(text) && !/^(?:and\b|&|\p{Ll})/u.test(line.text);
}

export const startsItem = (text: string): boolean =>
  /^(?:[•◦▪‣∙·○■]|[-–—] |\(?\d{1,2}[.)] |\([a-z]\) |\[\d{1,3}\] )/.test(text);

/** A short block in another font than the running text, or larger: what follows it in the text's font is a paragraph. */
function looksLikeHeading(block: Block, body: BodySetting): boolean {
  const text = block.lines.map((line) => line.text).join(' ');
  return (
    (block.font !== body.font || block.size > body.size * (1 + SAME_SIZE)) &&
    text.length < 140 &&
    block.lines.length <= 3
  );
}
