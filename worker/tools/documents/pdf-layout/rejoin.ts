/**
 * Puts a paragraph together again that a column or page break, and the figure or table set there, has cut in two. Never
 * across a displayed equation: "is given by" and "where x is" belong together only with the equation between them.
 */
import type { BodySetting } from '../document-layout.js';
import { type Block, startsItem } from './blocks.js';
import { type BlockRole, isSmall, type RoledBlock } from './classify.js';
import type { Line } from './lines.js';

export interface Paragraph {
  parts: Block[]; // in reading order; more than one when it had been cut
  role: BlockRole;
  level: number; // of a heading; 0 for everything else
  text: string; // of the first part
}

const RUNNING_TEXT = 40; // characters: running headers that were not recognised are shorter
const REACH = 40; // blocks: cells of a large table count one each

export function rejoin(blocks: readonly RoledBlock[], body: BodySetting): Paragraph[] {
  const taken = new Set<number>();
  const paragraphs: Paragraph[] = [];
  blocks.forEach(({ block, role, level, text }, index) => {
    if (taken.has(index)) return;
    const paragraph: Paragraph = { parts: [block], role, level, text };
    paragraphs.push(paragraph);
    let from = index;
    for (;;) {
      const next = continuation(blocks, from, paragraph, { body, taken });
      if (next === undefined) break;
      taken.add(next);
      paragraph.parts.push((blocks[next] as { block: Block }).block);
      paragraph.role = 'PARAGRAPH';
      from = next;
    }
  });
  return paragraphs;
}

function continuation(
  blocks: readonly RoledBlock[],
  from: number,
  paragraph: Paragraph,
  { body, taken }: { body: BodySetting; taken: ReadonlySet<number> },
): number | undefined {
  const start = blocks[from];
  if (!start || paragraph.role === 'HEADING' || start.block.lines[0]?.follows) return undefined;
  const last = start.block.lines.at(-1);
  if (!last || last.text.length < 3 || /[.!?:;]["”’)\]]*[⁰-⁹¹²³,]*$/.test(last.text)) return undefined;
  if (paragraph.role === 'CAPTION' || (start.block.lines.length < 2 && start.text.length < 40)) return undefined;
  const passed: Line[] = [];
  for (let index = from + 1; index < Math.min(blocks.length, from + REACH); index++) {
    const candidate = blocks[index];
    const first = candidate?.block.lines[0];
    if (!candidate || !first || first.page > last.page + 2) return undefined;
    if (taken.has(index)) continue; // it goes on from another paragraph: text is read once
    if (candidate.role === 'CAPTION' || isSmall(candidate.block, body) !== isSmall(start.block, body)) continue;
    if (Math.abs(candidate.block.size - start.block.size) > 0.04 * start.block.size) continue;
    if (isUnder(first, last) && !/^\d{1,4}$/.test(first.text)) return undefined; // a formula, an entry: no break here
    if (passed.some((line) => isUnder(first, line))) return undefined; // the next page has begun with something else
    if (first.page !== last.page && first.text.length >= RUNNING_TEXT) passed.push(first);
    const jumped = first.page !== last.page || first.y > last.y + last.size;
    if (jumped && /^["“‘(]?\p{Ll}/u.test(first.text) && first.text.length > 20) return index;
    const isCut = /\p{L}[-\u00ad‐]$/u.test(last.text) && !startsItem(first.text);
    if (jumped && isCut && candidate.block.lines.length > 1) return index;
    if (candidate.role === 'PARAGRAPH' && candidate.block.lines.length > 2) {
      // the running text goes on here with a capital: a name, if the line before it is full and the sentence is open
      return jumped && isOpen(last.text) && index === from + 1 ? index : undefined;
    }
  }
  return undefined;
}

/** Set lower in the same column. */
const isUnder = (line: Line, above: Line): boolean =>
  line.page === above.page && line.y < above.y && line.x < above.endX && line.endX > above.x;

/** Ends in a word after which no sentence ends. */
const isOpen = (text: string): boolean =>
  /(?:\s(?:the|a|an|of|and|or|in|by|with|to|for|from|on|at|as|that|which|is|are|was|were|et|al\.)|,)$/i.test(text);
