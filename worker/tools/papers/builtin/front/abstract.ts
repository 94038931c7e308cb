/**
 * The abstract: under its heading, behind its run-in word, or, without either, the text between the authors and the first
 * section that is set apart from the running text.
 */
import type { DocumentLayout, DocumentParagraph } from '../../../documents/document-layout.js';
import { BARE_RUN_IN, END, HEADING, PART, RUN_IN, SPACED, SUMMARY_HEADING, SUMMARY_RUN_IN } from './abstract-words.js';
import type { FrontPage } from './front-page.js';
import { type Gathered, gather } from './gather-abstract.js';
import type { Span } from './stretch.js';
import { isDistinct, unheaded } from './unheaded-abstract.js';

export type AbstractForm = 'HEADED' | 'RUN_IN' | 'UNHEADED';

export interface FoundAbstract extends Span {
  text: string;
  form: AbstractForm;
  top: number | null; // points from the top of its first line, or of its heading
  page: number | null;
  endsSharply: boolean; // by a heading or a line of keywords
}

const LAST_PAGE = 4;

export function findAbstract(layout: DocumentLayout, page: FrontPage | null): FoundAbstract | null {
  const { paragraphs } = layout;
  const early = paragraphs.filter(({ lines }) => (lines[0]?.page ?? 1) <= LAST_PAGE);
  for (const [isSummary, heading, runIn] of [
    [false, HEADING, RUN_IN],
    [true, SUMMARY_HEADING, SUMMARY_RUN_IN],
  ] as const) {
    for (const paragraph of early.slice(0, 120)) {
      const text = paragraph.text.replace(SPACED, 'Abstract');
      const at = paragraphs.indexOf(paragraph);
      if (heading.test(text)) {
        const found = gather(layout, at + 1, paragraph, page);
        if (found && (!isSummary || isSetApart(layout, found, at))) return result(found, 'HEADED', paragraph);
      } else {
        const match = runIn.exec(text) ?? (isSummary || text.length < 250 ? null : BARE_RUN_IN.exec(text));
        const skip = match ? match[0].length + paragraph.text.length - text.length : 0;
        const found = match ? gather(layout, at, paragraph, page, skip) : null;
        if (found) return result(found, 'RUN_IN', paragraph);
      }
    }
  }
  const found = page && unheaded(layout, page);
  return found ? result(found, 'UNHEADED', found.pieces[0]?.paragraph as DocumentParagraph) : null;
}

function result({ pieces, endsSharply }: Gathered, form: AbstractForm, first: DocumentParagraph): FoundAbstract {
  const [start, end] = [pieces[0], pieces.at(-1)] as [Gathered['pieces'][number], Gathered['pieces'][number]];
  const top = first.lines[0] ? first.lines[0].box.y : null;
  return {
    text: joinPieces(pieces.map(({ text }) => text)),
    form,
    startOffset: start.startOffset,
    endOffset: end.endOffset,
    top,
    page: first.lines[0]?.page ?? null,
    endsSharply,
  };
}

/** A sub-heading leads its paragraph; a paragraph that was cut in mid-sentence goes on. */
function joinPieces(texts: readonly string[]): string {
  let joined = '';
  for (const text of texts) {
    if (joined === '') joined = text;
    else if (PART.test(joined.slice(joined.lastIndexOf('\n') + 1))) joined = `${joined.replace(/[.:]?$/, ':')} ${text}`;
    else if (/[.!?:;”"’)\]]$/.test(joined) || /\w+:?\s*https?:\S+$/.test(joined)) joined += `\n\n${text}`;
    else joined += ` ${text}`;
  }
  return joined;
}

/** "Summary" heads an abstract where its text is set apart, or the introduction follows; elsewhere it is a section. */
function isSetApart(layout: DocumentLayout, { pieces }: Gathered, heading: number): boolean {
  const { body, paragraphs } = layout;
  const own = new Set(pieces.map(({ paragraph }) => paragraph));
  const next = paragraphs.slice(heading + 1).find((paragraph) => paragraph.role === 'HEADING' && !own.has(paragraph));
  if (next && END.test(next.text)) return true;
  return (
    body !== null &&
    isDistinct(
      layout,
      pieces.flatMap(({ paragraph }) => paragraph.lines),
    )
  );
}
