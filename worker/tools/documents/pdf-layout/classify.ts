/** What a block of a page is: a heading is found among all of them, a caption by its first words, the rest by its length. */
import type { BodySetting } from '../document-layout.js';
import type { Block } from './blocks.js';
import type { FontStyle } from './font-style.js';
import { type BlockText, headingLevels } from './heading-styles.js';

export type BlockRole = 'HEADING' | 'CAPTION' | 'PARAGRAPH' | 'FRAGMENT';

export interface RoledBlock extends BlockText {
  role: BlockRole;
  level: number; // of a heading, 1 is top; 0 for everything else
}

const SMALLER = 0.93; // of the body's size
const CAPTION =
  /^(?:(?:Supplementary|Additional) )?(?:F(?:IG|ig)(?:URE|ure)?|T(?:ABLE|able)|Scheme|Box|Algorithm|Listing|Chart|Plate)\.?\s*[A-Z]?\d+[a-z]?(?:\s*[.:|–—-]|\s+(?:\p{Lu}|\())/u;

const MIN_PARAGRAPH_CHARS = 25; // shorter ones without an end mark are cells, labels, pieces of formulas

/** `blocks` are the document's, in reading order. */
export function withRoles(
  blocks: readonly BlockText[],
  body: BodySetting,
  styleOf: (font: string) => FontStyle,
): RoledBlock[] {
  const levels = headingLevels(blocks, body, styleOf);
  return blocks.map((entry, index) => {
    const level = levels.get(index) ?? 0;
    return { ...entry, level, role: level > 0 ? 'HEADING' : roleOf(entry.text) };
  });
}

function roleOf(text: string): BlockRole {
  if (CAPTION.test(text)) return 'CAPTION';
  return text.length < MIN_PARAGRAPH_CHARS && !/[.!?]$/.test(text) ? 'FRAGMENT' : 'PARAGRAPH';
}

export const isCaption = (text: string): boolean => CAPTION.test(text);

export const isSmall = (block: Block, body: BodySetting): boolean => block.size < SMALLER * body.size;
