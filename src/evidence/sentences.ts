/**
 * Splits text into sentences with UTF-8 byte offsets. Reports quote these slices verbatim, so a wrong boundary becomes a
 * broken sentence in front of a reader. Where a full stop could be either, the sentence is left whole: two sentences in
 * one quote still say what the author said; half a sentence may not.
 *
 * Lines that begin as a heading, list item or table row stand alone; other lines of a block are one run of prose.
 */
import { endsInAbbreviation } from './abbreviations.js';
import { byteOffsetMap } from './byte-offsets.js';

export type SentenceKind = 'SENTENCE' | 'LIST_ITEM' | 'HEADING' | 'TABLE_ROW';

export interface Sentence {
  text: string; // the verbatim slice
  startOffset: number;
  endOffset: number;
  kind: SentenceKind;
}

/** Sentences in text order. `baseOffset` is added to every offset: where `text` itself starts in its snapshot. */
export function splitSentences(text: string, baseOffset = 0): Sentence[] {
  const bytes = byteOffsetMap(text);
  const sentences: Sentence[] = [];
  for (const block of blocks(text)) {
    for (const [start, end] of sentenceRanges(text, block)) {
      sentences.push({
        text: text.slice(start, end),
        startOffset: baseOffset + (bytes[start] ?? 0),
        endOffset: baseOffset + (bytes[end] ?? 0),
        kind: block.kind,
      });
    }
  }
  return sentences;
}

interface Block {
  start: number; // UTF-16 indexes
  end: number;
  kind: SentenceKind;
}

const HEADING_LINE = /^\s{0,3}#{1,6}\s/;
const TABLE_LINE = /^\s*\|.*\|\s*$/;
const LIST_LINE = /^\s*(?:[-*+•‣◦–]|\(?(?:\d{1,3}|[a-z]|[ivx]{1,5})[.)])\s+\S/;

/** Runs of lines that belong together: a blank line, heading, list item or table row ends the one before. */
function blocks(text: string): Block[] {
  const found: Block[] = [];
  let open: Block | undefined;
  let lineStart = 0;
  while (lineStart <= text.length) {
    const newline = text.indexOf('\n', lineStart);
    const lineEnd = newline === -1 ? text.length : newline;
    const line = text.slice(lineStart, lineEnd);
    const kind = lineKind(line);
    if (kind === undefined) open = undefined;
    else if (kind === 'SENTENCE' && open) open.end = lineEnd;
    else {
      const block: Block = { start: lineStart, end: lineEnd, kind };
      found.push(block);
      open = kind === 'SENTENCE' || kind === 'LIST_ITEM' ? block : undefined;
    }
    lineStart = lineEnd + 1;
  }
  return found;
}

function lineKind(line: string): SentenceKind | undefined {
  if (line.trim() === '') return undefined;
  if (HEADING_LINE.test(line)) return 'HEADING';
  if (TABLE_LINE.test(line)) return 'TABLE_ROW';
  return LIST_LINE.test(line) ? 'LIST_ITEM' : 'SENTENCE';
}

// A terminator, closing quotes or brackets, a citation set after the stop ("done.[3]", "done. [3]", "done.12"), then
// white space or, in scripts that use none, nothing.
const CANDIDATE =
  /(?:[.!?…]+|[。！？])["'”’»)\]]*(?: ?\[\d[\d,;\s–-]*\]|(?<=\p{Ll}\.)\d{1,3}(?:[,–-]\d{1,3})*)?(?=\s|$)|[。！？]/gu;

function sentenceRanges(text: string, block: Block): [number, number][] {
  const ranges: [number, number][] = [];
  let start = skipSpace(text, block.start, block.end);
  if (block.kind === 'HEADING' || block.kind === 'TABLE_ROW') return [[start, trimEnd(text, start, block.end)]];
  const body = text.slice(0, block.end);
  CANDIDATE.lastIndex = block.kind === 'LIST_ITEM' ? skipMarker(body, start) : start;
  for (let match = CANDIDATE.exec(body); match; match = CANDIDATE.exec(body)) {
    const end = match.index + match[0].length;
    if (end <= start || !isBoundary(body, start, match.index, end)) continue;
    ranges.push([start, end]);
    start = skipSpace(text, end, block.end);
  }
  const end = trimEnd(text, start, block.end);
  if (end > start) ranges.push([start, end]);
  return ranges;
}

/** Whether the text divides at `end`, the terminator beginning at `stop`. */
function isBoundary(body: string, start: number, stop: number, end: number): boolean {
  const rest = body.slice(end, end + 80).trimStart();
  if (rest === '') return true;
  if (/^[\p{Ll},;:)\]}=<>%&+*/–—-]/u.test(rest)) return isListDash(rest);
  if (body[stop] === '.' && endsInAbbreviation(body.slice(Math.max(start, stop - 40), stop), rest)) return false;
  return !isInsideParenthesis(body, start, end);
}

const isListDash = (rest: string): boolean => /^[–—-]\s+\p{Lu}/u.test(rest);

const PARENTHESIS_REACH = 400; // characters either way: a bracket open for longer was never closed

function isInsideParenthesis(body: string, start: number, end: number): boolean {
  let depth = 0;
  for (let i = Math.max(start, end - PARENTHESIS_REACH); i < end; i++) {
    if (body[i] === '(') depth += 1;
    else if (body[i] === ')') depth = Math.max(0, depth - 1);
  }
  if (depth === 0) return false;
  for (let i = end; i < Math.min(body.length, end + PARENTHESIS_REACH); i++) {
    if (body[i] === '(') depth += 1;
    else if (body[i] === ')' && --depth === 0) return true;
  }
  return false;
}

function skipMarker(text: string, start: number): number {
  const marker = /\s*\S+\s+/y;
  marker.lastIndex = start;
  return marker.test(text) ? marker.lastIndex : start;
}

function skipSpace(text: string, from: number, end: number): number {
  let i = from;
  while (i < end && /\s/.test(text.charAt(i))) i += 1;
  return i;
}

function trimEnd(text: string, start: number, from: number): number {
  let i = from;
  while (i > start && /\s/.test(text.charAt(i - 1))) i -= 1;
  return i;
}
