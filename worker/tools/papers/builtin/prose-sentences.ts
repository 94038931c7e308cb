/**
 * The sentences of a paper's own prose, each with the section it stands in: not captions, tables, formulas, references or
 * what stands before the first section but the abstract. Whatever reads meaning out of a paper reads these.
 */
import { splitSentences } from '../../../../src/evidence/sentences.js';
import type { PaperSection, SectionRole } from '../../../../src/papers/structured-paper.js';
import type { DocumentLine, DocumentParagraph } from '../../documents/document-layout.js';
import type { PaperSource } from './paper-source.js';

export interface ProseSentence {
  text: string; // verbatim: the text between the offsets
  startOffset: number; // UTF-8 bytes of the paper's text
  endOffset: number;
  section: PaperSection | null; // null before the first
  role: SectionRole;
  isLead: boolean; // before the first section: the abstract, where it has no heading
}

export interface ProseInput {
  sections: readonly PaperSection[];
  references: { startOffset: number; endOffset: number }; // of the list
  isTaken: (line: DocumentLine) => boolean; // captions, tables, formulas
}

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
    if (isLead && endOffset - startOffset < MIN_LEAD) return [];
    const role = section?.role ?? (isLead ? 'ABSTRACT' : 'OTHER');
    const slice = bytes.toString('utf8', startOffset, endOffset);
    return splitSentences(slice, startOffset)
      .filter(({ kind }) => kind === 'SENTENCE' || kind === 'LIST_ITEM')
      .map((sentence) => ({
        text: sentence.text,
        startOffset: sentence.startOffset,
        endOffset: sentence.endOffset,
        section,
        role,
        isLead,
      }));
  });
}

function isRunning(paragraph: DocumentParagraph, { isTaken }: ProseInput): boolean {
  if (paragraph.role !== 'PARAGRAPH') return false;
  const taken = paragraph.lines.filter(isTaken).length;
  return taken === 0 || taken < 0.5 * paragraph.lines.length;
}

/** The last section that begins at or before the offset. */
export function sectionAt(sections: readonly PaperSection[], offset: number): PaperSection | null {
  return sections.findLast(({ startOffset }) => startOffset <= offset) ?? null;
}
