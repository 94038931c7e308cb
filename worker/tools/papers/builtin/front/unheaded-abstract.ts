/** An abstract that nothing announces: told by where it stands, and by how it is set apart from the running text. */
import type { DocumentLayout, DocumentLine, DocumentParagraph } from '../../../documents/document-layout.js';
import { mainSize, mostUsed, SAME_SIZE } from './abstract-setting.js';
import { CONCLUDING, END, INTRODUCTORY } from './abstract-words.js';
import { bottomOf, type FrontPage, isAside } from './front-page.js';
import { type Gathered, gather, wordsOf } from './gather-abstract.js';
import { isName, readPiece, splitList } from './names.js';
import { plainStretch } from './stretch.js';

/** Prose below the authors that is set apart from the running text, or that the first section's heading ends. */
export function unheaded(layout: DocumentLayout, page: FrontPage): Gathered | null {
  if (page.title.length === 0) return null;
  for (const paragraph of belowTitle(layout, page)) {
    if (isSectionHeading(paragraph, page)) return null;
    if (!isProse(paragraph)) continue;
    const found = gather(layout, layout.paragraphs.indexOf(paragraph), paragraph, page);
    if (!found) return null;
    const lines = found.pieces.flatMap((piece) => piece.paragraph.lines);
    const total = found.pieces.reduce((sum, { text }) => sum + wordsOf(text), 0);
    const isShort = total >= 40 && total <= 500;
    const isStructured = INTRODUCTORY.test(paragraph.text);
    if (isStructured) return CONCLUDING.test(found.pieces.at(-1)?.text ?? '') ? found : null;
    const isOne = isDistinct(layout, lines) || (found.endsSharply && found.pieces.length <= 2);
    return isShort && isOne ? found : null;
  }
  return null;
}

/** What stands under the title in its column, and on the next page: some journals begin that with the abstract. */
function belowTitle({ paragraphs }: DocumentLayout, page: FrontPage): DocumentParagraph[] {
  const top = bottomOf(page);
  const own = page.paragraphs.filter(({ lines: [first] }) => first && !isAside(page, first) && first.baseline > top);
  const right = columnEnd(own, page);
  return [
    ...own.filter(({ lines: [first] }) => first && first.box.x < right),
    ...paragraphs.filter(({ lines }) => lines[0]?.page === page.number + 1),
  ];
}

const FLUSH = 12; // points

/** Where the column ends that begins flush with the title: boxes that stand beside it may carry headings of their own. */
function columnEnd(paragraphs: readonly DocumentParagraph[], { title }: FrontPage): number {
  const left = Math.min(...title.map(({ box }) => box.x));
  const first = paragraphs.find((paragraph) => isProse(paragraph) && startOf(paragraph) < left + FLUSH);
  return first ? Math.max(...first.lines.map(({ box }) => box.x + box.width)) : Number.POSITIVE_INFINITY;
}

const startOf = ({ lines }: DocumentParagraph): number => Math.min(...lines.map(({ box }) => box.x));

/** A heading that is neither the title's nor a list of authors in bold. */
const isSectionHeading = ({ role, text, lines }: DocumentParagraph, { title }: FrontPage): boolean =>
  role === 'HEADING' &&
  !title.includes(lines[0] as DocumentLine) &&
  !splitList(plainStretch(text)).some((piece) => isName(readPiece(piece.text).name));

/** Sentences over several lines: no list of names, no address. */
function isProse({ role, text, lines }: DocumentParagraph): boolean {
  if (role !== 'PARAGRAPH' || lines.length < 3 || /^[*†‡§¹²³]/.test(text)) return false;
  if (END.test(text) && !INTRODUCTORY.test(text)) return false;
  const words = text.match(/\p{L}+/gu) ?? [];
  const small = words.filter((word) => /^\p{Ll}/u.test(word)).length;
  return words.length >= 30 && small > 0.6 * words.length;
}

/** Set in another size, font or width than the running text. */
export function isDistinct({ body, paragraphs }: DocumentLayout, lines: readonly DocumentLine[]): boolean {
  const first = lines[0];
  if (!body || !first) return false;
  if (Math.abs(mainSize(lines) - body.size) > SAME_SIZE * body.size) return true;
  const own = mostUsed(lines.map(({ font }) => font));
  const prose = paragraphs
    .filter(({ role }) => role === 'PARAGRAPH')
    .flatMap((paragraph) => paragraph.lines)
    .filter((line) => !lines.includes(line) && Math.abs(line.size - body.size) <= SAME_SIZE * body.size);
  if (own !== mostUsed(prose.map(({ font }) => font))) return true;
  const columns = mostUsed(prose.map(({ box }) => String(Math.round(box.width / 4) * 4)));
  const width = Math.max(0, ...lines.map(({ box }) => box.width));
  return prose.length > 20 && columns !== undefined && Math.abs(Number(columns) - width) > 2 * body.size;
}
