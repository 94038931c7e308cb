/**
 * Finds where in our text a piece stands that another reader took from the same pages: by its words, and by its
 * coordinates among several places with the same words or where the words differ too much.
 *
 * A lane keeps its own position, since each kind of piece (headings, references, …) comes in the order of the paper.
 */
import { boxesOf, type PageBox, placeOf } from '../../../../src/papers/place-of.js';
import type { Box, Place, TextLine } from '../../../../src/papers/structured-paper.js';
import type { ExtractedText } from '../../documents/extract-text.js';
import { regionOf } from './coordinates.js';
import { Break, type FoldedText, foldedIndexOf, foldedOf, foldText } from './folded-text.js';

export interface SoughtPiece {
  wordings: readonly string[]; // the same piece in several spellings, the likeliest first
  boxes?: readonly PageBox[]; // where the other reader saw it
  startsLine?: boolean; // a heading: a place at the start of a line is the better one
}

export type LocatedBy =
  | 'TEXT' // one of the wordings stands there in full
  | 'ENDS' // its beginning stands there, and most likely its end
  | 'COORDINATES' // the other reader's page and box; the offsets are the page's start, without length
  | 'NOTHING'; // no page; the offsets are those of the piece before, without length

export interface LocatedPiece {
  place: Place;
  by: LocatedBy;
  wording: number; // which one, -1 for none
}

export type Lane = (piece: SoughtPiece) => LocatedPiece;

const WINDOW = 300_000; // folded characters searched without a page: about 100 pages on
const MAX_CANDIDATES = 500; // of the same words on one page
const FREE_LENGTH = 20; // so many characters stand for themselves; fewer need a page or the right order
const NEAR = { across: 40, down: 9 }; // points: a line's height, and the error of a place within a line
const SHORT_LENGTH = 6; // "[12]", "A": the words alone do not tell which
const ANCHOR = 20; // characters of a beginning or an end that are looked for
const ANCHOR_STEPS = [0, 15, 30]; // where the first of them differ, those after may not
const MIN_ANCHORED = 40;
const CLOSING = /[.'"\u2019\u201d\u00bb]\s*$/;
const MAX_CLOSING_BYTES = 8;

/** Starts lanes over one document; indexing the text is the work. */
export function createLocator(
  document: Pick<ExtractedText, 'text' | 'pages'>,
  lines: readonly TextLine[],
): { startLane: () => Lane } {
  const index = foldText(document.text);
  const pages = new Map<number, PageText>();
  for (const { number, startOffset, endOffset } of document.pages) {
    const page = pages.get(number) ?? { startOffset, ranges: [] };
    page.ranges.push({ from: foldedIndexOf(index, startOffset), to: foldedIndexOf(index, endOffset) });
    pages.set(number, page);
  }
  const rangesOf = (page: number): readonly Range[] => pages.get(page)?.ranges ?? [];
  const bytes = Buffer.from(document.text);
  /** With the full stop and quotes right behind it when the wording ends with such: folding dropped them. */
  const placeAt = ({ from, to }: Range, wording: string): Place => {
    const end = index.ends[to - 1] as number;
    const behind = bytes.subarray(end, Math.min(index.starts[to] ?? bytes.length, end + MAX_CLOSING_BYTES)).toString();
    const closing = CLOSING.test(wording) ? (/^[.'"\u2019\u201d\u00bb]*/.exec(behind)?.[0] ?? '') : '';
    return placeOf(lines, index.starts[from] as number, end + Buffer.byteLength(closing));
  };

  const startLane = (): Lane => {
    let cursor = 0; // folded index after the piece before
    return (piece) => {
      const onPage = piece.boxes?.[0] ? rangesOf(piece.boxes[0].page) : [];
      const wordings = piece.wordings.map(foldedOf);
      for (const [wording, words] of wordings.entries()) {
        if (words === '') continue;
        const found = wholeAt(words, onPage, piece);
        if (found === undefined) continue;
        cursor = found.to;
        return { place: placeAt(found, piece.wordings[wording] ?? ''), by: 'TEXT', wording };
      }
      for (const [wording, words] of wordings.entries()) {
        const found = endsAt(index, words, onPage.length > 0 ? onPage : ahead(cursor));
        if (found === undefined) continue;
        cursor = found.to;
        return { place: placeAt(found, piece.wordings[wording] ?? ''), by: 'ENDS', wording };
      }
      return withoutText(piece.boxes ?? [], cursor);
    };

    function wholeAt(words: string, onPage: readonly Range[], piece: SoughtPiece): Range | undefined {
      if (onPage.length > 0) {
        const here = onPage.flatMap((range) => occurrences(index, words, range, MAX_CANDIDATES));
        const near = nearest(here, piece);
        if (near !== undefined) return near;
        if (words.length < FREE_LENGTH) return undefined;
      }
      const after = ahead(cursor).flatMap((range) => occurrences(index, words, range, MAX_CANDIDATES));
      const lineStart = piece.startsLine ? after.find(({ from }) => index.breaks[from] === Break.LINE) : undefined;
      return lineStart ?? after[0];
    }
  };

  const ahead = (cursor: number): Range[] => [
    { from: cursor, to: Math.min(cursor + WINDOW, index.folded.length) },
    { from: Math.max(0, cursor - WINDOW), to: cursor },
  ];

  /** The occurrence closest to where the other reader saw the piece; none when a short piece has none beside it. */
  function nearest(candidates: readonly Range[], { boxes, startsLine }: SoughtPiece): Range | undefined {
    const seen = boxes?.[0]?.box;
    if (seen === undefined) return candidates[0];
    let best: { range: Range; distance: number } | undefined;
    for (const range of candidates) {
      const box = boxesOf(lines, index.starts[range.from] as number, index.ends[range.to - 1] as number)[0]?.box;
      const { across, down } = box ? gapsBetween(box, seen) : { across: Number.MAX_VALUE, down: 0 };
      if (range.to - range.from < SHORT_LENGTH && (across > NEAR.across || down > NEAR.down)) continue;
      const penalty = startsLine && index.breaks[range.from] !== Break.LINE ? NEAR.down : 0;
      const distance = across + down + penalty;
      if (best === undefined || distance < best.distance) best = { range, distance };
    }
    return best?.range;
  }

  function withoutText(boxes: readonly PageBox[], cursor: number): LocatedPiece {
    const region = regionOf(boxes);
    const page = region ? pages.get(region.page) : undefined;
    if (region && page) {
      const offsets = { startOffset: page.startOffset, endOffset: page.startOffset };
      return { place: { ...offsets, ...region }, by: 'COORDINATES', wording: -1 };
    }
    const offset = cursor === 0 ? 0 : (index.ends[cursor - 1] as number);
    return {
      place: { startOffset: offset, endOffset: offset, page: null, box: null },
      by: 'NOTHING',
      wording: -1,
    };
  }

  return { startLane };
}

/** Folded indexes, half-open. */
interface Range {
  from: number;
  to: number;
}

interface PageText {
  startOffset: number; // bytes
  ranges: Range[];
}

/** Points between two boxes side by side, with a little for not beginning at the same edge, and between their middles. */
const gapsBetween = (a: Box, b: Box): { across: number; down: number } => ({
  across: Math.max(0, a.x - (b.x + b.width), b.x - (a.x + a.width)) + Math.abs(a.x - b.x) / 100,
  down: Math.abs(a.y + a.height / 2 - (b.y + b.height / 2)),
});

/** Where the words stand as whole words and begin within the range, in text order. */
function occurrences(index: FoldedText, words: string, { from, to }: Range, limit: number): Range[] {
  const found: Range[] = [];
  const part = index.folded.slice(from, to + words.length - 1); // a search never looks beyond the range
  for (let at = part.indexOf(words); at >= 0 && found.length < limit; at = part.indexOf(words, at + 1)) {
    const range = { from: from + at, to: from + at + words.length };
    if (isBoundary(index, range.from) && isBoundary(index, range.to)) found.push(range);
  }
  return found;
}

const LETTER = /\p{L}/u;
const DIGIT = /\p{N}/u;

/** Not between two letters or two digits of one word: a mark of citation stands right after a word. */
function isBoundary({ folded, breaks }: FoldedText, at: number): boolean {
  if (at === 0 || at >= folded.length || breaks[at] !== Break.NONE) return true;
  const [before = '', after = ''] = [folded[at - 1], folded[at]];
  return !(LETTER.test(before) && LETTER.test(after)) && !(DIGIT.test(before) && DIGIT.test(after));
}

/** A long piece of which some characters differ: found by how it begins, and ended where it ends or should end. */
function endsAt(index: FoldedText, words: string, ranges: readonly Range[]): Range | undefined {
  if (words.length < MIN_ANCHORED) return undefined;
  const { folded } = index;
  for (const skipped of ANCHOR_STEPS) {
    const head = words.slice(skipped, skipped + ANCHOR);
    if (head.length < ANCHOR) return undefined;
    for (const { from, to } of ranges) {
      const at = folded.slice(from, to).indexOf(head);
      if (at < 0) continue;
      const start = from + Math.max(0, at - skipped);
      return { from: start, to: endAfter(folded, words, start) };
    }
  }
  return undefined;
}

/** Half as long again is the most that a footnote or a running header in between may add. */
function endAfter(folded: string, words: string, start: number): number {
  const latest = Math.min(folded.length, start + Math.ceil(words.length * 1.5) + ANCHOR);
  for (const skipped of ANCHOR_STEPS) {
    const end = words.length - skipped;
    const tail = words.slice(Math.max(0, end - ANCHOR), end);
    const middle = start + Math.floor(words.length / 2);
    const at = folded.slice(middle, latest).indexOf(tail);
    if (at >= 0) return Math.min(folded.length, middle + at + tail.length + skipped);
  }
  return Math.min(folded.length, start + words.length);
}
