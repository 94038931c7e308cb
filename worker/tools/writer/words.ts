/**
 * Words and numbers as a checker compares them: letter case, line breaks, hyphenation, ligatures and typographic
 * quotes do not count; every word, digit and sign does.
 */
import { NEGATIONS, QUALIFIERS } from './wording.js';

export interface Word {
  text: string;
  /** UTF-16 offsets into the text the words were read from. */
  start: number;
  end: number;
}

const WORD = /\p{L}[\p{L}\p{M}]*(?:(?:['’‑­]|[-‐]\s*\n?\s*(?=\p{Ll}))\p{L}[\p{L}\p{M}]*)*|\p{N}+(?:[.,]\p{N}+)*/gu;

/** Words in order: compatibility-folded, lower case, hyphens and apostrophes inside a word left out. */
export function words(text: string): Word[] {
  return Array.from(text.matchAll(WORD), (match) => ({
    text: foldWord(match[0]),
    start: match.index,
    end: match.index + match[0].length,
  }));
}

const foldWord = (raw: string) =>
  raw
    .normalize('NFKC')
    .toLowerCase()
    .replace(/n['’]t$/u, 'nt')
    .replace(/['’‑­\-‐\s]/gu, '');

export interface Quantity {
  /** Canonical decimal without thousands separators, sign included: "1200", "-0.5". */
  value: string;
  /** "%" or the word that follows, in lower case; empty at the end of a clause. */
  unit: string;
}

const NUMBER =
  /(?<![\p{L}\p{N}.])([-−]?)(\d{1,3}(?:,\d{3})+|\d+)((?:\.\d+)?)(?:\s*(%|percent\b|per cent\b)|[\s-]?(\p{L}{1,20})?)/gu;

/** Numbers with what they count, in order. Digits inside a name ("p53", "BM25") are part of the name. */
export function quantities(text: string): Quantity[] {
  return Array.from(text.normalize('NFKC').matchAll(NUMBER), (match) => ({
    value: `${match[1] ? '-' : ''}${(match[2] ?? '').replaceAll(',', '')}${trimZeros(match[3] ?? '')}`,
    unit: match[4] ? '%' : (match[5] ?? '').toLowerCase(),
  }));
}

const trimZeros = (fraction: string) => fraction.replace(/0+$/u, '').replace(/\.$/u, '');

const CONTRACTED = /^(?:do|does|did|is|are|was|were|has|have|had|ca|wo|would|could|should|must|need)nt$/u;
export const isNegation = (word: string) => NEGATIONS.has(word) || CONTRACTED.test(word);

/** How many words of a list turn the assertion round. */
export const countNegations = (list: readonly Word[]) => list.filter((word) => isNegation(word.text)).length;

/** The bounding and negating words in order of the alphabet, with repeats: equal lists, equal force. */
export const guardWords = (list: readonly Word[]): string[] =>
  list
    .map((word) => word.text)
    .filter((text) => isNegation(text) || QUALIFIERS.has(text))
    .sort();
