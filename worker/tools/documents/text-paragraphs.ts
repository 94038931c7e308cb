/** The paragraphs of a text without pages: split at blank lines, its headings where they were marked. */
import type { ExcludedSpan, HeadingSpan } from '../../../src/evidence/document-text.js';
import type { DocumentParagraph } from './document-layout.js';

export function textParagraphs(
  text: string,
  headings: readonly HeadingSpan[],
  fragments: readonly ExcludedSpan[] = [],
): DocumentParagraph[] {
  const levels = new Map(headings.map(({ startOffset, level }) => [startOffset, level]));
  const starts = new Set(fragments.map(({ startOffset }) => startOffset));
  let offset = 0;
  const paragraphs: DocumentParagraph[] = [];
  for (const paragraph of text.split('\n\n')) {
    const startOffset = offset;
    const endOffset = startOffset + Buffer.byteLength(paragraph);
    offset = endOffset + 2;
    if (paragraph.trim() === '') continue;
    const level = levels.get(startOffset) ?? 0;
    const role = level > 0 ? 'HEADING' : starts.has(startOffset) ? 'FRAGMENT' : 'PARAGRAPH';
    paragraphs.push({ role, level, text: paragraph, startOffset, endOffset, lines: [] });
  }
  return paragraphs;
}
