/**
 * The runs of a PDF → the text of a document: paragraphs in reading order, each on one line, without running headers,
 * page numbers and line-end hyphens; with headings, pages and what is no evidence marked by byte offsets.
 */
import type { HeadingSpan, PageSpan } from '../../../../src/evidence/document-text.js';
import type { PdfContent } from '../pdf-page.js';
import { type Block, type BodySetting, blocksOf, bodySetting } from './blocks.js';
import { headingLevel, roleOf } from './classify.js';
import { withoutFurniture } from './furniture.js';
import { joinLines, joinPair, type Vocabulary, vocabularyOf } from './join-lines.js';
import { linesOf } from './lines.js';
import { type Paragraph, rejoin } from './rejoin.js';
import { titleOf } from './title.js';

export interface PdfText {
  text: string;
  title: string | undefined;
  headings: HeadingSpan[];
  pages: PageSpan[];
  captions: { startOffset: number; endOffset: number }[];
}

export function pdfText(content: PdfContent): PdfText {
  const pages = withoutFurniture(
    content.pages.map((page) => ({ number: page.number, height: page.height, lines: linesOf(page) })),
  );
  const lines = pages.flatMap((page) => page.lines);
  const body = bodySetting(lines);
  const vocabulary = vocabularyOf(lines.map((line) => line.text));
  const blocks = blocksOf(lines, body).map((block) => {
    const text = blockText(block, vocabulary);
    return { block, text, role: roleOf(block, text, body) };
  });
  const title = titleOf(
    content.title,
    blocks.filter(({ block }) => block.lines[0]?.page === 1),
  );
  return { title, ...assemble(rejoin(blocks, body), vocabulary, body) };
}

const blockText = (block: Block, vocabulary: Vocabulary): string =>
  joinLines(
    block.lines.map((line) => line.text),
    vocabulary,
  );

/** Sets the paragraphs one after another and counts where everything stands. */
function assemble(paragraphs: readonly Paragraph[], vocabulary: Vocabulary, body: BodySetting): Omit<PdfText, 'title'> {
  const chunks: string[] = [];
  const headings: HeadingSpan[] = [];
  const captions: { startOffset: number; endOffset: number }[] = [];
  const pages: PageSpan[] = [];
  let offset = 0;
  const reach = (page: number, endOffset: number) => {
    const last = pages.at(-1);
    if (last?.number === page) last.endOffset = endOffset;
    else pages.push({ number: page, startOffset: last?.endOffset ?? 0, endOffset });
  };
  for (const { parts, role } of paragraphs) {
    const startOffset = offset;
    let text = '';
    for (const part of parts) {
      const added = blockText(part, vocabulary);
      text = text === '' ? added : joinPair(text, added, vocabulary);
      // a page ends where the next part's own text begins
      const begins = startOffset + Buffer.byteLength(text) - Buffer.byteLength(added);
      const last = pages.at(-1);
      if (last && begins > last.endOffset) last.endOffset = begins;
      reach(part.lines[0]?.page ?? 1, startOffset + Buffer.byteLength(text));
    }
    offset = startOffset + Buffer.byteLength(text);
    const first = parts[0];
    if (role === 'HEADING' && first) {
      headings.push({ level: headingLevel(first, text, body), title: text, startOffset, endOffset: offset });
    }
    if (role === 'CAPTION') captions.push({ startOffset, endOffset: offset });
    chunks.push(text, '\n\n');
    offset += 2;
    const last = pages.at(-1);
    if (last) last.endOffset = offset;
  }
  return { text: chunks.join(''), headings, captions, pages };
}
