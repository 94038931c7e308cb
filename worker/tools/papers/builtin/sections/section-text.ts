/** The prose of a section: its paragraphs, without captions, what stands in figures and tables, and footnotes. */
import type { DocumentParagraph } from '../../../documents/document-layout.js';
import type { PaperSource } from '../paper-source.js';

const SMALLER = 0.93; // of the section's setting: footnotes and tables are set smaller
const CELL_CHARS = 20; // lines of prose are longer; those of cells and labels are not
const STARTS_NOTE = /^(?:[*†‡§¶∗]|[¹²³⁴⁵⁶⁷⁸⁹]\s?\p{L})/u;

/** The paragraphs `from` (inclusive) to `to` (exclusive) of the layout, a blank line between. */
export function sectionText(source: PaperSource, from: number, to: number, leadIn = ''): string {
  const { paragraphs, body } = source.layout;
  const own = paragraphs.slice(from, to);
  const size = Math.min(body?.size ?? 0, firstSize(own) ?? Infinity);
  return own
    .filter((paragraph, index) => (index === 0 && leadIn !== '') || isProse(paragraph, size))
    .map(({ text }, index) =>
      index === 0 && leadIn !== '' ? text.slice(leadIn.length).replace(/^[\s.:—–]+/, '') : text,
    )
    .join('\n\n');
}

/** Back matter is set small as a whole: its own first paragraph is the measure. */
const firstSize = (paragraphs: readonly DocumentParagraph[]): number | undefined =>
  paragraphs.find(({ role }) => role === 'PARAGRAPH')?.lines[0]?.size;

function isProse({ role, text, lines }: DocumentParagraph, size: number): boolean {
  if (role !== 'PARAGRAPH') return false;
  const [first] = lines;
  if (!first) return true;
  if (first.size < SMALLER * size) return false;
  if (STARTS_NOTE.test(text) && first.size < size) return false;
  if (first.isCell && lines.length === 1) return false;
  const isEnded = /[.!?:;]["”’)\]]*[⁰-⁹¹²³,]*$/.test(text);
  if (isEnded) return true;
  return lines.length === 1 ? isRunning(text) : text.length / lines.length >= CELL_CHARS;
}

/** "The distance is given by", before a formula; the words of a label are few, or begin with capitals. */
function isRunning(text: string): boolean {
  const words = text.split(' ');
  return words.length > 2 && words.filter((word) => /^\p{Ll}/u.test(word)).length >= words.length / 2;
}
