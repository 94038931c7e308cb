/** How sure the references and the citations are, from what can be counted. */
import type { FieldConfidence, PaperReference, PaperUncertainty } from '../../../../../src/papers/structured-paper.js';
import type { Assessment } from '../paper-source.js';
import type { ReferenceList } from './find-lists.js';

export interface CitationCounts {
  marks: number; // with a target
  unresolved: number;
  cited: number; // entries
}

/** `heading`: of a list that gave no entries. */
export function assessReferences(
  references: readonly PaperReference[],
  lists: readonly ReferenceList[],
  counts: CitationCounts,
  heading: { page: number | null } | null,
): Assessment {
  const first = references[0];
  if (!first) return { confidence: [], uncertainties: [notFound(heading)] };
  return {
    confidence: [ofReferences(references, lists), ...ofCitations(references.length, counts)],
    uncertainties: [...unparsed(references, lists), ...unresolved(counts)],
  };
}

const notFound = (heading: { page: number | null } | null): PaperUncertainty =>
  heading
    ? {
        code: 'REFERENCES_UNPARSED',
        message:
          'What stands under the heading of the reference list could not be split into entries; its text is kept.',
        page: heading.page,
      }
    : {
        code: 'NO_REFERENCES_FOUND',
        message: 'No reference list was found: neither a heading that names one nor numbered entries at the end.',
        page: null,
      };

// How often a list split in that way has all its entries; on lists whose length is known.
const NUMBERED = 0.98;
const BY_SETTING = 0.94;
const WITHOUT_HEADING = 0.85;

function ofReferences(references: readonly PaperReference[], lists: readonly ReferenceList[]): FieldConfidence {
  const gaps = missingLabels(lists).length;
  const isNumbered = lists.every((list) => list.isNumbered);
  const dated = references.filter(({ year, doi, arxivId, url }) => year !== null || doi || arxivId || url).length;
  const named = references.filter(({ authors, title }) => authors.length > 0 || title !== null).length;
  const complete = isNumbered ? NUMBERED * (references.length / (references.length + gaps)) : BY_SETTING;
  const found = lists.every((list) => list.hasHeading) ? 1 : WITHOUT_HEADING;
  const parsed = (dated + named) / (2 * references.length);
  const labels = isNumbered
    ? gaps > 0
      ? `labelled, ${gaps} labels missing`
      : 'labelled without a gap'
    : 'told apart by their setting';
  return {
    field: 'references',
    score: round(complete * found * (0.5 + 0.5 * parsed)),
    basis: `${references.length} entries ${labels}${found < 1 ? ', without a heading' : ''}; ${dated} with a year or an identifier, ${named} with a title or authors`,
  };
}

function ofCitations(entries: number, { marks, unresolved: lost, cited }: CitationCounts): FieldConfidence[] {
  if (marks === 0) return [];
  const score = (marks / (marks + lost)) * (0.5 + 0.48 * (cited / entries));
  return [
    {
      field: 'citations',
      score: round(score),
      basis: `${marks} marks, ${lost} more without a target; ${cited} of ${entries} entries are cited`,
    },
  ];
}

const FEW_TITLES = 0.4; // of a list: fewer, and it is one that prints no titles

function unparsed(references: readonly PaperReference[], lists: readonly ReferenceList[]): PaperUncertainty[] {
  const untitled = references.filter(({ title }) => title === null);
  const missing = missingLabels(lists);
  const page = untitled[0]?.page ?? references[0]?.page ?? null;
  const printsTitles = untitled.length < (1 - FEW_TITLES) * references.length;
  const facts = [
    untitled.length === 0
      ? ''
      : printsTitles
        ? `${untitled.length} of ${references.length} entries were left without a title`
        : `the list seems to print no titles: ${untitled.length} of ${references.length} entries have none`,
    missing.length === 0
      ? ''
      : `the list's numbers ${missing.slice(0, 5).join(', ')}${missing.length > 5 ? ' and more' : ''} were not found`,
  ].filter((fact) => fact !== '');
  if (facts.length === 0) return [];
  return [{ code: 'REFERENCES_UNPARSED', message: `${facts.join('; ')}. The raw text of every entry is kept.`, page }];
}

/** Numbers that an ascending list leaves out between its first and its last. */
function missingLabels(lists: readonly ReferenceList[]): number[] {
  return lists.flatMap(({ isNumbered, entries }) => {
    const labels = isNumbered ? entries.map(({ label }) => Number(label)).filter((label) => label > 0) : [];
    const present = new Set(labels);
    const [from = 1, to = 0] = [labels[0], labels.at(-1)];
    return Array.from({ length: Math.max(0, to - from + 1) }, (_, step) => from + step).filter(
      (label) => !present.has(label),
    );
  });
}

const unresolved = ({ unresolved: count }: CitationCounts): PaperUncertainty[] =>
  count === 0
    ? []
    : [
        {
          code: 'CITATIONS_UNRESOLVED',
          message: `${count} citation ${count === 1 ? 'mark points' : 'marks point'} to no entry of the reference list.`,
          page: null,
        },
      ];

const round = (score: number): number => Math.round(score * 100) / 100;
