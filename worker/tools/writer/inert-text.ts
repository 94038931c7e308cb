/**
 * Retrieved text as every export prints it: one line of characters, none of which acts. Markup is each format's own to
 * escape; this takes out what no format can show and a reader cannot see. The quotes in claims.json stay as they are.
 */

/** Embeddings, overrides and isolates turn round what follows them; the plain marks (U+200E, U+200F, U+061C) do not. */
const BIDI_CONTROLS = /[\u202a-\u202e\u2066-\u2069]/gu;

/** No control characters, direction overrides, lone surrogates or non-characters; line breaks become spaces. */
export const inertText = (text: string): string =>
  text
    .toWellFormed()
    .replace(BIDI_CONTROLS, '')
    .replace(/[\p{Cc}\u2028\u2029]/gu, ' ')
    .replace(/[\ufffe\uffff]/gu, '\ufffd');

/** The same without runs of white space, and not longer than `limit` characters: for titles, which anybody may set. */
export function inertLine(text: string, limit: number): string {
  const line = inertText(text).replace(/\s+/gu, ' ').trim();
  if (line.length <= limit) return line;
  const cut = line
    .slice(0, limit - 2)
    .toWellFormed()
    .replace(/\ufffd$/u, '');
  const space = cut.lastIndexOf(' ');
  return `${(space > limit / 2 ? cut.slice(0, space) : cut).trimEnd()} …`;
}
