/**
 * Fills in what a PDF's text layer does not have: the text of pages that are pictures. What cannot be read stays as it was,
 * a scanned page, and fails nothing: one picture that is too crowded to read in time is no reason to lose a document.
 */
import { isAppError } from '../../../src/platform/errors.js';
import type { RecognisedPage } from '../documents/document-layout.js';
import type { PdfContent, PdfPage } from '../documents/pdf-page.js';
import { OCR_FONT, ocrPage } from './ocr-page.js';
import type { OcrReader } from './open-ocr.js';

export interface RecognisedContent {
  content: PdfContent; // recognised pages have runs of OCR_FONT and no `hasImage` any more
  recognised: RecognisedPage[]; // ascending
}

export const MAX_RECOGNISED_PAGES = 100; // 5 minutes at 3 seconds a page; the pages after stay scanned

/** Rejects with the reason of `signal` only. */
export async function readScannedPages(
  pdf: Uint8Array,
  content: PdfContent,
  ocr: OcrReader,
  signal: AbortSignal,
): Promise<RecognisedContent> {
  const recognised: RecognisedPage[] = [];
  const pages: PdfPage[] = [];
  for (const page of content.pages) {
    const isWanted = page.hasImage && recognised.length < MAX_RECOGNISED_PAGES;
    const text = isWanted ? await ocrPage(pdf, page, ocr, signal).catch(nothingUnless(signal)) : null;
    if (!text || text.runs.length === 0) {
      pages.push(page);
      continue;
    }
    recognised.push({ page: page.number, confidence: text.confidence });
    pages.push({ ...page, runs: text.runs, hasImage: false });
  }
  const fonts = recognised.length > 0 ? [...content.fonts, OCR_FONT] : content.fonts;
  return { content: { ...content, fonts, pages }, recognised };
}

const nothingUnless = (signal: AbortSignal) => (error: unknown) => {
  if (signal.aborted || !isAppError(error) || error.code !== 'UNREADABLE_DOCUMENT') throw error;
  return null;
};
