/**
 * A document's bytes → its text as evidence needs it, whatever the format: one entry, four extractors. Deterministic:
 * the same bytes give the same text; a better extractor takes a new `extractor` name, and so makes new snapshots.
 *
 * Fails with UNREADABLE_DOCUMENT or UNSUPPORTED_MEDIA_TYPE, each with what to do.
 */
import type { DocumentText } from '../../../src/evidence/document-text.js';
import { AppError } from '../../../src/platform/errors.js';
import type { OcrReader } from '../ocr/open-ocr.js';
import { readScannedPages } from '../ocr/read-scanned-pages.js';
import { decodeText } from './decode-text.js';
import type { DocumentLayout, DocumentParagraph } from './document-layout.js';
import { latexText } from './latex/latex-text.js';
import { markSections } from './mark-sections.js';
import { markdownText } from './markdown-text.js';
import { normaliseText } from './normalise-text.js';
import { pdfText } from './pdf-layout/pdf-text.js';
import { plainText } from './plain-text.js';
import { PDF_LIMITS, readPdf } from './read-pdf.js';
import { type DocumentType, type NamedBytes, sniffMediaType } from './sniff-media-type.js';
import { textParagraphs } from './text-paragraphs.js';

export interface ExtractedText extends DocumentText {
  mediaType: DocumentType; // of the bytes, by their content
  extractor: string; // name@version
  title: string | undefined;
  pageCount: number | undefined;
  layout: DocumentLayout;
}

export interface ExtractInput extends NamedBytes {
  signal: AbortSignal;
  ocr?: OcrReader | undefined; // without one, a scanned page has no text
  maxPages?: number | undefined; // PDF_LIMITS.pages when absent
}

export async function extractText(input: ExtractInput): Promise<ExtractedText> {
  const mediaType = sniffMediaType(input);
  const extracted = await extractAs(mediaType, input);
  const isScan = extracted.layout.pages.some((page) => page.isScanned); // told as such, page by page
  if (!isScan && !/\p{L}/u.test(extracted.text)) throw noText(mediaType);
  return { mediaType, ...extracted };
}

const PDF_EXTRACTOR = 'pdf-layout@3';

type Extracted = Omit<ExtractedText, 'mediaType'>;

async function extractAs(mediaType: DocumentType, input: ExtractInput): Promise<Extracted> {
  const { bytes } = input;
  switch (mediaType) {
    case 'application/pdf':
      return fromPdf(input);
    case 'text/markdown':
      return fromMarkdown(normaliseText(decodeText(bytes)));
    case 'application/x-tex':
      return fromLatex(normaliseText(decodeText(bytes)));
    case 'text/plain':
      return fromPlain(normaliseText(decodeText(bytes)));
  }
}

async function fromPdf({ bytes, signal, ocr, maxPages = PDF_LIMITS.pages }: ExtractInput): Promise<Extracted> {
  const asFiled = await readPdf(bytes, signal, { ...PDF_LIMITS, pages: maxPages });
  const { content, recognised } = ocr
    ? await readScannedPages(bytes, asFiled, ocr, signal)
    : { content: asFiled, recognised: [] };
  const { text, title, headings, pageSpans: pages, ...layout } = pdfText(content);
  const sections = markSections(text, headings, true);
  const isMarked = (offset: number) => sections.some((span) => span.startOffset <= offset && offset < span.endOffset);
  const captions = layout.paragraphs.filter(({ role, startOffset }) => role === 'CAPTION' && !isMarked(startOffset));
  const loose = captions.map(({ startOffset, endOffset }) => ({ reason: 'CAPTION' as const, startOffset, endOffset }));
  const excluded = [...sections, ...loose].sort((a, b) => a.startOffset - b.startOffset);
  return {
    extractor: recognised.length > 0 ? `${PDF_EXTRACTOR}+${ocr?.engine}` : PDF_EXTRACTOR,
    text,
    title,
    headings,
    pages,
    excluded,
    pageCount: content.pages.length,
    layout: { ...layout, recognised },
  };
}

function fromMarkdown(source: string): Extracted {
  const { text, title, headings, code, declared } = markdownText(source);
  const sections = markSections(text, headings, false);
  const isMarked = (offset: number) => sections.some((span) => span.startOffset <= offset && offset < span.endOffset);
  const excluded = [...sections, ...code.filter((span) => !isMarked(span.startOffset))];
  excluded.sort((a, b) => a.startOffset - b.startOffset);
  const { layout, ...rest } = pageless(textParagraphs(text, headings, code));
  return {
    extractor: 'markdown@1',
    text,
    title,
    headings,
    excluded,
    ...rest,
    layout: { ...layout, declared },
  };
}

function fromLatex(source: string): Extracted {
  const { text, title, headings, excluded: kept, paragraphs, missing } = latexText(source);
  const sections = markSections(text, headings, true);
  const isMarked = (offset: number) => sections.some((span) => span.startOffset <= offset && offset < span.endOffset);
  const excluded = [...sections, ...kept.filter((span) => !isMarked(span.startOffset))];
  excluded.sort((a, b) => a.startOffset - b.startOffset);
  const { layout, ...rest } = pageless(paragraphs);
  return {
    extractor: 'latex@1',
    text,
    title,
    headings,
    excluded,
    ...rest,
    layout: { ...layout, missingFiles: missing },
  };
}

function fromPlain(source: string): Extracted {
  const { text, title, headings } = plainText(source);
  const excluded = markSections(text, headings, false);
  return { extractor: 'text@1', text, title, headings, excluded, ...pageless(textParagraphs(text, headings)) };
}

const pageless = (paragraphs: DocumentParagraph[]) => ({
  pages: [],
  pageCount: undefined,
  layout: { paragraphs, pages: [], furniture: [], declaredTitle: null, body: null },
});

const noText = (mediaType: DocumentType) =>
  new AppError('UNREADABLE_DOCUMENT', 'The document holds no text.', {
    hint:
      mediaType === 'application/pdf'
        ? 'Its pages are probably images: run text recognition (OCR) on it first.'
        : 'Check that the file is the one you meant, and that it holds words.',
  });
