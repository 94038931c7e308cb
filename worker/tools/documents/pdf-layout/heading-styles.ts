/**
 * Finds a document's headings. Headings are few, each level is set in one style throughout, and text follows: so a style
 * is learned from the headings that are sure, by their name or their number, and from how its lines behave everywhere;
 * then every line is judged by its style, its words and what stands around it. Linear in the number of blocks.
 */
import type { BodySetting } from '../document-layout.js';
import type { Block } from './blocks.js';
import type { FontStyle } from './font-style.js';
import { levelsOf } from './heading-levels.js';
import { isCapitals, isHeadingText, isKnownHeading, isNumbered } from './heading-shape.js';

export interface BlockText {
  block: Block;
  text: string;
}

/** What may be a heading, with the facts that speak for it. */
interface Candidate {
  index: number;
  style: string;
  known: boolean;
  numbered: boolean; // and the number goes on from those before
  leads: boolean; // text follows, or another candidate that leads
  isSpaced: boolean; // more room above than between lines, or a heading right above
}

interface StyleFacts {
  candidates: number;
  leads: number;
  known: number;
  numbered: number;
  characters: number; // of all blocks in the style
  headingCharacters: number; // of the candidates among them
}

const MAX_LINES = 4;
const SAME_SIZE = 0.08; // relative
const TEXT_CHARS = 40; // a line of running text; headings and cells are mostly shorter
const REACH = 8; // blocks between a heading and its text: figures and tables set there

/** The level of every block that is a heading, by its index; 1 is top. */
export function headingLevels(
  blocks: readonly BlockText[],
  body: BodySetting,
  styleOf: (font: string) => FontStyle,
): Map<number, number> {
  const candidates = candidatesOf(blocks, body, styleOf);
  const facts = factsOf(blocks, candidates, styleKey);
  const sizes = factsOf(blocks, candidates, sizeKey);
  const headings = candidates.filter((candidate) => {
    const entry = blocks[candidate.index];
    const style = facts.get(candidate.style);
    const size = sizes.get(sizeKey(entry?.block));
    return entry && style && size && evidence(candidate, entry, { style, size, body, styleOf }) >= ENOUGH;
  });
  return levelsOf(
    headings.flatMap(({ index, style, known }) => {
      const entry = blocks[index];
      return entry
        ? [{ index, style, known, text: entry.text, size: entry.block.size, ...styleOf(entry.block.font) }]
        : [];
    }),
  );
}

function candidatesOf(
  blocks: readonly BlockText[],
  body: BodySetting,
  styleOf: (font: string) => FontStyle,
): Candidate[] {
  const sequence = new NumberSequence();
  const shaped = blocks.map((entry, index) => isShaped(entry, blocks[index + 1], styleOf));
  return blocks.flatMap(({ block, text }, index): Candidate[] => {
    if (!shaped[index]) return [];
    return [
      {
        index,
        style: styleKey(block, text),
        known: isKnownHeading(text),
        numbered: sequence.accepts(text),
        leads: leads(blocks, shaped, index, body),
        isSpaced: shaped[index - 1] || isSpaced(block, blocks[index - 1]?.block, body),
      },
    ];
  });
}

/** Font, size to a fifth of a point, and whether it is all capitals. */
const styleKey = (block: Block, text: string): string =>
  `${block.font} ${Math.round(block.size * 5)} ${isCapitals(text) ? 'C' : ''}`;

/** A size that only headings use tells one even where each level has a face of its own. */
const sizeKey = (block: Block | undefined): string => `${Math.round((block?.size ?? 0) * 5)}`;

/** By itself on its row, short, in one font from end to end (a species' name inside it may be slanted). */
function isShaped(
  { block, text }: BlockText,
  next: BlockText | undefined,
  styleOf: (font: string) => FontStyle,
): boolean {
  const [first] = block.lines;
  const last = block.lines.at(-1);
  if (!first || !last || block.lines.length > MAX_LINES || !isHeadingText(text)) return false;
  if (first.follows || isBeside(next?.block, last)) return false;
  const style = styleOf(block.font);
  if (style.isMath || (style.isCode && !isNumbered(text))) return false;
  return first.startFont === block.font || last.endFont === block.font;
}

const isBeside = (next: Block | undefined, last: Block['lines'][number]): boolean => {
  const line = next?.lines[0];
  return (
    line?.page === last.page && (line.follows || (Math.abs(line.y - last.y) < 0.3 * last.size && line.x > last.endX))
  );
};

/** Section numbers go on by one or open a level: 1, 2, 2.1, 2.2, 3. Anything else is a list's, a year or an address. */
class NumberSequence {
  readonly #seen = new Set<string>();
  #last: number[] = [];

  accepts(text: string): boolean {
    const number = /^(\d{1,2}(?:\.\d{1,2}){0,3}|[IVX]{1,5}(?=\.)|[A-H](?:\.\d{1,2}){0,2})[.)]?\s+\S/.exec(text)?.[1];
    if (number === undefined || !isNumbered(text)) return false;
    const parts = number.split('.');
    const last = parts.pop() ?? '';
    const before = [...parts, predecessorOf(last)].join('.');
    const path = [...parts, last].map(Number);
    if (last !== '1' && isBefore(path, this.#last)) return false;
    const isNext = last === '1' || last === 'I' || last === 'A' || this.#seen.has(before);
    if (isNext) this.#seen.add(number);
    if (isNext && !path.some(Number.isNaN)) this.#last = path;
    return isNext && !/^A\s/.test(text); // the article "A" is no number: of an appendix the style decides
  }
}

/** Whether a section's number belongs in front of another's; letters and Roman figures (no numbers here) never do. */
function isBefore(path: readonly number[], other: readonly number[]): boolean {
  const at = path.findIndex((part, index) => part !== other[index]);
  return at >= 0 && (path[at] ?? 0) < (other[at] ?? 0);
}

function predecessorOf(part: string): string {
  if (/^\d+$/.test(part)) return String(Number(part) - 1);
  const roman = ROMAN.indexOf(part);
  if (roman > 0) return ROMAN[roman - 1] ?? '';
  return String.fromCharCode(part.charCodeAt(0) - 1);
}

const ROMAN = ['I', 'II', 'III', 'IV', 'V', 'VI', 'VII', 'VIII', 'IX', 'X', 'XI', 'XII', 'XIII', 'XIV', 'XV'];

/** Whether running text begins under the block: next in order, in its column or on top of another. */
function leads(blocks: readonly BlockText[], shaped: readonly boolean[], index: number, body: BodySetting): boolean {
  const own = blocks[index]?.block;
  const last = own?.lines.at(-1);
  if (!own || !last) return false;
  let above = last;
  for (let next = index + 1; next < Math.min(blocks.length, index + REACH); next++) {
    const entry = blocks[next];
    const first = entry?.block.lines[0];
    if (!entry || !first) return false;
    const drop = above.y - first.y;
    const isUnder = first.page === above.page && drop > 0 && first.x < above.endX + 60 && first.endX > above.x - 60;
    if (isUnder && drop > MAX_DROP * body.leading + own.size) return false;
    if (isText(entry)) return !/^\p{Ll}/u.test(entry.text);
    if (shaped[next] && isUnder) {
      above = entry.block.lines.at(-1) ?? above;
      continue;
    }
    if (isUnder) return entry.text.length >= TEXT_CHARS || (/^[(•[]|^\d/.test(entry.text) && next === index + 1); // a list, a formula
  }
  return false;
}

const MAX_DROP = 3.5; // lines: the room under a heading

const isText = ({ block, text }: BlockText): boolean =>
  text.length > 2 * TEXT_CHARS ||
  (block.lines.some((line) => line.text.length >= TEXT_CHARS) && /[.:;?!)\]]$/.test(text));

function isSpaced(block: Block, before: Block | undefined, body: BodySetting): boolean {
  const last = before?.lines.at(-1);
  const first = block.lines[0];
  if (!last || !first || last.page !== first.page || last.y < first.y) return true; // on top of a column
  return last.y - first.y > 1.2 * body.leading * Math.max(1, block.size / body.size);
}

function factsOf(
  blocks: readonly BlockText[],
  candidates: readonly Candidate[],
  keyOf: (block: Block, text: string) => string,
): Map<string, StyleFacts> {
  const facts = new Map<string, StyleFacts>();
  const of = (style: string): StyleFacts => {
    const known = facts.get(style);
    if (known) return known;
    const fresh = { candidates: 0, leads: 0, known: 0, numbered: 0, characters: 0, headingCharacters: 0 };
    facts.set(style, fresh);
    return fresh;
  };
  for (const { block, text } of blocks) of(keyOf(block, text)).characters += text.length;
  for (const { index, ...candidate } of candidates) {
    const entry = blocks[index];
    if (!entry) continue;
    const fact = of(keyOf(entry.block, entry.text));
    fact.candidates += 1;
    fact.leads += candidate.leads ? 1 : 0;
    fact.known += candidate.known ? 1 : 0;
    fact.numbered += candidate.numbered ? 1 : 0;
    fact.headingCharacters += candidate.leads ? entry.text.length : 0;
  }
  return facts;
}

const ENOUGH = 4;

interface Setting {
  style: StyleFacts;
  size: StyleFacts;
  body: BodySetting;
  styleOf: (font: string) => FontStyle;
}

const isOfHeadings = ({ candidates, leads, characters, headingCharacters }: StyleFacts): boolean =>
  candidates > 2 && leads > 0.7 * candidates && headingCharacters > 0.8 * characters;

/** Points for and against, as an editor would count them. */
function evidence(
  { known, numbered, leads, isSpaced }: Candidate,
  { block, text }: BlockText,
  { style, size: sized, body, styleOf }: Setting,
): number {
  const look = styleOf(block.font);
  const size = block.size / body.size;
  let points = 0;
  if (known) points += 3;
  if (numbered) points += 2;
  points += size > 1.25 ? 2 : size > 1 + SAME_SIZE / 2 ? 1.2 : size < 1 - SAME_SIZE ? -0.5 : 0;
  if (look.bold) points += 1.3;
  else if (look.italic) points += 0.5;
  else if (block.font !== body.font) points += 0.6;
  if (isCapitals(text)) points += 0.7;
  const isPlain = block.font === body.font && Math.abs(size - 1) < SAME_SIZE / 2 && !isCapitals(text);
  if (isPlain) points -= numbered ? 2 : 1.5;
  points += leads ? 1.2 : known || numbered || isRegular(style) ? -0.5 : -1.5;
  points += isSpaced ? 0.4 : -0.8;
  if (!isPlain) points += ofStyle(style, known || numbered);
  if (!isPlain && isOfHeadings(sized)) points += 0.8;
  if (text.length > 100) points -= 0.5;
  return points;
}

/** A style that sets headings only: one of them may stand above a figure, or at the end of a page. */
const isRegular = ({ candidates, leads, characters, headingCharacters }: StyleFacts): boolean =>
  candidates > 4 && leads > 0.8 * candidates && headingCharacters > 0.8 * characters;

/** What the style's other members say of it. */
function ofStyle(
  { candidates, leads, known, numbered, characters, headingCharacters }: StyleFacts,
  isSure: boolean,
): number {
  const sure = known + numbered - (isSure ? 1 : 0);
  const bySure = sure > 1 ? 1.6 : sure > 0 ? 1 : 0;
  if (candidates < 2) return bySure;
  const share = headingCharacters / Math.max(1, characters);
  const leading = leads / candidates;
  if (share > 0.8 && leading > 0.7) return bySure + (candidates > 2 ? 2 : 1.5);
  if (share > 0.5 && leading > 0.5) return bySure + 0.7;
  return share < 0.25 && !isSure ? bySure - 1.5 : bySure;
}
