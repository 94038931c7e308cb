/**
 * The short names a source gives to its subjects, so that a sentence which says only "SWA" or "R. terraenovae" is known to
 * speak of sliding window attention or of Atlantic sharpnose sharks. Two forms of scholarly English are read, and a short
 * name counts in its own source only: what it stands for elsewhere is another matter.
 *
 *   sliding window attention (SWA)                       an acronym behind the words, or before them, that spell it
 *   Atlantic Sharpnose Sharks Rhizoprionodon terraenovae  a common name before a binomial, whose genus is abbreviated later
 */
import { tokenize } from '../../../src/evidence/tokenize.js';

/** A short name where its source explains it. */
export interface Definition {
  short: string;
  /** The words it stands for, as printed. */
  long: string;
  /** UTF-16 index of the first of them, and of what follows the explanation. */
  start: number;
  end: number;
}

const SHORT = '\\p{Lu}[\\p{L}\\p{N}-]{0,8}\\p{Lu}|\\p{Lu}{2,8}s?';
/** "… (LEEK)", "… (hereafter LEEK)", "… (TEK, [2])". */
const BEHIND = new RegExp(
  `\\((?:(?:hereafter|henceforth|or|abbreviated(?: as)?) )?(${SHORT})(?:[,;] [^()]{1,60})?\\)`,
  'gu',
);
/** "LEEK (landscape ethnoecological knowledge)". */
const BEFORE = new RegExp(`(?<![\\p{L}\\p{N}-])(${SHORT}) \\(([^()]{5,90})\\)`, 'gu');
const SMALL = /^(?:of|the|and|for|in|on|to|a|an|with|by|or|de|then|from|at|into)$/iu;
const MAX_SMALL_WORDS = 3; // that an acronym may leave out

/** Acronyms with the words beside them that they are made of, in order. */
export function findAcronyms(text: string): Definition[] {
  const behind = Array.from(text.matchAll(BEHIND)).flatMap((match) => {
    const short = match[1] ?? '';
    const before = text.slice(Math.max(0, match.index - 160), match.index);
    const long = wordsBehind(before, lettersOf(short));
    if (long === null) return [];
    const start = match.index - before.length + before.lastIndexOf(long);
    return [{ short, long, start, end: match.index + match[0].length }];
  });
  const before = Array.from(text.matchAll(BEFORE)).flatMap((match) => {
    const [whole, short = '', long = ''] = match;
    const all = wordsBehind(long, lettersOf(short)) === long.trim();
    return all ? [{ short, long: long.trim(), start: match.index, end: match.index + whole.length }] : [];
  });
  return [...behind, ...before].sort((a, b) => a.start - b.start);
}

const lettersOf = (short: string) =>
  short
    .replace(/s$/u, '')
    .replace(/[^\p{L}]/gu, '')
    .toLowerCase();

/**
 * The shortest run of words at the end of `before` that spells these letters; null when there is none. Each word but the
 * small ones gives its first letter, and may give further ones: "landscape ethnoecological knowledge" spells LEEK.
 */
function wordsBehind(before: string, letters: string): string | null {
  const spans = Array.from(before.matchAll(/[\p{L}\p{N}]+(?:['’][\p{L}]+)?/gu));
  const gapAfter = (index: number) => {
    const span = spans[index];
    return before.slice((span?.index ?? 0) + (span?.[0].length ?? 0), spans[index + 1]?.index);
  };
  const startOf = (index: number, left: string, skipped: number): number | null => {
    const word = spans[index]?.[0].toLowerCase();
    if (word === undefined || !/^[\s–-]*$/u.test(gapAfter(index))) return null; // a comma or a bracket stands between
    for (let taken = 1; taken <= Math.min(left.length, MAX_LETTERS_OF_A_WORD); taken++) {
      const part = left.slice(left.length - taken);
      if (!word.startsWith(part.charAt(0)) || !hasInOrder(word.slice(1), part.slice(1))) continue;
      if (taken > 1 && (word.length < LONG_WORD || letters.length < MIN_LETTERS_TO_LOOK_INSIDE)) continue;
      if (taken === left.length) return index;
      const start = startOf(index - 1, left.slice(0, left.length - taken), skipped);
      if (start !== null) return start;
    }
    return SMALL.test(word) && skipped < MAX_SMALL_WORDS ? startOf(index - 1, left, skipped + 1) : null;
  };
  const start = startOf(spans.length - 1, letters, 0);
  return start === null ? null : before.slice(spans[start]?.index ?? 0).trim();
}

const MAX_LETTERS_OF_A_WORD = 3;
const LONG_WORD = 6; // letters; a shorter word gives its first alone
const MIN_LETTERS_TO_LOOK_INSIDE = 3;

function hasInOrder(word: string, letters: string): boolean {
  let at = 0;
  for (const letter of word) if (letter === letters[at]) at += 1;
  return at === letters.length;
}

const BINOMIAL = /((?:\p{Lu}[\p{Ll}’-]+ ){1,4})(\p{Lu}\p{Ll}{3,}) (\p{Ll}{4,})(?=[\s.,;()])/gu;

const SPECIES = /(?<!\p{L})(\p{Lu}\p{Ll}{3,}) (\p{Ll}{4,})(?!\p{L})/gu;

/**
 * Species → the stems of its genus and of the common name that a source prints before it; only where the genus is
 * abbreviated elsewhere.
 */
function speciesNames(text: string): Map<string, string[]> {
  const abbreviated = new Set(text.match(/(?<!\p{L})\p{Lu}\. \p{Ll}{4,}(?!\p{L})/gu));
  const names = new Map<string, string[]>();
  const add = (genus: string, species: string, stems: string[]) => {
    if (!abbreviated.has(`${genus.charAt(0)}. ${species}`)) return;
    for (const stem of tokenize(species)) names.set(stem, [...new Set([...(names.get(stem) ?? []), ...stems])]);
  };
  for (const [, common = '', genus = '', species = ''] of text.matchAll(BINOMIAL))
    add(genus, species, tokenize(common));
  for (const [, genus = '', species = ''] of text.matchAll(SPECIES)) add(genus, species, tokenize(genus));
  return names;
}

/** A source's short names: the stem a sentence has → the stems it stands for. */
export function readAliases(texts: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const whole = texts.join('\n').replace(/\s+/gu, ' ');
  const aliases = new Map<string, readonly string[]>(speciesNames(whole));
  for (const { short, long } of findAcronyms(whole)) {
    for (const stem of tokenize(short)) aliases.set(stem, tokenize(long));
  }
  return aliases;
}

/** What the short names among these stems stand for, and the short names of what is written out among them. */
export function impliedBy(stems: ReadonlySet<string>, aliases: ReadonlyMap<string, readonly string[]>): string[] {
  return [...aliases].flatMap(([short, long]) => {
    if (stems.has(short)) return long;
    return long.length > 1 && long.every((stem) => stems.has(stem)) ? [short] : [];
  });
}
