/** The prose of a section: its paragraphs, without captions, what stands in figures and tables, and footnotes. */
import type { DocumentParagraph } from '../../../documents/document-layout.js';
import type { PaperSource } from '../paper-source.js';

const SMALLER = 0.93; // of the section's setting: footnotes and tables are set smaller
const CELL_CHARS = 20; // lines of prose are longer; those of cells and labels are not
const STARTS_NOTE = /^(?:[*†‡§¶∗]|[¹²³⁴⁵⁶⁷⁸⁹]\s?\p{L})/u;

export interface SectionSpan {
  from: number; // index of a paragraph of the layout, inclusive
  to: number; // exclusive
  leadIn: string; // the heading, where it runs into the first paragraph; else empty
  starts: ReadonlySet<number>; // offsets at which lines of tables, figures and captions begin
}

/** Paragraphs with a blank line between. What a table or figure has cut in two reads on without it. */
export function sectionText(source: PaperSource, { from, to, leadIn, starts }: SectionSpan): string {
  const { paragraphs, body } = source.layout;
  const own = paragraphs.slice(from, to);
  const size = Math.min(body?.size ?? 0, firstSize(own) ?? Infinity);
  const parts: string[] = [];
  let isCut = false; // by what is set apart, since the last part
  own.forEach((paragraph, index) => {
    const isOpening = index === 0 && leadIn !== '';
    const text = proseOf(paragraph, starts);
    isCut ||= text.length < paragraph.text.length;
    if (text === '' || !(isOpening || isProse(paragraph, size))) {
      isCut &&= !RELATION.test(text); // "is given by" and "where x is" do not read on without their formula
      return;
    }
    const last = parts.at(-1);
    if (isOpening) parts.push(text.slice(leadIn.length).replace(/^[\s.:—–]+/, ''));
    else if (isCut && last !== undefined && goesOn(last, text)) parts[parts.length - 1] = `${last} ${text}`;
    else parts.push(text);
    isCut = false;
  });
  return parts.join('\n\n');
}

const RELATION = /[=≈≃≡∝≤≥<>∑∫]/;
const MIN_LINE = 40; // characters

/** An open sentence, and what may be the rest of it. */
const goesOn = (before: string, after: string): boolean =>
  before.length >= MIN_LINE && isRunning(before) && /[\p{L}\p{N},)]$/u.test(before) && /^\p{Ll}{2}/u.test(after);

/** The paragraph without the lines that are set apart. */
function proseOf({ text, lines, startOffset }: DocumentParagraph, starts: ReadonlySet<number>): string {
  if (!lines.some((line) => starts.has(line.startOffset))) return text;
  const bytes = Buffer.from(text);
  return lines
    .map((line, index) => {
      const end = (lines[index + 1]?.startOffset ?? startOffset + bytes.length) - startOffset;
      return starts.has(line.startOffset) ? ' ' : bytes.toString('utf8', line.startOffset - startOffset, end);
    })
    .join('')
    .replace(/\s+/g, ' ')
    .trim();
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
