/** A paper as GROBID tells it: the same pieces as ours, each with GROBID's coordinates in place of a place in our text. */
import type { PageBox } from '../../../../src/papers/place-of.js';
import type {
  PaperAuthor,
  PaperCitation,
  PaperEquation,
  PaperFigure,
  PaperReference,
  PaperSection,
  PaperTable,
  Place,
} from '../../../../src/papers/structured-paper.js';

export type Unplaced<Piece extends Place> = Omit<Piece, keyof Place> & { boxes: PageBox[] };

export interface TeiHeader {
  version: string | null; // of the GROBID that wrote it
  title: { text: string; boxes: PageBox[] } | null;
  authors: Unplaced<PaperAuthor>[];
  abstract: string | null;
  year: number | null;
  doi: string | null;
  arxivId: string | null;
  keywords: string[];
  isConsolidated: boolean; // metadata came from elsewhere than the paper, against our wish
}

export type DivisionKind = 'BODY' | 'ACKNOWLEDGEMENTS' | 'ANNEX';

export interface TeiSection extends Omit<Unplaced<PaperSection>, 'role'> {
  number: string | null; // as the heading prints it: "3.1", "A."; it is part of `heading`
  title: string; // the heading without it
  kind: DivisionKind;
}

export interface TeiCitation extends Unplaced<PaperCitation> {
  otherText: string | null; // a range is told apart from marks side by side only by the text: "[1–3]", "[1][2][3]"
}

export interface TeiReference extends Unplaced<PaperReference> {
  isComposed: boolean; // `raw` is not as printed, but put together from the parts
}

export interface TeiBody {
  sections: TeiSection[];
  equations: Unplaced<PaperEquation>[];
  tables: Unplaced<PaperTable>[];
  figures: Unplaced<PaperFigure>[];
  citations: TeiCitation[];
  unresolvedMarks: number; // of citation, that point to no entry of the list
}

export interface TeiPaper extends TeiHeader, TeiBody {
  references: TeiReference[];
}
