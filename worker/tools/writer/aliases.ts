/**
 * The short names a source gives to its subjects, so that a sentence which says only "SWA" or "R. terraenovae" is known to
 * speak of sliding window attention or of Atlantic sharpnose sharks. Two forms of scholarly English are read, and a short
 * name counts in its own source only: what it stands for elsewhere is another matter.
 *
 *   sliding window attention (SWA)                       an acronym behind the words whose initials it has
 *   Atlantic Sharpnose Sharks Rhizoprionodon terraenovae  a common name before a binomial, abbreviated later
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

const ACRONYM = /\((\p{Lu}[\p{L}\p{N}-]{0,8}\p{Lu}|\p{Lu}{2,8}s?)\)/gu;
const SMALL = /^(?:of|the|and|for|in|on|to|a|an|with|by|or|de)$/iu;
const MAX_SMALL_WORDS = 3; // that an acronym may leave out

/** Acronyms with the words before them whose initials they have, in order. */
export function findAcronyms(text: string): Definition[] {
  return Array.from(text.matchAll(ACRONYM)).flatMap((match) => {
    const short = match[1] ?? '';
    const before = text.slice(Math.max(0, match.index - 160), match.index);
    const long = wordsBehind(before, short.replace(/s$/u, '').replace(/[^\p{L}]/gu, ''));
    if (long === null) return [];
    const start = match.index - before.length + before.lastIndexOf(long);
    return [{ short, long, start, end: match.index + match[0].length }];
  });
}

/** The shortest run of words at the end of `before` with these initials; null when there is none. */
function wordsBehind(before: string, letters: string): string | null {
  const spans = Array.from(before.matchAll(/[\p{L}\p{N}]+(?:['’][\p{L}]+)?/gu));
  const wanted = [...letters.toLowerCase()];
  let at = wanted.length - 1;
  let skipped = 0;
  for (let index = spans.length - 1; index >= 0 && at >= 0; index--) {
    const word = spans[index]?.[0] ?? '';
    const next = spans[index + 1];
    const gap = next
      ? before.slice((spans[index]?.index ?? 0) + word.length, next.index)
      : before.slice((spans[index]?.index ?? 0) + word.length);
    if (!/^[\s–-]*$/u.test(gap)) return null; // a comma or a bracket stands between
    if (word.toLowerCase().startsWith(wanted[at] ?? '')) at -= 1;
    else if (SMALL.test(word) && skipped < MAX_SMALL_WORDS) skipped += 1;
    else return null;
    if (at < 0) return before.slice(spans[index]?.index ?? 0).trim();
  }
  return null;
}

const BINOMIAL = /((?:\p{Lu}[\p{Ll}’-]+ ){1,4})(\p{Lu}\p{Ll}{3,}) (\p{Ll}{4,})(?=[\s.,;()])/gu;

/** Species → the stems of the common name that a source prints before it; only where the genus is abbreviated later. */
function commonNames(text: string): Map<string, string[]> {
  const names = new Map<string, string[]>();
  for (const [, common = '', genus = '', species = ''] of text.matchAll(BINOMIAL)) {
    if (!new RegExp(`\\b${genus.charAt(0)}\\. ${species}\\b`, 'u').test(text)) continue;
    for (const stem of tokenize(species)) names.set(stem, tokenize(common));
  }
  return names;
}

/** A source's short names: the stem a sentence has → the stems it stands for. */
export function readAliases(texts: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const whole = texts.join('\n').replace(/\s+/gu, ' ');
  const aliases = new Map<string, readonly string[]>(commonNames(whole));
  for (const { short, long } of findAcronyms(whole)) {
    for (const stem of tokenize(short)) aliases.set(stem, tokenize(long));
  }
  return aliases;
}

/** What the short names among these stems stand for. */
export const impliedBy = (stems: Iterable<string>, aliases: ReadonlyMap<string, readonly string[]>): string[] =>
  [...stems].flatMap((stem) => aliases.get(stem) ?? []);
