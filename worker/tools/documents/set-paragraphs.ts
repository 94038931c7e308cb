/** Sets paragraphs one after another, a blank line between, and counts where the headings among them stand. */
import type { ExcludedSpan, Exclusion, HeadingSpan } from '../../../src/evidence/document-text.js';

export interface ParagraphToSet {
  text: string;
  level?: number | undefined; // of a heading
  excluded?: Exclusion | undefined;
}

export interface SetText {
  text: string;
  headings: HeadingSpan[];
  excluded: ExcludedSpan[];
}

export function setParagraphs(paragraphs: readonly ParagraphToSet[]): SetText {
  const headings: HeadingSpan[] = [];
  const excluded: ExcludedSpan[] = [];
  let offset = 0;
  for (const { text, level, excluded: reason } of paragraphs) {
    const span = { startOffset: offset, endOffset: offset + Buffer.byteLength(text) };
    if (level !== undefined) headings.push({ level, title: text, ...span });
    if (reason !== undefined) excluded.push({ reason, ...span });
    offset = span.endOffset + 2;
  }
  return { text: paragraphs.map(({ text }) => text).join('\n\n'), headings, excluded };
}
