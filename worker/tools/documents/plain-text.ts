/** Plain text → paragraphs on one line each. Lines that were wrapped at a margin are joined; others stay as they are. */
import type { HeadingSpan } from '../../../src/evidence/document-text.js';
import { setParagraphs } from './set-paragraphs.js';

export interface PlainText {
  text: string;
  title: string | undefined;
  headings: HeadingSpan[];
}

const MIN_WRAPPED_CHARS = 45; // every line but the last of a wrapped paragraph is at least as long
const MAX_HEADING_CHARS = 90;
const LIST_ITEM = /^\s*(?:[-*+•]|\(?\d{1,3}[.)])\s/;

/** `source` is normalised. A short first line without a full stop is the title. */
export function plainText(source: string): PlainText {
  const paragraphs = source
    .split(/\n[ \t]*\n\s*/)
    .flatMap(unwrapped)
    .filter((paragraph) => paragraph !== '');
  const set = setParagraphs(
    paragraphs.map((text, index) => ({ text, level: isHeading(text, paragraphs[index + 1]) ? 1 : undefined })),
  );
  const first = paragraphs[0];
  const title = first && first.length <= 200 && !/[.!?:,;]$/.test(first) ? first : undefined;
  return { text: set.text, title, headings: set.headings };
}

function unwrapped(paragraph: string): string[] {
  const lines = paragraph.split('\n').map((line) => line.trim());
  const isWrapped =
    lines.slice(0, -1).every((line) => line.length >= MIN_WRAPPED_CHARS) && !lines.some((line) => LIST_ITEM.test(line));
  if (!isWrapped) return [lines.join('\n')];
  return [
    lines.reduce((text, line) =>
      /\p{Ll}-$/u.test(text) && /^\p{Ll}/u.test(line) ? `${text}${line}` : `${text} ${line}`,
    ),
  ];
}

/** A short line of its own, without an end mark, before a longer paragraph. */
const isHeading = (text: string, next: string | undefined): boolean =>
  next !== undefined &&
  text.length <= MAX_HEADING_CHARS &&
  !text.includes('\n') &&
  /^[\p{Lu}\d]/u.test(text) &&
  /\p{L}{2}/u.test(text) &&
  !/[.!?,;:]$/.test(text) &&
  next.length > text.length;
