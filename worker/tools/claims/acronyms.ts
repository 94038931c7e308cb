/**
 * Acronyms as the texts themselves introduce them: "long form (LF)". Used to see that "LF" in one sentence is the "long
 * form" of another. Only initials that spell the acronym count, so a wrong pair is rare.
 */
import { tokenize } from '../../../src/evidence/tokenize.js';

/** Stem of the acronym → stems of its long form. */
export type Acronyms = ReadonlyMap<string, readonly string[]>;

const INTRODUCED = /((?:[\p{L}\p{N}]+[\s-]+){2,8})\((\p{Lu}[\p{L}\p{N}]{1,7})s?\)/gu;

/** Collects the acronyms that the texts introduce; the first introduction stands. */
export function readAcronyms(texts: Iterable<string>): Acronyms {
  const found = new Map<string, readonly string[]>();
  for (const text of texts) {
    for (const [, before = '', acronym = ''] of text.matchAll(INTRODUCED)) {
      const long = longForm(before.trim().split(/[\s-]+/u), acronym);
      const [key] = tokenize(acronym);
      const stems = tokenize(long.join(' '));
      if (key !== undefined && stems.length > 1 && !found.has(key)) found.set(key, stems);
    }
  }
  return found;
}

/** The last words whose initials, skipping small words, spell the acronym; empty when none do. */
function longForm(before: readonly string[], acronym: string): string[] {
  const letters = acronym.toLowerCase().replace(/s$/u, '');
  for (let start = before.length - 2; start >= 0; start -= 1) {
    const candidate = before.slice(start);
    const initials = candidate.map((word) => word[0]?.toLowerCase() ?? '').join('');
    const without = candidate
      .filter((word) => !/^(?:of|the|and|in|for|to|a)$/iu.test(word))
      .map((word) => word[0]?.toLowerCase() ?? '')
      .join('');
    if (initials === letters || without === letters) return candidate;
  }
  return [];
}
