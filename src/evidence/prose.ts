/**
 * Tells sentences from what extraction leaves of tables, equations, code and captions. A quote must read as a sentence:
 * a row of numbers may be true and still says nothing to a reader.
 */

const MIN_WORDS = 4; // "It did not." reads as prose only beside its neighbours
const MIN_LETTER_SHARE = 0.6; // of the characters that are not white space
const MAX_SYMBOL_SHARE = 0.12;
const MAX_SHORT_WORD_SHARE = 0.6; // one- and two-letter tokens: letters spaced out, or variables of an equation

/** True when the text reads like a sentence of prose. */
export function isProse(text: string): boolean {
  const dense = text.replace(/\s/g, '');
  if (dense.length === 0) return false;
  const letters = count(dense, /\p{L}/gu);
  const symbols = count(dense, /[=+<>|{}\\^_~∑∫√∂∇≤≥±×÷→←∈∀∃�]/gu);
  if (letters / dense.length < MIN_LETTER_SHARE || symbols / dense.length > MAX_SYMBOL_SHARE) return false;
  const words = text.split(/\s+/).filter((word) => /\p{L}/u.test(word));
  if (/\p{Script=Han}|\p{Script=Hiragana}|\p{Script=Katakana}|\p{Script=Thai}/u.test(text)) return letters >= MIN_WORDS;
  const short = words.filter((word) => word.replace(/[^\p{L}]/gu, '').length <= 2).length;
  return words.length >= MIN_WORDS && short / words.length <= MAX_SHORT_WORD_SHARE;
}

/** Prose that can stand alone in a report: begins like a sentence and ends like one. */
export function isQuotable(text: string): boolean {
  return (
    isProse(text) &&
    /^["“‘'([]*[\p{Lu}\p{Lo}\p{N}]/u.test(text) &&
    /[.!?。！？]["'”’)\]]*(?:\s?\[[\d,;\s–-]+\]|\d{1,3}(?:[,–-]\d{1,3})*)?$/u.test(text)
  );
}

const count = (text: string, pattern: RegExp): number => text.match(pattern)?.length ?? 0;
