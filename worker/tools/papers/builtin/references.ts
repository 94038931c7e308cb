/** The reference list, entry by entry, and the marks in the text that point into it. */
import { placeOf } from '../../../../src/papers/place-of.js';
import type { PaperCitation, PaperReference, PaperSection } from '../../../../src/papers/structured-paper.js';
import { vocabularyOf } from '../../documents/pdf-layout/join-lines.js';
import type { Assessment, PaperSource } from './paper-source.js';
import { assessReferences } from './references/assess-references.js';
import { type EntryText, entryText } from './references/entry-text.js';
import { findCitations, type ListSpan } from './references/find-citations.js';
import { findLists, unreadHeading } from './references/find-lists.js';
import { type ParsedEntry, parseEntries } from './references/parse-entry.js';

export interface References extends Assessment {
  references: PaperReference[];
  citations: PaperCitation[];
}

/** Every entry is kept with its raw text, whatever of it could be parsed. Never fails. */
export function readReferences(source: PaperSource, _sections: readonly PaperSection[]): References {
  const lists = findLists(source.layout);
  const vocabulary = vocabularyOf(source.layout.paragraphs.flatMap(({ lines }) => lines.map(({ text }) => text)));
  const references: PaperReference[] = [];
  const spans: ListSpan[] = [];
  for (const { entries } of lists) {
    const texts = entries.map(({ lines }) => entryText(lines, vocabulary));
    const parsed = parseEntries(texts.map(({ joined }) => joined));
    const start = references.length;
    entries.forEach(({ label }, index) => {
      const { raw, startOffset, endOffset } = texts[index] as EntryText;
      references.push({
        label,
        raw,
        ...(parsed[index] as ParsedEntry),
        ...placeOf(source.lines, startOffset, endOffset),
      });
    });
    spans.push({ start, end: references.length });
  }
  const { citations, ...counts } = findCitations(source, references, spans);
  const heading = lists.length === 0 ? unreadHeading(source.layout) : null;
  const marks = { marks: citations.length, ...counts };
  return { references, citations, ...assessReferences(references, lists, marks, heading) };
}
