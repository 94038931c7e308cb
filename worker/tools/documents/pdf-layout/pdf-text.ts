/**
 * The runs of a PDF → the text of a document: paragraphs in reading order, each on one line, without running headers,
 * page numbers and line-end hyphens; with headings and pages marked by byte offsets, and every line with its own bytes and box.
 */
import type { HeadingSpan, PageSpan } from '../../../../src/evidence/document-text.js';
import type { DocumentLayout, DocumentLine, DocumentParagraph, FurnitureLine } from '../document-layout.js';
import type { PdfContent, PdfPage } from '../pdf-page.js';
import { type Block, blocksOf, bodySetting } from './blocks.js';
import { withRoles } from './classify.js';
import { type FontStyle, fontStyles } from './font-style.js';
import { withoutFurniture } from './furniture.js';
import { isGarbled } from './garbled.js';
import { joinLines, joinPair, type Vocabulary, vocabularyOf } from './join-lines.js';
import { leadInOf } from './lead-in.js';
import { type Line, linesOf } from './lines.js';
import { withMendedFonts } from './mend-fonts.js';
import { type Paragraph, rejoin } from './rejoin.js';
import { titleOf } from './title.js';

export interface PdfText extends DocumentLayout {
  text: string;
  title: string | undefined;
  headings: HeadingSpan[];
  pageSpans: PageSpan[];
}

// Of the font size: what a line's box covers above and below its baseline. Typical of text faces.
const ASCENT = 0.8;
const DESCENT = 0.22;

export function pdfText(content: PdfContent): PdfText {
  const set = withMendedFonts(content).map((page) => ({
    number: page.number,
    height: page.height,
    lines: linesOf(page),
  }));
  const pages = withoutFurniture(set);
  const lines = pages.flatMap((page) => page.lines);
  const body = bodySetting(lines);
  const vocabulary = vocabularyOf(lines.map((line) => line.text));
  const styleOf = fontStyles(content.fonts);
  const texts = blocksOf(lines, body).map((block) => ({ block, text: blockText(block, vocabulary) }));
  const blocks = withRoles(texts, body, styleOf);
  const title = titleOf(
    content.title,
    blocks.filter(({ block }) => block.lines[0]?.page === 1),
    body,
  );
  const heights = new Map(content.pages.map((page) => [page.number, page.height]));
  const look = (line: Line): Omit<DocumentLine, 'startOffset' | 'endOffset'> => {
    const baseline = (heights.get(line.page) ?? 0) - line.y;
    const { text, page, size, font, x, pieces } = line;
    const box = { x, y: baseline - ASCENT * size, width: line.endX - x, height: (ASCENT + DESCENT) * size };
    return { text, page, box, baseline, size, font, ...styleOf(font), isCell: line.follows, pieces };
  };
  const paragraphs = assemble(rejoin(blocks, body), { vocabulary, look, styleOf });
  return {
    text: paragraphs.map((paragraph) => `${paragraph.text}\n\n`).join(''),
    title,
    paragraphs,
    headings: paragraphs.filter(({ role }) => role === 'HEADING').map(toHeading),
    pageSpans: pageSpansOf(paragraphs),
    pages: content.pages.map((page) => {
      const { number, width, height, hasImage } = page;
      return { number, width, height, isScanned: hasImage, isGarbled: isGarbled(page) };
    }),
    furniture: [...stampsOf(content.pages), ...furnitureOf(set, pages)],
    declaredTitle: content.title,
    body,
  };
}

const toHeading = ({ level, text: title, startOffset, endOffset }: DocumentParagraph): HeadingSpan => ({
  level,
  title,
  startOffset,
  endOffset,
});

const blockText = (block: Block, vocabulary: Vocabulary): string =>
  joinLines(
    block.lines.map((line) => line.text),
    vocabulary,
  );

interface Setting {
  styleOf: (font: string) => FontStyle;
  vocabulary: Vocabulary;
  look: (line: Line) => Omit<DocumentLine, 'startOffset' | 'endOffset'>;
}

/** Sets the paragraphs one after another, a blank line between, and counts where everything stands. */
function assemble(paragraphs: readonly Paragraph[], { vocabulary, look, styleOf }: Setting): DocumentParagraph[] {
  let offset = 0;
  return paragraphs.map(({ parts, role, level }) => {
    const startOffset = offset;
    const lines: DocumentLine[] = [];
    let text = '';
    for (const line of parts.flatMap((part) => part.lines)) {
      text = text === '' ? line.text : joinPair(text, line.text, vocabulary);
      const endOffset = startOffset + Buffer.byteLength(text);
      const begins = endOffset - Buffer.byteLength(line.text);
      const last = lines.at(-1);
      if (last) last.endOffset = Math.min(last.endOffset, begins); // less its dropped hyphen
      lines.push({ ...look(line), startOffset: begins, endOffset });
    }
    const endOffset = startOffset + Buffer.byteLength(text);
    offset = endOffset + 2;
    const leadIn = role === 'PARAGRAPH' ? leadInOf(parts[0]?.lines[0], text, styleOf) : undefined;
    return { role, level, text, ...(leadIn && { leadIn }), startOffset, endOffset, lines };
  });
}

/** The stretches of the text that came from one page, without a gap between them. */
function pageSpansOf(paragraphs: readonly DocumentParagraph[]): PageSpan[] {
  const spans: PageSpan[] = [];
  for (const { lines, endOffset } of paragraphs) {
    for (const { page, startOffset } of lines) {
      const last = spans.at(-1);
      if (last?.number === page) continue;
      if (last) last.endOffset = startOffset;
      spans.push({ number: page, startOffset: last ? startOffset : 0, endOffset: startOffset });
    }
    const last = spans.at(-1);
    if (last) last.endOffset = endOffset + 2;
  }
  return spans;
}

/** What reads upwards beside the text. */
const stampsOf = (pages: readonly PdfPage[]): FurnitureLine[] =>
  pages.flatMap(({ number, turned }) => (turned ? [{ page: number, text: turned }] : []));

function furnitureOf(
  all: readonly { number: number; lines: Line[] }[],
  kept: readonly { lines: Line[] }[],
): FurnitureLine[] {
  return all.flatMap(({ number, lines }, index) => {
    const text = new Set(kept[index]?.lines);
    return lines.filter((line) => !text.has(line)).map((line) => ({ page: number, text: line.text }));
  });
}
