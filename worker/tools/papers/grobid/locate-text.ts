/**
 * Finds where in our text a piece stands that another reader took from the same pages: by its words, by its coordinates
 * among several places with the same words, and by its coordinates alone where the words differ too much.
 *
 * A lane keeps its own position, since each kind of piece (headings, references, …) comes in the order of the paper.
 */
import { boxesOf, type PageBox, placeOf } from '../../../../src/papers/place-of.js';
import type { Box, Place, TextLine } from '../../../../src/papers/structured-paper.js';
import type { ExtractedText } from '../../documents/extract-text.js';
import { regionOf } from './coordinates.js';
import { Break, foldedIndexOf, foldedOf, foldText } from './folded-text.js';
import { betweenEnds, likeness, occurrences, type Range } from './match-text.js';

export interface SoughtPiece {
  wordings: readonly string[]; // the same piece in several spellings, the likeliest first
  boxes?: readonly PageBox[]; // where the other reader saw it
  startsLine?: boolean; // a heading: a place at the start of a line is the better one
  part?: string | undefined; // a part of it that tells enough where it is, when the whole is not found
  trustsBoxes?: boolean; // the words of the lines within the boxes need not be like the piece's: formulas
}

export type LocatedBy =
  | 'TEXT' // one of the wordings stands there in full
  | 'LINES' // the lines within the boxes, whose words are like the piece's
  | 'ENDS' // its beginning stands there, most likely its end, and much of what is between
  | 'PART' // the part stands there in full
  | 'COORDINATES' // the other reader's page and box; the offsets are the page's start, without length
  | 'NOTHING'; // no page; the offsets are those of the piece before, without length

export interface LocatedPiece {
  place: Place;
  by: LocatedBy;
  wording: number; // which one, -1 for none of them
}

export type Lane = (piece: SoughtPiece) => LocatedPiece;

const WINDOW = 300_000; // folded characters searched without a page: about 100 pages on
const MAX_CANDIDATES = 500; // of the same words on one page
const FREE_LENGTH = 20; // so many characters stand for themselves; fewer need the page or the right order
const SHORT_LENGTH = 6; // "[12]", "A": the words alone do not tell which
const NEAR = { across: 40, down: 9 }; // points: a line's height, and the error of a place within a line
const MIN_LIKENESS = 0.5;

/** Starts lanes over one document; indexing the text is the work. */
export function createLocator(
  document: Pick<ExtractedText, 'text' | 'pages'>,
  lines: readonly TextLine[],
): { startLane: () => Lane } {
  const index = foldText(document.text);
  const bytes = Buffer.from(document.text);
  const pages = pageTexts(document, lines);
  const rangeOf = (span: { startOffset: number; endOffset: number }): Range => ({
    from: foldedIndexOf(index, span.startOffset),
    to: foldedIndexOf(index, span.endOffset),
  });

  return {
    startLane: () => {
      let cursor = 0; // folded index after the piece before
      return (piece) => {
        const found = search(piece, cursor);
        if (found === undefined) return withoutText(piece.boxes ?? [], cursor);
        cursor = found.range.to;
        const { range, by, wording } = found;
        const words = by === 'PART' ? piece.part : piece.wordings[wording];
        return { place: placeAt(range, words), by, wording };
      };
    },
  };

  function search(piece: SoughtPiece, cursor: number): { range: Range; by: LocatedBy; wording: number } | undefined {
    const onPage = (pages.get(piece.boxes?.[0]?.page ?? 0)?.spans ?? []).map(rangeOf);
    const wordings = piece.wordings.map(foldedOf);
    for (const [wording, words] of wordings.entries()) {
      const range = whole(words, onPage, piece, cursor);
      if (range) return { range, by: 'TEXT', wording };
    }
    const region = linesWithin(piece, wordings[0] ?? '');
    if (region) return { range: region, by: 'LINES', wording: -1 };
    for (const [wording, words] of wordings.entries()) {
      const range = betweenEnds(index, words, onPage.length > 0 ? onPage : around(cursor));
      if (range) return { range, by: 'ENDS', wording };
    }
    const part = whole(foldedOf(piece.part ?? ''), onPage, piece, cursor);
    return part && { range: part, by: 'PART', wording: -1 };
  }

  function whole(words: string, onPage: readonly Range[], piece: SoughtPiece, cursor: number): Range | undefined {
    if (words === '') return undefined;
    const within = (ranges: readonly Range[]) =>
      ranges.flatMap((range) => occurrences(index, words, range, MAX_CANDIDATES));
    if (onPage.length > 0) {
      const near = nearest(within(onPage), piece);
      if (near !== undefined || words.length < FREE_LENGTH) return near;
    }
    const after = within(around(cursor));
    const lineStart = piece.startsLine ? after.find(({ from }) => index.breaks[from] === Break.LINE) : undefined;
    return lineStart ?? after[0];
  }

  /** What follows first, then what stood before. */
  function around(cursor: number): Range[] {
    return [
      { from: cursor, to: Math.min(cursor + WINDOW, index.folded.length) },
      { from: Math.max(0, cursor - WINDOW), to: cursor },
    ];
  }

  /** The occurrence closest to where the other reader saw the piece; none when a short piece has none beside it. */
  function nearest(candidates: readonly Range[], { boxes, startsLine }: SoughtPiece): Range | undefined {
    const seen = boxes?.[0]?.box;
    if (seen === undefined) return candidates[0];
    let best: { range: Range; distance: number } | undefined;
    for (const range of candidates) {
      const box = boxesOf(lines, startOf(range), endOf(range))[0]?.box;
      const { across, down } = box ? gapsBetween(box, seen) : { across: Number.MAX_VALUE, down: 0 };
      if (range.to - range.from < SHORT_LENGTH && (across > NEAR.across || down > NEAR.down)) continue;
      const penalty = startsLine && index.breaks[range.from] !== Break.LINE ? NEAR.down : 0;
      const distance = across + down + penalty;
      if (best === undefined || distance < best.distance) best = { range, distance };
    }
    return best?.range;
  }

  /** From the first to the last line within the boxes, when little else stands between them. */
  function linesWithin({ boxes = [], trustsBoxes }: SoughtPiece, words: string): Range | undefined {
    const within = boxes.flatMap(
      ({ page, box }) => pages.get(page)?.lines.filter((line) => isWithin(line.box, box)) ?? [],
    );
    const inside = [...new Set(within)];
    if (inside.length === 0) return undefined;
    const startOffset = Math.min(...inside.map((line) => line.startOffset));
    const endOffset = Math.max(...inside.map((line) => line.endOffset));
    const covered = inside.reduce((sum, line) => sum + line.endOffset - line.startOffset, 0);
    if (endOffset - startOffset > covered * 1.5) return undefined;
    const range = rangeOf({ startOffset, endOffset });
    const isLike = trustsBoxes || likeness(words, index.folded.slice(range.from, range.to)) >= MIN_LIKENESS;
    return isLike && range.from < range.to ? range : undefined;
  }

  function startOf({ from }: Range): number {
    return index.starts[from] as number;
  }

  function endOf({ to }: Range): number {
    return index.ends[to - 1] as number;
  }

  /** With the full stop and quotes right behind it when the wording ends with such, or is unknown: folding dropped them. */
  function placeAt(range: Range, wording: string | undefined): Place {
    const end = endOf(range);
    const next = Math.min(index.starts[range.to] ?? bytes.length, end + MAX_CLOSING_BYTES);
    const closes = wording === undefined || CLOSING.test(wording);
    const closing = closes ? (/^[.'"\u2019\u201d\u00bb]*/.exec(bytes.subarray(end, next).toString())?.[0] ?? '') : '';
    return placeOf(lines, startOf(range), end + Buffer.byteLength(closing));
  }

  function withoutText(boxes: readonly PageBox[], cursor: number): LocatedPiece {
    const region = regionOf(boxes);
    const startOffset = region ? pages.get(region.page)?.spans[0]?.startOffset : undefined;
    if (region && startOffset !== undefined)
      return { place: { startOffset, endOffset: startOffset, ...region }, by: 'COORDINATES', wording: -1 };
    const offset = cursor === 0 ? 0 : (index.ends[cursor - 1] as number);
    const place = { startOffset: offset, endOffset: offset, page: null, box: null };
    return { place, by: 'NOTHING', wording: -1 };
  }
}

const CLOSING = /[.'"\u2019\u201d\u00bb]\s*$/;
const MAX_CLOSING_BYTES = 8;

interface PageText {
  spans: { startOffset: number; endOffset: number }[]; // bytes
  lines: TextLine[];
}

function pageTexts({ pages }: Pick<ExtractedText, 'pages'>, lines: readonly TextLine[]): Map<number, PageText> {
  const texts = new Map<number, PageText>();
  for (const { number, ...span } of pages) {
    const page = texts.get(number) ?? { spans: [], lines: [] };
    page.spans.push(span);
    texts.set(number, page);
  }
  for (const line of lines) texts.get(line.page)?.lines.push(line);
  return texts;
}

/** Points between two boxes side by side, with a little for not beginning at the same edge, and between their middles. */
const gapsBetween = (a: Box, b: Box): { across: number; down: number } => ({
  across: Math.max(0, a.x - (b.x + b.width), b.x - (a.x + a.width)) + Math.abs(a.x - b.x) / 100,
  down: Math.abs(a.y + a.height / 2 - (b.y + b.height / 2)),
});

/** The line's middle is between the box's edges, and most of the line beside no other. */
function isWithin(line: Box, box: Box): boolean {
  const middle = line.y + line.height / 2;
  const shared = Math.min(line.x + line.width, box.x + box.width) - Math.max(line.x, box.x);
  return middle >= box.y && middle <= box.y + box.height && shared >= line.width / 2;
}
