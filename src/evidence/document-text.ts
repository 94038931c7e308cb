/**
 * The text of a document as evidence needs it: what a snapshot stores and what snippets are cut from.
 *
 * Every offset is a UTF-8 byte offset into `text`, half-open: [startOffset, endOffset). `text` is NFC with LF line ends;
 * paragraphs are separated by one blank line and each stands on a line of its own, so that a sentence of a paragraph is
 * a slice without line breaks.
 */

/** A stretch of the text that came from one page. A page may occur twice when a float was set after its paragraph. */
export interface PageSpan {
  number: number; // 1-based, the page's position in the file
  startOffset: number;
  endOffset: number;
}

export interface HeadingSpan {
  level: number; // 1 is a top-level section
  title: string;
  startOffset: number;
  endOffset: number;
}

/** Why a stretch of text is no evidence: it is kept in the snapshot, but no snippet is cut from it. */
export const EXCLUSIONS = ['REFERENCES', 'ACKNOWLEDGEMENTS', 'FRONT_MATTER', 'TABLE', 'CAPTION', 'CODE'] as const;
export type Exclusion = (typeof EXCLUSIONS)[number];

export interface ExcludedSpan {
  reason: Exclusion;
  startOffset: number;
  endOffset: number;
}

export interface DocumentText {
  text: string;
  headings: readonly HeadingSpan[]; // in text order
  pages: readonly PageSpan[]; // in text order; empty when the format has no pages
  excluded: readonly ExcludedSpan[]; // in text order, disjoint
}
