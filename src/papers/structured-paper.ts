/**
 * What a paper says, as data: every piece with the place it was read from, every field with how sure it is. The same shape
 * comes from every engine, is printed by the command line and answered by the API.
 *
 * Offsets are UTF-8 byte offsets into the paper's text, half-open. Pages count from 1, by their position in the file.
 */

/** A rectangle on a page, in points (1/72 inch), from the page's upper left corner. */
export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** Where a piece stands. Formats without pages have neither page nor box. */
export interface Place {
  startOffset: number;
  endOffset: number;
  page: number | null; // the page it begins on
  box: Box | null; // around as much of it as stands on that page
}

export interface PaperAuthor extends Place {
  name: string; // as printed, in reading order, without titles and marks
  affiliations: string[]; // as printed
  email: string | null;
  orcid: string | null; // 0000-0000-0000-0000
}

export const SECTION_ROLES = [
  'ABSTRACT',
  'PROBLEM', // introduction, motivation, aims
  'BACKGROUND', // theory and notation that the paper builds on
  'RELATED', // what others did
  'METHOD',
  'TRAINING', // how a model was fitted
  'DATA', // materials, participants, corpora
  'EVALUATION', // experiments, results
  'DISCUSSION', // what the results mean; limits
  'CONCLUSION',
  'ACKNOWLEDGEMENTS',
  'REFERENCES',
  'APPENDIX',
  'OTHER',
] as const;
export type SectionRole = (typeof SECTION_ROLES)[number];

/** A heading and what stands under it up to the next heading. The place is the heading's. */
export interface PaperSection extends Place {
  heading: string; // with its number, as printed
  level: number; // 1 is a top-level section
  role: SectionRole;
  text: string; // paragraphs, a blank line between; without figures, tables and their captions
}

export interface PaperEquation extends Place {
  number: string | null; // as printed, without brackets
  text: string; // as the text layer has it: linear, seldom exact
}

export interface PaperTable extends Place {
  label: string | null; // "Table 2"
  caption: string | null; // without the label
  rows: string[][]; // cells, row by row; empty when only the caption could be read
}

export interface PaperFigure extends Place {
  label: string | null; // "Figure 2"; the place is the caption's
  caption: string;
}

export interface PaperReference extends Place {
  label: string | null; // as the list prints it, without brackets: "12", "KB14"
  raw: string; // the whole entry on one line
  title: string | null;
  authors: string[]; // as printed: "Kingma, D. P." or "D. P. Kingma"
  year: number | null;
  venue: string | null;
  doi: string | null; // lower case, without a resolver
  arxivId: string | null;
  url: string | null;
}

/** A mark in the text that points into the reference list. */
export interface PaperCitation extends Place {
  text: string; // "[3, 7–9]", "(Sakai, 2007)"
  references: number[]; // indexes into `references`, ascending; never empty
}

export interface DatasetMention extends Place {
  name: string;
  sentence: string;
}

export interface MetricMention extends Place {
  name: string; // "BLEU", "accuracy", "p", "mean age"
  value: number | null;
  unit: string | null; // "%", "ms", "years"
  raw: string; // the value as printed: "28.4", "95 %"
  sentence: string; // or the table's row
}

/** A sentence of the paper that asserts something checkable. The quote is verbatim: text between the offsets. */
export interface CandidateClaim extends Place {
  text: string;
  section: string | null; // heading it stands under
  score: number; // 0..1: how much the sentence is the paper's own finding
}

export const PAPER_FIELDS = [
  'title',
  'authors',
  'abstract',
  'year',
  'doi',
  'arxivId',
  'sections',
  'references',
  'citations',
  'tables',
  'figures',
  'equations',
  'datasets',
  'metrics',
  'claims',
] as const;
export type PaperField = (typeof PAPER_FIELDS)[number];

/** How likely the field is right, 0..1, and the facts that the number rests on. */
export interface FieldConfidence {
  field: PaperField;
  score: number;
  basis: string;
}

const PAPER_UNCERTAINTIES = [
  'NO_TITLE_FOUND',
  'NO_AUTHORS_FOUND',
  'NO_ABSTRACT_FOUND',
  'NO_SECTIONS_FOUND',
  'NO_REFERENCES_FOUND',
  'REFERENCES_UNPARSED', // entries without a title, or a list that could not be split
  'CITATIONS_UNRESOLVED',
  'EQUATIONS_UNREADABLE',
  'TABLE_WITHOUT_CELLS',
  'SCANNED_PAGE', // an image without a text layer
  'OCR_TEXT', // text recognised from an image
  'GARBLED_TEXT', // a font without a usable encoding
  'TEXT_CUT', // a cap was reached
] as const;
export type PaperUncertaintyCode = (typeof PAPER_UNCERTAINTIES)[number];

export interface PaperUncertainty {
  code: PaperUncertaintyCode;
  message: string; // what is not sure, and what a reader can do
  page: number | null;
}

export interface PaperPageSize {
  number: number;
  width: number; // points
  height: number;
}

export interface StructuredPaper {
  engine: string; // name@version
  title: string | null;
  authors: PaperAuthor[];
  abstract: string | null; // paragraphs, a blank line between
  year: number | null;
  doi: string | null;
  arxivId: string | null;
  keywords: string[];
  pages: PaperPageSize[]; // empty when the format has none
  places: { title: Place | null; abstract: Place | null };
  sections: PaperSection[]; // in reading order; the tree is in the levels
  equations: PaperEquation[];
  tables: PaperTable[];
  figures: PaperFigure[];
  references: PaperReference[];
  citations: PaperCitation[];
  datasets: DatasetMention[];
  metrics: MetricMention[];
  claims: CandidateClaim[];
  confidence: FieldConfidence[];
  uncertainties: PaperUncertainty[];
}

/** A line of a page, and the bytes of the text that were read from it. Ascending by offset; not every byte has a line. */
export interface TextLine {
  startOffset: number;
  endOffset: number;
  page: number;
  box: Box;
}
