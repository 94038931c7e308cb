/** Titles and abstracts come with markup (JATS, MathML, HTML), entities and line breaks. */
import { decodeEntities } from './read-xml.js';

const TAG = /<\/?[a-z][^<>]*>/gi;
/** Where a tag ends a block, words do not run together. */
const BLOCK = /<\/?(?:[a-z]+:)?(?:p|title|sec|list|list-item|div|br|h\d|li)\b[^<>]*>/gi;
const LABEL = /^(?:abstract|summary)\b[\s:.—–-]*(?=\p{Lu})/iu;

/** On one line, without markup; null when nothing is left. */
export function plainLine(text: string | null | undefined): string | null {
  const plain = decodeEntities((text ?? '').replace(BLOCK, ' ').replace(TAG, ''))
    .replace(/\s+/g, ' ')
    .trim();
  return plain === '' ? null : plain;
}

/** As plainLine, without the word "Abstract" before it. */
export const plainAbstract = (text: string | null | undefined): string | null =>
  plainLine(plainLine(text)?.replace(LABEL, ''));
