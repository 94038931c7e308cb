/**
 * The engine that needs nothing: no server, no model, no network. It reads the document's text with its layout, then each
 * field from that. Deterministic: the same bytes give the same paper.
 */
import type { PaperUncertainty, StructuredPaper, TextLine } from '../../../../src/papers/structured-paper.js';
import { type ExtractedText, extractText } from '../../documents/extract-text.js';
import type { OcrReader } from '../../ocr/open-ocr.js';
import type { PaperEngine, PaperInput, ReadPaper } from '../paper-engine.js';
import { findSetApart } from './contents/set-apart.js';
import { readContents } from './contents.js';
import { readFrontMatter } from './front-matter.js';
import type { PaperSource } from './paper-source.js';
import { readReferences } from './references.js';
import { readSections } from './sections.js';

const ENGINE = 'builtin@2'; // raised with every change of what is read

/** With a reader of scanned pages, their text is recognised; without one they stay an uncertainty. */
export const createBuiltinEngine = ({ ocr }: { ocr?: OcrReader | undefined } = {}): PaperEngine => ({
  name: 'builtin',
  read: (input) => readPaper(input, ocr),
});

export const builtinEngine: PaperEngine = createBuiltinEngine();

async function readPaper(input: PaperInput, ocr: OcrReader | undefined): Promise<ReadPaper> {
  const document = await extractText({ ...input, ocr });
  const lines = linesOf(document);
  return { document, lines, paper: structurePaper(document, lines) };
}

/** Only what a line's place needs: the snapshot keeps these, not how the line was set. */
const linesOf = ({ layout }: ExtractedText): TextLine[] =>
  layout.paragraphs.flatMap((paragraph) =>
    paragraph.lines.map(({ startOffset, endOffset, page, box }) => ({ startOffset, endOffset, page, box })),
  );

export function structurePaper(document: ExtractedText, lines: readonly TextLine[]): StructuredPaper {
  const { text, headings, layout } = document;
  const source: PaperSource = { text, headings, layout, lines, title: document.title ?? null };
  const front = readFrontMatter(source);
  const apart = findSetApart(source);
  const outline = readSections(source, apart);
  const cited = readReferences(source, outline.sections);
  const { abstract } = front.places;
  const contents = readContents(source, { sections: outline.sections, references: cited.references, abstract }, apart);
  const parts = [front, outline, cited, contents];
  const { confidence: _c, uncertainties: _u, ...fields } = { ...front, ...outline, ...cited, ...contents };
  return {
    engine: ENGINE,
    ...fields,
    pages: layout.pages.map(({ number, width, height }) => ({ number, width, height })),
    confidence: parts.flatMap((part) => part.confidence),
    uncertainties: [...ofPages(document), ...parts.flatMap((part) => part.uncertainties)],
  };
}

const ofPages = ({ layout }: ExtractedText): PaperUncertainty[] => [
  ...layout.pages
    .filter((page) => page.isScanned)
    .map(({ number }) => ({
      code: 'SCANNED_PAGE' as const,
      message: `Page ${number} is an image without text: nothing of it was read. Text recognition (OCR) would.`,
      page: number,
    })),
  ...(layout.recognised ?? []).map(({ page, confidence }) => ({
    code: 'OCR_TEXT' as const,
    message: `The text of page ${page} was recognised from an image, ${Math.round(100 * confidence)} % sure: look at the page before you quote it.`,
    page,
  })),
];
