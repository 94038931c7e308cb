/**
 * What the PDF reader's child process sends back, and nothing else: this file holds types only, so that the child, which
 * runs outside the compiler's module graph, may share them.
 */

/** A run of characters set in one font on one baseline. Points, origin at the page's lower left corner. */
export interface PdfRun {
  text: string;
  x: number;
  y: number; // of the baseline
  width: number;
  size: number; // of the font
  font: string; // an id within the document
}

/** As the file names it; what the name tells of weight and slant is read elsewhere. */
export interface PdfFont {
  id: string;
  name: string; // "Helvetica-Bold", without the tag of a subset
}

export interface PdfPage {
  number: number; // 1-based
  width: number;
  height: number;
  runs: PdfRun[]; // in the order in which the page draws them; upright text only
  turned?: string; // of the first page, what reads upwards or downwards: a repository's stamp
  hasImage: boolean; // looked at on pages with next to no text only
}

export interface PdfContent {
  title: string | null; // as the file's metadata has it, however implausible
  fonts: PdfFont[];
  pages: PdfPage[];
}

export type PdfRefusal = 'ENCRYPTED' | 'BROKEN' | 'TOO_MANY_PAGES' | 'TOO_MUCH_TEXT';

export type PdfAnswer = { content: PdfContent } | { refusal: PdfRefusal; detail: string };

export interface PdfCaps {
  wallMs: number;
  pages: number;
  characters: number;
}
