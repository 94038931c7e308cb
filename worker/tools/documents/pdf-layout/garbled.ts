/**
 * Whether a page's characters make words. A font that is embedded without a usable encoding gives private or control
 * characters, or letters by their place in the font ("7KLV LV" for "This is").
 */
import type { PdfPage } from '../pdf-page.js';

const MIN_CHARACTERS = 200; // less is a cover or a figure: nothing can be said
const MAX_UNKNOWN = 0.1; // share of characters that stand for nothing
const UNKNOWN = /[\p{Co}\p{Cn}\ufffd]|(?![\t\n\r])\p{Cc}/gu;
// Of Latin letters; prose has 35–45 % vowels in every language that uses them.
const MIN_VOWELS = 0.2;
const MIN_LATIN = 200; // letters

export function isGarbled({ runs }: PdfPage): boolean {
  const text = runs.map((run) => run.text).join(' ');
  const dense = text.replace(/\s/g, '');
  if (dense.length < MIN_CHARACTERS) return false;
  if ((dense.match(UNKNOWN)?.length ?? 0) > MAX_UNKNOWN * dense.length) return true;
  const latin = text.normalize('NFD').match(/[a-z]/gi)?.length ?? 0;
  const vowels = text.normalize('NFD').match(/[aeiouy]/gi)?.length ?? 0;
  return latin >= MIN_LATIN && vowels < MIN_VOWELS * latin;
}
