/**
 * Text → index terms. The same function makes the terms of documents and of questions; a change here makes every posting
 * stale, so it needs a new `TOKENIZER` name and a re-index.
 */
import { stemmer } from 'stemmer';
import { STOP_WORDS } from './stop-words.js';

export const TOKENIZER = 'porter@1';

const MAX_TERM_CHARS = 40; // longer runs are base64, hashes or glued table cells: no one searches for them

// Words, with decimals and thousands kept whole ("3.5", "1,400"): a number is worthless in pieces.
const WORD = /\p{L}[\p{L}\p{M}\p{N}]*|\p{N}+(?:[.,]\p{N}+)*[\p{L}\p{N}]*/gu;

/** Terms in order, with repeats: lower case, without diacritics, stop words dropped, Porter-stemmed. */
export function tokenize(text: string): string[] {
  const folded = text
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase();
  const terms: string[] = [];
  for (const [word] of folded.matchAll(WORD)) {
    if (word.length > MAX_TERM_CHARS || STOP_WORDS.has(word)) continue;
    terms.push(/^\p{Script=Latin}+$/u.test(word) ? stemmer(word) : word);
  }
  return terms;
}

/** Term → how often it occurs. */
export function termFrequencies(terms: readonly string[]): Map<string, number> {
  const frequencies = new Map<string, number>();
  for (const term of terms) frequencies.set(term, (frequencies.get(term) ?? 0) + 1);
  return frequencies;
}
