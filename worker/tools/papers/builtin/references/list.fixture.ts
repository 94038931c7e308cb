/** Documents set in lines, for tests: what a PDF gives, made from text. */
import type { DocumentLayout, DocumentLine, DocumentParagraph } from '../../../documents/document-layout.js';
import type { PaperSource } from '../paper-source.js';

const SIZE = 10;
const LEADING = 12;
const INDENT = 14;
const WIDTH_OF = 5; // points a character

export interface Column {
  page: number;
  x: number;
  lines: string; // "# " begins a heading, two spaces an indented line, an empty line a gap; paragraphs end at gaps
}

/** Lines of columns, one after another, each line a paragraph unless `joined`: then a gap ends a paragraph. */
export function documentOf(columns: readonly Column[], joined = true): PaperSource {
  const paragraphs: DocumentParagraph[] = [];
  let offset = 0;
  const close = (lines: Omit<DocumentLine, 'startOffset' | 'endOffset'>[], isHeading: boolean): void => {
    const startOffset = offset;
    let text = '';
    const set = lines.map((line) => {
      text += `${text === '' ? '' : ' '}${line.text}`;
      const endOffset = startOffset + Buffer.byteLength(text);
      return { ...line, startOffset: endOffset - Buffer.byteLength(line.text), endOffset };
    });
    const endOffset = startOffset + Buffer.byteLength(text);
    offset = endOffset + 2;
    paragraphs.push({
      role: isHeading ? 'HEADING' : 'PARAGRAPH',
      level: isHeading ? 1 : 0,
      text,
      startOffset,
      endOffset,
      lines: set,
    });
  };
  for (const { page, x, lines } of columns) {
    let open: Omit<DocumentLine, 'startOffset' | 'endOffset'>[] = [];
    let baseline = 100;
    for (const raw of [...lines.replace(/^\n|\n\s*$/g, '').split('\n'), '']) {
      const isHeading = raw.startsWith('# ');
      if (open.length > 0 && (raw === '' || isHeading || !joined)) {
        close(open, false);
        open = [];
      }
      if (raw === '') baseline += 6;
      if (raw === '') continue;
      const text = raw.replace(/^#? +/, '');
      const left = x + (raw.startsWith('  ') ? INDENT : 0);
      const size = isHeading ? 14 : SIZE;
      const box = { x: left, y: baseline - 8, width: text.length * WIDTH_OF, height: LEADING };
      const piece = { text, x: left, endX: left + box.width };
      const line = {
        text,
        page,
        box,
        baseline,
        size,
        font: isHeading ? 'bold' : 'text',
        bold: isHeading,
        italic: false,
        isCell: false,
        pieces: [piece],
      };
      baseline += LEADING;
      if (isHeading) close([line], true);
      else open.push(line);
    }
  }
  const pages = [...new Set(columns.map(({ page }) => page))];
  const layout: DocumentLayout = {
    paragraphs,
    pages: pages.map((number) => ({ number, width: 600, height: 800, isScanned: false, isGarbled: false })),
    furniture: [],
    declaredTitle: null,
    body: { size: SIZE, font: 'text', leading: LEADING },
  };
  return sourceOf(layout);
}

/** A document without pages: a paragraph a line, "# " begins a heading. */
export function plainDocumentOf(lines: string): PaperSource {
  let offset = 0;
  const paragraphs = lines
    .trim()
    .split('\n')
    .filter(Boolean)
    .map((raw): DocumentParagraph => {
      const text = raw.trim().replace(/^# /, '');
      const startOffset = offset;
      const endOffset = startOffset + Buffer.byteLength(text);
      offset = endOffset + 2;
      const isHeading = raw.trim().startsWith('# ');
      return {
        role: isHeading ? 'HEADING' : 'PARAGRAPH',
        level: isHeading ? 1 : 0,
        text,
        startOffset,
        endOffset,
        lines: [],
      };
    });
  return sourceOf({ paragraphs, pages: [], furniture: [], declaredTitle: null, body: null });
}

const sourceOf = (layout: DocumentLayout): PaperSource => ({
  text: layout.paragraphs.map(({ text }) => `${text}\n\n`).join(''),
  title: null,
  headings: layout.paragraphs
    .filter(({ role }) => role === 'HEADING')
    .map(({ level, text: title, startOffset, endOffset }) => ({ level, title, startOffset, endOffset })),
  layout,
  lines: layout.paragraphs.flatMap(({ lines }) =>
    lines.map(({ startOffset, endOffset, page, box }) => ({ startOffset, endOffset, page, box })),
  ),
});
