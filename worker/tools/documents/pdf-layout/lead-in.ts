/** Headings that run into their paragraph: "Participants. We recruited …", the first word in bold or italics. */
import type { FontStyle } from './font-style.js';
import type { Line } from './lines.js';

const MAX_CHARS = 90;

/** The words that a paragraph opens with, with their end mark; undefined when nothing sets them apart from the rest. */
export function leadInOf(
  first: Line | undefined,
  paragraph: string,
  styleOf: (font: string) => FontStyle,
): string | undefined {
  if (!first || first.startFont === first.endFont || first.lead.length > MAX_CHARS) return undefined;
  const [opening, rest] = [styleOf(first.startFont), styleOf(first.endFont)];
  const isSetApart = (opening.bold && !rest.bold) || (opening.italic && !rest.italic);
  if (!isSetApart || opening.isMath || !paragraph.startsWith(first.lead)) return undefined;
  const mark = /^\s?[.:—–]/.exec(paragraph.slice(first.lead.length))?.[0] ?? '';
  const leadIn = first.lead + mark;
  return /\p{L}{3}/u.test(leadIn) && /^[\p{Lu}\d]/u.test(leadIn) && /[.:—–]$/.test(leadIn) ? leadIn : undefined;
}
