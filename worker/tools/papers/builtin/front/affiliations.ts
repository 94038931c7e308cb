/** Affiliations: those that a number, letter or sign calls, and those that stand under their authors. */
import { plainFigures, RAISED } from './raised.js';

export interface KeyedPlace {
  key: string;
  text: string;
}

const RAISED_KEY = new RegExp(`(?<=^|[\\s.;,])(${RAISED}{1,2})\\s*(?=[\\p{Lu}\\p{Ll}(‘“'"])`, 'gu');
const FIGURE_KEY = /(?:(?<=^|\n)\(?(\d{1,2})[.)]?\s*|(?<=[\s;,.])\(?(\d{1,2})(?:[.)]\s*|\s+))(?=\p{Lu})/gu;
const LETTER_KEY = /(?<=^|\n)\(?([a-z])[).]?\s?(?=\p{Lu})/gu;
const SIGN_KEY = /(?<=^|\n)([*∗†‡§¶‖#✉]{1,2})\s*(?=\p{L})/gu;

/**
 * "¹Institute of A, ²B" → by key. `text` has its lines apart. Plain figures and letters count only in their order from the
 * first, so that a postal code or an initial makes no affiliation.
 */
export function keyedPlaces(text: string, { raisedOnly = false } = {}): KeyedPlace[] {
  const raised = [...text.matchAll(RAISED_KEY)];
  const found =
    raised.length > 0 || raisedOnly
      ? raised
      : firstOf(
          inOrder([...text.matchAll(FIGURE_KEY)], (n) => String(n + 1)),
          inOrder([...text.matchAll(LETTER_KEY)], letter),
        );
  const keys = [...found, ...text.matchAll(SIGN_KEY)].sort((a, b) => a.index - b.index);
  return keys.map((match, i) => ({
    key: plainFigures(keyOf(match)).replace('∗', '*'),
    text: cleaned(text.slice(match.index + match[0].length, keys[i + 1]?.index ?? text.length)),
  }));
}

const firstOf = <T>(a: T[], b: T[]): T[] => (a.length > 0 ? a : b);
const keyOf = (match: RegExpExecArray): string => match[1] ?? match[2] ?? '';
const letter = (n: number): string => String.fromCharCode(97 + n);

/** The matches that count up from the first key; none where the text does not begin with a key. */
function inOrder(matches: readonly RegExpExecArray[], keyAt: (n: number) => string): RegExpExecArray[] {
  const first = matches[0];
  if (!first || first.index > 2) return [];
  const start = Array.from({ length: 30 }, (_, n) => keyAt(n)).indexOf(keyOf(first));
  if (start < 0) return [];
  const found: RegExpExecArray[] = [];
  for (const match of matches) if (keyOf(match) === keyAt(start + found.length)) found.push(match);
  return found;
}

/** On one line, without e-mail addresses and what closes an entry of a list. */
export const cleaned = (text: string): string =>
  text
    .replace(/\{[^{}]{0,200}(?:\}\s?@\s?\S+|$)|[({[]?\s*\S{1,100}@\S+/g, ' ')
    .replace(/\b(?:e-?mails?|email address(?:es)?)\s*:?/gi, ' ')
    .replace(/\s+/g, ' ')
    .replace(/^[\s,;.:]+|[\s,;.:∗*†‡§¶?]+$/gu, '')
    .replace(/\s*\band$/, '')
    .trim();

/** Lines of an address under a name, joined as one: short lines end a part of it. */
export function joinedLines(lines: readonly string[]): string {
  return cleaned(
    lines.reduce((text, line) => {
      if (text === '') return line;
      return /[,;:-]$/.test(text) || /^(?:\p{Ll}|&)/u.test(line) || /\b(?:of|and|for|de|the|di|und|für)$/i.test(text)
        ? `${text} ${line}`
        : `${text}, ${line}`;
    }, ''),
  );
}
