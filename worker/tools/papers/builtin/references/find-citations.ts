/**
 * The marks of a paper's text that point into its reference list. A paper cites in one form: the one that reaches most of
 * the list's entries is taken, and only marks of that form count. Never inside the list.
 */
import { placeOf } from '../../../../../src/papers/place-of.js';
import type { PaperCitation, PaperReference } from '../../../../../src/papers/structured-paper.js';
import type { PaperSource } from '../paper-source.js';
import type { CitationMark, CitedEntry } from './citation-mark.js';
import { type LabelForm, marksOfLabels } from './cite-labels.js';
import { indexNames, marksOfNames } from './cite-names.js';

export interface Citations {
  citations: PaperCitation[];
  unresolved: number; // marks of the paper's form that point to nothing in the list
  cited: number; // entries that a mark points to
}

/** A reference list's share of the references: indexes, half-open. */
export interface ListSpan {
  start: number;
  end: number;
}

interface Paragraph {
  text: string;
  startOffset: number;
}

type Form = LabelForm | 'NAMES';

export function findCitations(
  source: PaperSource,
  references: readonly PaperReference[],
  lists: readonly ListSpan[],
): Citations {
  const paragraphs = proseOf(source, references, lists);
  const forms: Form[] = ['BRACKETS', 'KEYS', 'RAISED', 'PARENTHESES', 'NAMES'];
  let best: { marks: PlacedMark[]; worth: number } = { marks: [], worth: 0 };
  for (const form of forms) {
    const marks = paragraphs.flatMap((paragraph) => marksIn(paragraph, form, references, lists));
    const reached = new Set(marks.flatMap((mark) => mark.references)).size;
    const worth = reached * (form === 'PARENTHESES' ? 0.6 : 1); // equation numbers look the same
    if (worth > best.worth) best = { marks, worth };
  }
  const citations = best.marks.filter((mark) => mark.references.length > 0);
  return {
    citations: citations.map(({ text, references: indexes, startOffset }) => ({
      text,
      references: indexes,
      ...placeOf(source.lines, startOffset, startOffset + Buffer.byteLength(text)),
    })),
    unresolved: best.marks.length - citations.length,
    cited: new Set(citations.flatMap((mark) => mark.references)).size,
  };
}

/** Everything but the lists and headings. */
function proseOf(
  { layout }: PaperSource,
  references: readonly PaperReference[],
  lists: readonly ListSpan[],
): Paragraph[] {
  const entries = references.map(({ startOffset, endOffset }) => ({ startOffset, endOffset }));
  const spans = lists.map(({ start, end }) => ({
    from: Math.min(...entries.slice(start, end).map(({ startOffset }) => startOffset)),
    to: Math.max(...entries.slice(start, end).map(({ endOffset }) => endOffset)),
  }));
  return layout.paragraphs.filter(
    ({ role, startOffset, endOffset }) =>
      role !== 'HEADING' && !spans.some(({ from, to }) => startOffset < to && endOffset > from),
  );
}

interface PlacedMark extends CitationMark {
  startOffset: number;
}

/** A mark points into the next list after it; after the last list, into that. */
function marksIn(
  { text, startOffset }: Paragraph,
  form: Form,
  references: readonly PaperReference[],
  lists: readonly ListSpan[],
): PlacedMark[] {
  const list = lists.find(({ start }) => (references[start]?.startOffset ?? 0) > startOffset) ?? lists.at(-1);
  if (!list) return [];
  const lookup = lookupOf(references, list);
  const marks =
    form === 'NAMES'
      ? lookup.isNumbered
        ? []
        : marksOfNames(text, lookup.names)
      : marksOfLabels(text, form, lookup.labels);
  return marks.map((mark) => ({ ...mark, startOffset: startOffset + Buffer.byteLength(text.slice(0, mark.index)) }));
}

interface Lookup {
  labels: Map<string, CitedEntry>;
  names: ReturnType<typeof indexNames>;
  isNumbered: boolean;
}

const lookups = new WeakMap<ListSpan, Lookup>();

function lookupOf(references: readonly PaperReference[], list: ListSpan): Lookup {
  const known = lookups.get(list);
  if (known) return known;
  const entries = references
    .slice(list.start, list.end)
    .map((reference, at) => ({ ...reference, index: list.start + at }));
  const labels = new Map(entries.flatMap((entry) => (entry.label === null ? [] : [[entry.label, entry] as const])));
  const lookup = {
    labels,
    names: indexNames(entries),
    isNumbered: labels.size > 0 && /^\d+$/.test(entries[0]?.label ?? ''),
  };
  lookups.set(list, lookup);
  return lookup;
}
