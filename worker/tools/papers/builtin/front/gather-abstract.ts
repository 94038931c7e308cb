/** Gathers an abstract, paragraph by paragraph, from where it begins to what ends it. */
import type { DocumentLayout, DocumentParagraph } from '../../../documents/document-layout.js';
import { belongs, fits, isElsewhere, isNote, isRunningOn, type Setting, widened } from './abstract-setting.js';
import { END, PART, TAIL } from './abstract-words.js';
import { type FrontPage, isAside } from './front-page.js';

const MAX_WORDS = 900; // longer than any journal allows, structured ones included
const MIN_WORDS = 25;

export interface Gathered {
  pieces: { text: string; paragraph: DocumentParagraph; startOffset: number; endOffset: number }[];
  endsSharply: boolean;
}

export const wordsOf = (text: string): number => text.split(/\s+/).length;

/** The paragraphs from `from` on that go on in the abstract's setting. `skip`: characters of the run-in word. */
export function gather(
  layout: DocumentLayout,
  from: number,
  head: DocumentParagraph,
  page: FrontPage | null,
  skip = 0,
): Gathered | null {
  const pieces: Gathered['pieces'] = [];
  let setting: Setting | null = null;
  let words = 0;
  let endsSharply = false;
  for (const paragraph of layout.paragraphs.slice(from)) {
    const isFirst = paragraph === head;
    let text = isFirst ? paragraph.text.slice(skip).trim() : paragraph.text.trim();
    if (text === '') continue;
    const isPart = PART.test(text) && belongs(paragraph, head, pieces.length === 0);
    if (setting && (isElsewhere(paragraph, setting) || isNote(paragraph, setting))) continue;
    if (!isFirst && END.test(text) && !(isPart && pieces.length === 0)) {
      endsSharply = true;
      break;
    }
    if (
      paragraph.role === 'HEADING' &&
      !isPart &&
      !(isFirst && skip > 0) &&
      !(pieces.length === 0 && wordsOf(text) > MIN_WORDS)
    ) {
      if (!setting && page && paragraph.lines[0] && isAside(page, paragraph.lines[0])) continue;
      endsSharply = true;
      break;
    }
    if (paragraph.role === 'CAPTION') continue;
    if (setting && isRunningOn(paragraph, setting, layout.body)) break;
    if (setting && !isPart && !fits(paragraph, setting, pieces.at(-1)?.text ?? '')) {
      if (paragraph.role === 'FRAGMENT') continue;
      break;
    }
    const whole = text;
    text = withoutTail(paragraph, whole);
    words += wordsOf(text);
    if (words > MAX_WORDS) break;
    const raw = isFirst
      ? Buffer.byteLength(paragraph.text) - Buffer.byteLength(paragraph.text.slice(skip).trimStart())
      : 0;
    const startOffset = paragraph.startOffset + raw;
    pieces.push({ text, paragraph, startOffset, endOffset: startOffset + Buffer.byteLength(text) });
    if (text !== whole) {
      endsSharply = true;
      break;
    }
    if (!isPart && paragraph.role !== 'FRAGMENT') setting = widened(setting, paragraph);
  }
  while (pieces.length > 0 && PART.test(pieces.at(-1)?.text ?? '')) pieces.pop();
  const total = pieces.reduce((sum, { text }) => sum + wordsOf(text), 0);
  return total >= Math.min(MIN_WORDS, 15) ? { pieces, endsSharply } : null;
}

/** Less a line of keywords that is set without a gap, and the publisher's mark at its end. */
function withoutTail({ lines }: DocumentParagraph, text: string): string {
  const tail = lines.find((line, index) => index > 0 && TAIL.test(line.text));
  const at = tail ? text.indexOf(tail.text.slice(0, 12)) : -1;
  const own = at > 0 ? text.slice(0, at).trim() : text;
  return own.replace(/(?<=[.!?])\s*(?:©|\(c\)|copyright ©?)\s*(?:19|20)\d\d\b.{0,160}$/iu, '').trim();
}
