/** Matching of words in a folded text: where they stand in full, where they begin and end, how alike two stretches are. */
import { Break, type FoldedText } from './folded-text.js';

/** Folded indexes, half-open. */
export interface Range {
  from: number;
  to: number;
}

/** Where the words stand as whole words and begin within the range, in text order. */
export function occurrences(index: FoldedText, words: string, { from, to }: Range, limit: number): Range[] {
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

const ANCHOR = 20; // characters of a beginning or an end that are looked for
const ANCHOR_STEPS = [0, 15, 30]; // where the first of them differ, those after may not
const MIN_ANCHORED = 40;
const MIN_LIKENESS = 0.5; // below it the stretch is another one with a similar beginning

/** A long piece of which some characters differ: found by how it begins, and ended where it ends or should end. */
export function betweenEnds({ folded }: FoldedText, words: string, ranges: readonly Range[]): Range | undefined {
  if (words.length < MIN_ANCHORED) return undefined;
  for (const skipped of ANCHOR_STEPS) {
    const head = words.slice(skipped, skipped + ANCHOR);
    for (const { from, to } of head.length === ANCHOR ? ranges : []) {
      const at = folded.slice(from, to).indexOf(head);
      if (at < 0) continue;
      const start = from + Math.max(0, at - skipped);
      const found = { from: start, to: endAfter(folded, words, start) };
      if (likeness(words, folded.slice(found.from, found.to)) >= MIN_LIKENESS) return found;
    }
  }
  return undefined;
}

/** Half as long again is the most that a footnote or a running header in between may add. */
function endAfter(folded: string, words: string, start: number): number {
  const latest = Math.min(folded.length, start + Math.ceil(words.length * 1.5) + ANCHOR);
  const middle = start + Math.floor(words.length / 2);
  for (const skipped of ANCHOR_STEPS) {
    const end = words.length - skipped;
    const tail = words.slice(Math.max(0, end - ANCHOR), end);
    const at = folded.slice(middle, latest).indexOf(tail);
    if (at >= 0) return Math.min(folded.length, middle + at + tail.length + skipped);
  }
  return Math.min(folded.length, start + words.length);
}

const GRAM = 4; // characters

/** The share of the words' sequences of four characters that the stretch has too, 0..1. */
export function likeness(words: string, stretch: string): number {
  const sought = grams(words);
  const there = grams(stretch);
  let shared = 0;
  for (const gram of sought) if (there.has(gram)) shared += 1;
  return sought.size === 0 ? 0 : shared / sought.size;
}

function grams(text: string): Set<string> {
  const found = new Set<string>();
  for (let at = 0; at + GRAM <= text.length; at++) found.add(text.slice(at, at + GRAM));
  return found;
}
