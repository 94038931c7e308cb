/**
 * Cuts a snapshot's text into snippets: the passages that are searched, and that a receipt points into.
 *
 * A snippet is a verbatim slice of whole sentences from one section, about a paragraph long. It never reaches across a
 * heading, an excluded stretch (references, captions, tables) or a passage that is no prose. Where a paragraph is too
 * long it is cut between sentences; where paragraphs are short they are taken together.
 */
import { byteOffsetMap } from './byte-offsets.js';
import type { DocumentText } from './document-text.js';
import { isProse } from './prose.js';
import { type Sentence, splitSentences } from './sentences.js';

// Words. Passages of 100–150 words keep an answer together with what it refers to, and still fit one screen.
const MIN_WORDS = 60;
const MAX_WORDS = 150;

export interface CutSnippet {
  ordinal: number; // 0, 1, 2 … in text order
  text: string;
  startOffset: number; // UTF-8 bytes into the snapshot
  endOffset: number;
  page: number | undefined; // where it starts
  heading: string | undefined; // of the innermost section it stands in
}

/** Snippets in text order; none when the document holds no prose. */
export function cutSnippets(document: DocumentText): CutSnippet[] {
  const bytes = Buffer.from(document.text);
  const snippets: CutSnippet[] = [];
  for (const passage of passages(document)) {
    for (const window of windows(passage.paragraphs)) {
      const startOffset = window[0]?.startOffset ?? 0;
      const endOffset = window.at(-1)?.endOffset ?? startOffset;
      snippets.push({
        ordinal: snippets.length,
        text: bytes.toString('utf8', startOffset, endOffset),
        startOffset,
        endOffset,
        page: pageAt(document, startOffset),
        heading: passage.heading,
      });
    }
  }
  return snippets;
}

interface Paragraph {
  sentences: Sentence[];
  words: number;
}

interface Passage {
  heading: string | undefined;
  paragraphs: Paragraph[];
}

/** Runs of prose paragraphs with nothing between them that a snippet may not hold. */
function passages(document: DocumentText): Passage[] {
  const found: Passage[] = [];
  const walls = [...document.headings, ...document.excluded].sort((a, b) => a.startOffset - b.startOffset);
  let open: Passage | undefined;
  let heading: string | undefined;
  let wall = 0;
  for (const paragraph of paragraphs(document.text)) {
    const start = paragraph.sentences[0]?.startOffset ?? 0;
    for (let next = walls[wall]; next && next.startOffset <= start; next = walls[++wall]) {
      if ('title' in next) heading = next.title;
      open = undefined;
    }
    if (isWalledOff(document, start) || !readsAsProse(paragraph)) {
      open = undefined;
      continue;
    }
    if (!open) {
      open = { heading, paragraphs: [] };
      found.push(open);
    }
    open.paragraphs.push(paragraph);
  }
  return found;
}

function isWalledOff(document: DocumentText, offset: number): boolean {
  const holds = (span: { startOffset: number; endOffset: number }) =>
    span.startOffset <= offset && offset < span.endOffset;
  return document.excluded.some(holds) || document.headings.some(holds);
}

const readsAsProse = ({ sentences }: Paragraph): boolean => {
  const prose = sentences.filter(
    (sentence) => sentence.kind !== 'HEADING' && sentence.kind !== 'TABLE_ROW' && isProse(sentence.text),
  );
  return prose.length * 2 > sentences.length || (prose.length > 0 && sentences.length <= 2);
};

function paragraphs(text: string): Paragraph[] {
  const offsets = byteOffsetMap(text);
  const found: Paragraph[] = [];
  for (const match of text.matchAll(/\S[^\n]*(?:\n(?!\s*\n)[^\n]*)*/g)) {
    const sentences = splitSentences(match[0], offsets[match.index] ?? 0);
    const words = sentences.reduce((sum, sentence) => sum + wordCount(sentence.text), 0);
    if (sentences.length > 0) found.push({ sentences, words });
  }
  return found;
}

/** Groups sentences into windows of MIN_WORDS–MAX_WORDS, preferring to break where a paragraph ends. */
function windows(passage: readonly Paragraph[]): Sentence[][] {
  const found: Sentence[][] = [];
  let open: Sentence[] = [];
  let words = 0;
  const close = () => {
    if (open.length > 0) found.push(open);
    open = [];
    words = 0;
  };
  for (const paragraph of passage) {
    if (words > 0 && words + paragraph.words > MAX_WORDS) close();
    for (const sentence of paragraph.sentences) {
      const length = wordCount(sentence.text);
      if (words >= MIN_WORDS && words + length > MAX_WORDS) close();
      open.push(sentence);
      words += length;
    }
    if (words >= MIN_WORDS) close();
  }
  close();
  return found;
}

function pageAt(document: DocumentText, offset: number): number | undefined {
  return document.pages.find((page) => page.startOffset <= offset && offset < page.endOffset)?.number;
}

const wordCount = (text: string): number => text.split(/\s+/).length;
