/**
 * A text as two readers of the same page can agree on it: without case, white space, hyphens, quotes, full stops, accents
 * and ligatures, which each of them sets in its own way. Every folded character knows the bytes that it came from.
 */

export interface FoldedText {
  folded: string;
  starts: Uint32Array; // [folded.length], UTF-8 byte offset of the character it came from
  ends: Uint32Array; // [folded.length], and where that ended
  breaks: Uint8Array; // [folded.length], what stood before it: a Break
}

/** What was dropped between a folded character and the one before it. */
export const Break = { NONE: 0, WORD: 1, LINE: 2 } as const;

const WORD_BREAK = /[\s\p{Pd}\u00ad\u2212]/u; // white space, hyphens and dashes, soft hyphen, minus
const UNREAD = /[\s\p{Pd}\p{M}\u00ad\u2212'"`\u00b4\u2018\u2019\u201c\u201d\u201e\u00ab\u00bb.]/gu;

export function foldText(text: string): FoldedText {
  const foldOne = folding();
  const pieces = Array.from(text, foldOne);
  const folded = pieces.join('');
  const starts = new Uint32Array(folded.length);
  const ends = new Uint32Array(folded.length);
  const breaks = new Uint8Array(folded.length);
  let offset = 0;
  let at = 0;
  let pending: number = Break.LINE;
  let index = 0;
  for (const character of text) {
    const end = offset + byteLength(character);
    const piece = pieces[index++] as string;
    if (piece === '') pending = Math.max(pending, breakAt(character));
    for (const last = at + piece.length; at < last; at++) {
      starts[at] = offset;
      ends[at] = end;
      breaks[at] = pending;
      pending = Break.NONE;
    }
    offset = end;
  }
  return { folded, starts, ends, breaks };
}

export const foldedOf = (text: string): string => Array.from(text, folding()).join('');

/** Index of the first folded character at or after a byte offset. */
export function foldedIndexOf({ starts }: FoldedText, offset: number): number {
  let low = 0;
  let high = starts.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((starts[middle] as number) < offset) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Each character's folding is found once a text: normalising is slow, and a text repeats itself. */
function folding(): (character: string) => string {
  const known = new Map<string, string>();
  return (character) => {
    let piece = known.get(character);
    if (piece === undefined) {
      piece = character.normalize('NFKD').toLowerCase().replace(UNREAD, '');
      known.set(character, piece);
    }
    return piece;
  };
}

function breakAt(character: string): number {
  if (character === '\n') return Break.LINE;
  return WORD_BREAK.test(character) ? Break.WORD : Break.NONE;
}

function byteLength(character: string): number {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x80) return 1;
  if (code < 0x800) return 2;
  return code < 0x10000 ? 3 : 4;
}
