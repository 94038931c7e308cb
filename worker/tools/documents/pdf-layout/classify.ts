/** What a block of a page is: by its setting, its first words and its length. */
import type { BodySetting } from '../document-layout.js';
import { type Block, startsItem } from './blocks.js';

export type BlockRole = 'HEADING' | 'CAPTION' | 'PARAGRAPH' | 'FRAGMENT';

const MAX_HEADING_CHARS = 140;
const MAX_HEADING_LINES = 3;
const LARGER = 1.08; // of the body's size
const SMALLER = 0.93;

const KNOWN_HEADING =
  /^(?:(?:\d+|[IVX]+)\.?\s*)?(?:abstract|summary|introduction|background|(?:materials? and )?methods?|methodology|results?(?: and discussion)?|discussion|conclusions?(?: and .{3,40})?|related work|limitations|future work|references|bibliography|literature cited|appendix(?: [a-z])?|acknowledge?ments?|funding|author contributions?|competing interests?|conflicts? of interests?|statement of need|data availability)[.:]?$/i;
const NUMBERED = /^(?:(?:\d{1,2}(?:\.\d{1,2}){0,3}\.?)|(?:[IVX]{1,5}\.)|(?:[A-H](?:\.\d{1,2}){0,2}\.?))\s+\p{Lu}/u;
const CAPTION =
  /^(?:(?:Supplementary|Additional) )?(?:F(?:IG|ig)(?:URE|ure)?|T(?:ABLE|able)|Scheme|Box|Algorithm|Listing|Chart|Plate)\.?\s*[A-Z]?\d+[a-z]?(?:\s*[.:|–—-]|\s+(?:\p{Lu}|\())/u;

export function roleOf(block: Block, text: string, body: BodySetting): BlockRole {
  if (CAPTION.test(text)) return 'CAPTION';
  if (isHeading(block, text, body)) return 'HEADING';
  return text.length < 25 && !/[.!?]$/.test(text) ? 'FRAGMENT' : 'PARAGRAPH';
}

function isHeading(block: Block, text: string, body: BodySetting): boolean {
  if (block.lines.length > MAX_HEADING_LINES || text.length > MAX_HEADING_CHARS || block.lines[0]?.follows)
    return false;
  if (!/\p{L}{3}/u.test(text) || !/^[\p{Lu}\d]/u.test(text)) return false;
  if (KNOWN_HEADING.test(text)) return true;
  if (/[.,;:=]$/.test(text) || startsItem(text.replace(/^\d{1,2}\.? /, '')) || symbolShare(text) > 0.15) return false;
  const differs = block.font !== body.font;
  if (block.size < SMALLER * body.size) return false;
  if (block.size > LARGER * body.size) return differs || NUMBERED.test(text);
  return differs && (NUMBERED.test(text) || block.lines.every((line) => line.font === block.font));
}

/** 1 for a section, 2 for a part of it, and so on: by its number, else by its size. */
export function headingLevel(block: Block, text: string, body: BodySetting): number {
  const number = /^(?:\d+|[A-Z])((?:\.\d+)*)/.exec(text);
  if (number && NUMBERED.test(text)) return 1 + (number[1]?.split('.').length ?? 1) - 1;
  return KNOWN_HEADING.test(text) || block.size >= 1.2 * body.size ? 1 : 2;
}

const symbolShare = (text: string): number => {
  const dense = text.replace(/\s/g, '');
  return (dense.match(/[^\p{L}\p{N}.,:()'’?&/–-]/gu)?.length ?? 0) / Math.max(1, dense.length);
};

export const isSmall = (block: Block, body: BodySetting): boolean => block.size < SMALLER * body.size;
