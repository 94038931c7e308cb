/** The reference list, entry by entry, and the marks in the text that point into it. */
import { placeOf } from '../../../../src/papers/place-of.js';
import type { PaperCitation, PaperReference, PaperSection } from '../../../../src/papers/structured-paper.js';
import { vocabularyOf } from '../../documents/pdf-layout/join-lines.js';
import type { Assessment, PaperSource } from './paper-source.js';
import { type EntryText, entryText } from './references/entry-text.js';
import { findLists } from './references/find-lists.js';
import { type ParsedEntry, parseEntries } from './references/parse-entry.js';

export interface References extends Assessment {
  references: PaperReference[];
  citations: PaperCitation[];
}

export function readReferences(source: PaperSource, _sections: readonly PaperSection[]): References {
  const lists = findLists(source.layout);
  const vocabulary = vocabularyOf(source.layout.paragraphs.flatMap((p) => p.lines.map((l) => l.text)));
  const references = lists.flatMap((list) => {
    const texts = list.entries.map((entry) => entryText(entry.lines, vocabulary));
    const parsed = parseEntries(texts.map(({ joined }) => joined));
    return list.entries.map(({ label }, index) => {
      const { raw, startOffset, endOffset } = texts[index] as EntryText;
      return { label, raw, ...(parsed[index] as ParsedEntry), ...placeOf(source.lines, startOffset, endOffset) };
    });
  });
  return { references, citations: [], confidence: [], uncertainties: [] };
}
