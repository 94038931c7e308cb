/**
 * A document as it was read: its text, and how that was set. What takes a paper apart (worker/tools/papers) works on this,
 * whatever the format; a format without pages has paragraphs without lines.
 *
 * Offsets are UTF-8 byte offsets into the text, half-open; paragraphs are disjoint and ascending.
 */
import type { PaperPageSize, TextLine } from '../../../src/papers/structured-paper.js';
import type { DeclaredMatter } from './declared-matter.js';

export type ParagraphRole = 'HEADING' | 'CAPTION' | 'PARAGRAPH' | 'FRAGMENT';

/** A stretch of a line without a gap wider than a word space: in a table, a cell. Points. */
export interface LinePiece {
  text: string;
  x: number;
  endX: number;
}

/** One line as set on a page. Its bytes are its own share of the paragraph, without a dropped hyphen. */
export interface DocumentLine extends TextLine {
  text: string; // as set: hyphen included
  baseline: number; // points from the top of the page
  size: number; // points, of the font of most of its characters
  font: string; // id within the document
  bold: boolean;
  italic: boolean;
  isCell: boolean; // it continues the row of the line before after a wide gap: a table's cell, an equation's number
  pieces: LinePiece[]; // from left to right; one for nearly every line of prose
}

export interface DocumentParagraph {
  role: ParagraphRole;
  level: number; // of a heading, 1 is top; 0 for everything else
  text: string; // on one line
  leadIn?: string; // words in bold or italics that it opens with, as a heading that runs into its text: "Participants."
  startOffset: number;
  endOffset: number;
  lines: DocumentLine[]; // in reading order; empty without pages
}

/** What pages carry besides the text: running headers and footers, page numbers, stamps. */
export interface FurnitureLine {
  page: number;
  text: string;
}

export interface PageLook extends PaperPageSize {
  isScanned: boolean; // an image, and next to no text
  isGarbled: boolean; // its characters make no words: a font without a usable encoding
}

/** The setting of the running text: what most characters are set in. */
export interface BodySetting {
  size: number; // points
  font: string;
  leading: number; // points between baselines
}

/** A page that was an image, and whose text was recognised. */
export interface RecognisedPage {
  page: number;
  confidence: number; // 0..1: the recogniser's own
}

export interface DocumentLayout {
  paragraphs: DocumentParagraph[];
  pages: PageLook[]; // empty without pages
  recognised?: RecognisedPage[]; // ascending; absent where nothing is recognised
  furniture: FurnitureLine[];
  declared?: DeclaredMatter | null; // of a Markdown file's front matter
  declaredTitle: string | null; // of the file's metadata, however implausible
  body: BodySetting | null; // null without pages
  missingFiles?: readonly string[]; // that a source includes, and that are not in it
}
