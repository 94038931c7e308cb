/**
 * How sure GROBID's reading is, field by field, and what is missing from it. A score starts at the precision that GROBID
 * publishes for the field, and falls with every piece whose words are not in our text; of single values, it rises or falls
 * with the other reading's agreement.
 */
import {
  type FieldConfidence,
  PAPER_FIELDS,
  type PaperField,
  type PaperUncertainty,
  type PaperUncertaintyCode,
  type StructuredPaper,
} from '../../../../src/papers/structured-paper.js';
import { foldedOf } from './folded-text.js';
import type { PlacedField, PlacedPaper, Tally } from './place-paper.js';
import type { TeiPaper } from './tei-paper.js';

export type PaperFields = Omit<StructuredPaper, 'confidence' | 'uncertainties'>;

export type FieldSource = 'GROBID' | 'BASE';

export interface Assessed {
  paper: PaperFields;
  tei: TeiPaper;
  tallies: PlacedPaper['tallies'];
  base: StructuredPaper;
  sources: ReadonlyMap<PaperField, FieldSource>;
}

export const isEmpty = (value: unknown): boolean =>
  value === null || value === undefined || (Array.isArray(value) && value.length === 0);

export const assess = (assessed: Assessed): Pick<StructuredPaper, 'confidence' | 'uncertainties'> => ({
  confidence: PAPER_FIELDS.flatMap((field) => confidenceIn(field, assessed)),
  uncertainties: [...ofBase(assessed), ...ofGrobid(assessed)],
});

/**
 * GROBID 0.8.2's end-to-end evaluation on PMC_sample_1943: of the header and the references at a similarity of 0.95, of
 * the body by soft matching. The last four are not measured there: identifiers are copied characters, equations are not.
 */
const PRECISION: Readonly<Record<Exclude<PaperField, 'datasets' | 'metrics' | 'claims'>, number>> = {
  title: 0.96,
  authors: 0.96,
  abstract: 0.87,
  references: 0.93, // cited titles
  sections: 0.79, // headings
  citations: 0.62,
  tables: 0.94, // captions
  figures: 0.8, // captions
  year: 0.9,
  doi: 0.95,
  arxivId: 0.95,
  equations: 0.5,
};

type GrobidField = keyof typeof PRECISION;

function confidenceIn(field: PaperField, assessed: Assessed): FieldConfidence[] {
  const { paper, base, sources } = assessed;
  const known = base.confidence.find((entry) => entry.field === field);
  if (!(field in PRECISION)) return known ? [known] : [];
  const isOwn = sources.get(field) === 'GROBID' && !isEmpty(paper[field]);
  if (isOwn) return [ownConfidence(field as GrobidField, assessed)];
  return known ? [{ ...known, basis: `GROBID gave none; ${base.engine}: ${known.basis}` }] : [];
}

function ownConfidence(field: GrobidField, { paper, tei, tallies, base }: Assessed): FieldConfidence {
  const basis = [`GROBID ${tei.version ?? 'of unknown version'}${tei.isConsolidated ? ', consolidated' : ''}`];
  let score = PRECISION[field];
  if (field in tallies) {
    const tally = tallies[field as PlacedField];
    score *= shareFound(tally);
    basis.push(howFound(tally));
  }
  if (field === 'citations') {
    score *= tei.citations.length / (tei.citations.length + tei.unresolvedMarks);
    if (tei.unresolvedMarks > 0) basis.push(`${tei.unresolvedMarks} more marks point to no entry`);
  }
  if (field === 'tables')
    score *= (1 + paper.tables.filter(({ rows }) => rows.length > 0).length / paper.tables.length) / 2;
  const agrees = agreement(paper[field], base[field]);
  if (agrees !== undefined) {
    score = agrees ? 1 - (1 - score) / 3 : score * 0.8;
    basis.push(`${base.engine} ${agrees ? 'reads the same' : 'reads another'}`);
  }
  return { field, score: Math.round(score * 100) / 100, basis: basis.join('; ') };
}

const WEIGHTS: Readonly<Record<keyof Tally, number>> = {
  TEXT: 1,
  LINES: 0.95,
  ENDS: 0.9,
  PART: 0.85,
  COORDINATES: 0.75,
  NOTHING: 0.5,
};

const countIn = (tally: Tally): number => Object.values(tally).reduce((sum, count) => sum + count, 0);

function shareFound(tally: Tally): number {
  const kinds = Object.keys(WEIGHTS) as (keyof Tally)[];
  return kinds.reduce((sum, kind) => sum + tally[kind] * WEIGHTS[kind], 0) / Math.max(1, countIn(tally));
}

function howFound(tally: Tally): string {
  const count = countIn(tally);
  const rest = [
    tally.LINES > 0 && `${tally.LINES} by their lines`,
    tally.ENDS > 0 && `${tally.ENDS} by their ends`,
    tally.PART > 0 && `${tally.PART} by a part`,
    tally.COORDINATES > 0 && `${tally.COORDINATES} by coordinates only`,
    tally.NOTHING > 0 && `${tally.NOTHING} not found`,
  ].filter(Boolean);
  return [`${tally.TEXT} of ${count} found word for word in the text`, ...rest].join(', ');
}

/** Of single values; undefined where the other reading has none to compare. */
function agreement(own: unknown, other: unknown): boolean | undefined {
  const isSingle = (value: unknown) => typeof value === 'string' || typeof value === 'number';
  if (!isSingle(own) || !isSingle(other)) return undefined;
  const [mine, others] = [foldedOf(String(own)), foldedOf(String(other))];
  return mine === others;
}

/** What the text itself lacks, whoever reads it. */
const OF_THE_TEXT: ReadonlySet<PaperUncertaintyCode> = new Set([
  'SCANNED_PAGE',
  'OCR_TEXT',
  'GARBLED_TEXT',
  'TEXT_CUT',
]);

const FIELD_OF: Readonly<Partial<Record<PaperUncertaintyCode, PaperField>>> = {
  REFERENCES_UNPARSED: 'references',
  CITATIONS_UNRESOLVED: 'citations',
  EQUATIONS_UNREADABLE: 'equations',
  TABLE_WITHOUT_CELLS: 'tables',
};

function ofBase({ paper, base, sources }: Assessed): PaperUncertainty[] {
  return base.uncertainties.filter(({ code }) => {
    const field = FIELD_OF[code];
    const isOfBase = field !== undefined && (sources.get(field) === 'BASE' || isEmpty(paper[field]));
    return OF_THE_TEXT.has(code) || isOfBase;
  });
}

const MISSING = [
  ['title', 'NO_TITLE_FOUND', 'No title was found: look at the first page.'],
  ['authors', 'NO_AUTHORS_FOUND', 'No authors were found: look at the first page.'],
  ['abstract', 'NO_ABSTRACT_FOUND', 'No abstract was found: the paper may have none.'],
  ['sections', 'NO_SECTIONS_FOUND', 'No section headings were found: read the text as a whole.'],
  ['references', 'NO_REFERENCES_FOUND', 'No reference list was found: look at the last pages.'],
] as const;

function ofGrobid({ paper, tei, tallies, sources }: Assessed): PaperUncertainty[] {
  const found: PaperUncertainty[] = [];
  const add = (code: PaperUncertaintyCode, message: string, page: number | null = null) =>
    found.push({ code, message, page });
  const isOwn = (field: PaperField) => sources.get(field) === 'GROBID' && !isEmpty(paper[field]);

  for (const [field, code, message] of MISSING) if (isEmpty(paper[field])) add(code, message);
  if (isOwn('references')) {
    const untitled = paper.references.filter(({ title }) => title === null).length;
    if (untitled > 0)
      add('REFERENCES_UNPARSED', `${untitled} of ${paper.references.length} references have no title: read them raw.`);
    const { unresolvedMarks } = tei;
    if (unresolvedMarks > 0 || paper.citations.length === 0)
      add(
        'CITATIONS_UNRESOLVED',
        `${unresolvedMarks || 'All'} marks of citation could not be tied to the reference list.`,
      );
  }
  if (isOwn('tables'))
    for (const { label, page } of paper.tables.filter(({ rows }) => rows.length === 0))
      add('TABLE_WITHOUT_CELLS', `${label ?? 'A table'} was found, but not its cells: look at the page.`, page);
  const unlike = paper.equations.length - tallies.equations.TEXT;
  if (isOwn('equations') && unlike > 0)
    add(
      'EQUATIONS_UNREADABLE',
      `${unlike} of ${paper.equations.length} equations are not in the text as GROBID reads them: look at the page.`,
    );
  return found;
}
