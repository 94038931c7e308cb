/**
 * The sentences of a paper's own prose, each with the section it stands in: not captions, tables, formulas, references or
 * what stands before the first section but the abstract. Whatever reads meaning out of a paper reads these.
 */
import { splitSentences } from '../../../../../src/evidence/sentences.js';
import type { PaperSection, SectionRole } from '../../../../../src/papers/structured-paper.js';
import type { DocumentLine, DocumentParagraph } from '../../../documents/document-layout.js';
import type { PaperSource } from '../paper-source.js';
import type { Caption } from './captions.js';

export interface ProseSentence {
  text: string; // verbatim: the text between the offsets
  startOffset: number; // UTF-8 bytes of the paper's text
  endOffset: number;
  section: PaperSection | null; // null before the first
  role: SectionRole;
  isLead: boolean; // before the first section: the abstract, where it has no heading
}

export interface Span {
  startOffset: number;
  endOffset: number;
}

export interface ProseInput {
  sections: readonly PaperSection[];
  references: Span; // of the list
  abstract: Span | null; // where that is known
  isTaken: (line: DocumentLine) => boolean; // captions, tables, formulas
}

const MAX_SENTENCE = 2_000; // characters: what is longer is no sentence, and patterns need not be tried on it
const MIN_LEAD = 200; // characters: shorter paragraphs before the first section are names and addresses

export function proseSentences(source: PaperSource, input: ProseInput): ProseSentence[] {
  const bytes = Buffer.from(source.text);
  const { sections, references } = input;
  return source.layout.paragraphs.flatMap((paragraph) => {
    const { startOffset, endOffset } = paragraph;
    if (!isRunning(paragraph, input)) return [];
    if (startOffset >= references.startOffset && startOffset < references.endOffset) return [];
    const section = sectionAt(sections, startOffset);
    const isLead = section === null && sections.length > 0;
    const isOfAbstract = input.abstract ? overlaps(input.abstract, paragraph) : endOffset - startOffset >= MIN_LEAD;
    if (isLead && !isOfAbstract) return [];
    let role = section?.role ?? (isLead ? 'ABSTRACT' : 'OTHER');
    const isAbstract = role === 'ABSTRACT';
    const slice = bytes.toString('utf8', startOffset, endOffset);
    return splitSentences(slice, startOffset)
      .filter(({ kind, text }) => (kind === 'SENTENCE' || kind === 'LIST_ITEM') && text.length <= MAX_SENTENCE)
      .map((sentence) => {
        if (isAbstract) role = partOfAbstract(sentence.text) ?? role;
        return {
          text: sentence.text,
          startOffset: sentence.startOffset,
          endOffset: sentence.endOffset,
          section,
          role,
          isLead,
        };
      });
  });
}

/** The parts of a structured abstract, by the word that each begins with. */
const ABSTRACT_PARTS: readonly [RegExp, SectionRole][] = [
  [
    /^(?:backgrounds?|introduction|context|objectives?|aims?|purpose|motivation)\b(?: and \p{L}+)?\s?[:.—–]/iu,
    'PROBLEM',
  ],
  [
    /^(?:materials? and )?(?:methods?|methodology|design|patients|setting|participants)\b[\p{L}/ ]{0,30}[:.—–]/iu,
    'METHOD',
  ],
  [/^(?:results?|findings)\s?[:.—–]/i, 'EVALUATION'],
  [/^(?:conclusions?|interpretation|significance)\s?[:.—–]/i, 'CONCLUSION'],
];

const partOfAbstract = (text: string): SectionRole | null =>
  ABSTRACT_PARTS.find(([begins]) => begins.test(text))?.[1] ?? null;

const overlaps = (a: Span, b: Span): boolean => a.startOffset < b.endOffset && b.startOffset < a.endOffset;

function isRunning(paragraph: DocumentParagraph, { isTaken }: ProseInput): boolean {
  if (paragraph.role !== 'PARAGRAPH') return false;
  const taken = paragraph.lines.filter(isTaken).length;
  return taken === 0 || taken < 0.5 * paragraph.lines.length;
}

/** The last section that begins at or before the offset. Binary search: sections are in reading order. */
export function sectionAt(sections: readonly PaperSection[], offset: number): PaperSection | null {
  let [low, high] = [0, sections.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sections[middle] as PaperSection).startOffset <= offset) low = middle + 1;
    else high = middle;
  }
  return sections[low - 1] ?? null;
}

/** What captions say, sentence by sentence. */
export function captionSentences(
  captions: readonly Caption[],
  sections: readonly PaperSection[],
  text: string,
): ProseSentence[] {
  const bytes = Buffer.from(text);
  return captions.flatMap(({ startOffset, endOffset }) => {
    const section = sectionAt(sections, startOffset);
    return splitSentences(bytes.toString('utf8', startOffset, endOffset), startOffset).map((sentence) => ({
      text: sentence.text,
      startOffset: sentence.startOffset,
      endOffset: sentence.endOffset,
      section,
      role: section?.role ?? 'OTHER',
      isLead: false,
    }));
  });
}
