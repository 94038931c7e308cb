/** What the entries of any reference list have in common: how one begins, that it has a year, how long it is. */

const PARTICLE =
  "(?:(?:van|von|vom|der|den|de|del|della|di|da|dos|du|la|le|el|al|ten|ter|bin|ibn|zu|zur|af|av|’t|'t)\\s|d['’]|al-)";
const FAMILY = `${PARTICLE}*\\p{Lu}[\\p{L}\\p{M}'’‘\`-]*(?:[ -]\\p{Lu}[\\p{L}\\p{M}'’-]+){0,2}`;
const AUTHORS_START = new RegExp(
  `^(?:${FAMILY},? (?:\\p{Lu}\\p{Ll}?\\.?[ -]?){1,4}(?:[,.:;(&]| and | et )|${FAMILY}, \\p{Lu}\\p{Ll}+(?:[,.]| \\p{Lu}| and )|(?:\\p{Lu}\\p{Ll}?\\.[ -]?)+${FAMILY}(?:,| and | et |:)|\\p{Lu}\\p{Ll}+ (?:\\p{Lu}\\. ?)*\\p{Lu}\\p{Ll}+(?:,| and )\\s?\\p{Lu}|[—–_-]{2,}[,.])`,
  'u',
);

export const YEAR = /(?<![\d–/-])(?:1[5-9]\d\d|20\d\d)(?=[a-z]?(?![\d\p{L}]))/u;
const NO_YEAR =
  /\b(?:in press|forthcoming|to appear|submitted|n\.d\.|in preparation|unpublished|accepted)\b|arxiv|https?:|doi/i;

const DATED_START = /^\p{Lu}[^.()]{1,80}\.? \((?:19|20)\d\d[a-z]?\)[.,]/u; // "World Health Organization. (2009)."

export const startsWithAuthors = (text: string): boolean => AUTHORS_START.test(text) || DATED_START.test(text);

const CAN_START =
  /^(?:[\p{Lu}\p{N}"“‘«¿¡[(—–_\u4e00-\u9fff]|(?:van|von|vom|der|den|de|del|della|di|da|dos|du|la|le|el|al|ten|ter|bin|ibn|zu|af|av|d['’]|al-|’t|'t)\b|[a-z]{0,3}[A-Z])/u;

/** Whether an entry can begin so at all: not in the middle of a sentence. */
export const canStart = (text: string): boolean =>
  (CAN_START.test(text) && !/^(?:\d|https?:|doi\b|10\.\d{4})/i.test(text)) || DATED_NAME.test(text);

const DATED_NAME = /^[\p{L}\d][\p{L}\d.-]+\.? \((?:19|20)\d\d[a-z]?\)/u; // "pandas. (2020)."

const HAS_ENDED = /(?:[.!?)\]”"’;]|\d[a-z]?|https?:\S+|10\.\d{4}\S+)$/u;

export const hasEnded = (text: string): boolean => HAS_ENDED.test(text);

export const hasYear = (text: string): boolean => YEAR.test(text) || NO_YEAR.test(text);

const SHORTEST = 25; // characters: "Nature 452 158 (2008)" with a name
const LONGEST = 900; // long author lists

/** How much an entry looks like one, 0..1. `lines` without its label. */
export function entryLikeness(lines: readonly string[]): number {
  const text = lines.join(' ');
  const begins = startsWithAuthors(text) ? 0.4 : canStart(text) ? 0.2 : 0;
  const fits = text.length >= SHORTEST && text.length <= LONGEST ? 0.15 : 0;
  const swallowed = lines.filter(
    (line, index) => index > 0 && startsWithAuthors(line) && /[.\d)]$/.test(lines[index - 1] ?? '') && hasYear(text),
  ).length;
  const score = begins + fits + (hasYear(text) ? 0.3 : 0) + (hasEnded(text) ? 0.15 : 0);
  return Math.max(0, score - 0.3 * Math.max(0, swallowed - (lines.length > 3 ? 1 : 0)));
}
