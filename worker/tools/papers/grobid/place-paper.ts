/**
 * From GROBID's paper to ours: every piece gets its place in our text, and its words as they stand there when it was found
 * in full. Counts, by field, how the pieces were found: confidence rests on it.
 */
import { type PageBox, placeOf } from '../../../../src/papers/place-of.js';
import type {
  PaperSection,
  PaperTable,
  Place,
  SectionRole,
  StructuredPaper,
} from '../../../../src/papers/structured-paper.js';
import type { ReadPaper } from '../paper-engine.js';
import { sectionRoles } from '../structure/section-role.js';
import { regionOf } from './coordinates.js';
import { createLocator, type Lane, type LocatedBy, type LocatedPiece, type SoughtPiece } from './locate-text.js';
import { leadingLabel } from './read-tei-references.js';
import type { DivisionKind, TeiCitation, TeiPaper, TeiReference, TeiSection } from './tei-paper.js';
import { onOneLine } from './xml-tree.js';

export type PlacedFields = Pick<
  StructuredPaper,
  | 'title'
  | 'authors'
  | 'abstract'
  | 'places'
  | 'sections'
  | 'references'
  | 'citations'
  | 'tables'
  | 'figures'
  | 'equations'
>;

export type PlacedField = Exclude<keyof PlacedFields, 'places'>;

/** How many pieces of a field were found by what. */
export type Tally = Record<LocatedBy, number>;

export interface PlacedPaper {
  fields: PlacedFields;
  tallies: Readonly<Record<PlacedField, Readonly<Tally>>>;
}

export function placePaper(tei: TeiPaper, { document, lines }: Pick<ReadPaper, 'document' | 'lines'>): PlacedPaper {
  const locator = createLocator(document, lines);
  const bytes = Buffer.from(document.text);
  const asPrinted = ({ place, by }: LocatedPiece): string | null =>
    by === 'TEXT' ? onOneLine(bytes.subarray(place.startOffset, place.endOffset).toString()) : null;

  const levelAt = new Map(document.headings.map(({ startOffset, level }) => [startOffset, level]));
  const tallies = emptyTallies();
  const laneFor = (field: PlacedField): Lane => {
    const locate = locator.startLane();
    return (piece: SoughtPiece) => {
      const found = locate(piece);
      tallies[field][found.by] += 1;
      return found;
    };
  };

  const fields = {
    ...placeFront(),
    sections: placeSections(),
    references: placeReferences(),
    citations: placeCitations(),
    tables: placeAll('tables', tei.tables, captionSought).map(({ piece, boxes, found }) => ({
      ...piece,
      ...withRegion(found.place, boxes),
    })),
    figures: placeAll('figures', tei.figures, captionSought).map(({ piece, found }) => ({ ...piece, ...found.place })),
    equations: placeAll('equations', tei.equations, equationSought).map(({ piece, found }) => ({
      ...piece,
      ...found.place,
    })),
  };
  return { fields, tallies };

  function placeFront(): Pick<PlacedFields, 'title' | 'authors' | 'abstract' | 'places'> {
    const title = tei.title && laneFor('title')({ wordings: [tei.title.text], boxes: tei.title.boxes });
    const authors = placeAll('authors', tei.authors, ({ name }) => ({ wordings: [name] }));
    const abstract = tei.abstract ? laneFor('abstract')({ wordings: [tei.abstract] }) : null;
    return {
      title: (title && asPrinted(title)) ?? tei.title?.text ?? null,
      authors: authors.map(({ piece, found }) => ({ ...piece, ...found.place, name: asPrinted(found) ?? piece.name })),
      abstract: tei.abstract,
      places: { title: placeIfFound(title), abstract: placeIfFound(abstract) },
    };
  }

  function placeSections(): PaperSection[] {
    const placed = placeAll('sections', tei.sections, headingSought).map(({ piece, found }) => ({
      piece,
      place: found.place,
      heading: headingAsPrinted(piece, found, asPrinted(found)),
      level: piece.number ? piece.level : (levelAt.get(found.place.startOffset) ?? piece.level),
    }));
    const roles = sectionRoles(placed);
    return placed.map(({ piece, place, heading, level }, index) => ({
      heading,
      level,
      role: roleIn(piece.kind, roles[index] ?? 'OTHER'),
      text: piece.text,
      ...place,
    }));
  }

  function placeReferences(): StructuredPaper['references'] {
    return placeAll('references', tei.references, referenceSought).map(({ piece, found }) => {
      const { isComposed, ...reference } = piece;
      const { startOffset, endOffset } = found.place;
      const there = bytes.subarray(startOffset, endOffset).toString();
      const before = bytes.subarray(Math.max(0, startOffset - MAX_LABEL_BYTES), startOffset).toString();
      const { label, length } = leadingLabel(there); // whole lines begin with it
      return {
        ...reference,
        label: reference.label ?? label ?? (there === '' ? null : labelBefore(before)),
        raw: isComposed && found.by === 'LINES' ? onOneLine(there.slice(length)) : reference.raw,
        ...(length > 0
          ? placeOf(lines, startOffset + Buffer.byteLength(there.slice(0, length)), endOffset)
          : found.place),
      };
    });
  }

  function placeCitations(): StructuredPaper['citations'] {
    return placeAll('citations', tei.citations, citationSought).map(({ piece, found }) => ({
      references: piece.references,
      ...found.place,
      text: asPrinted(found) ?? piece.text,
    }));
  }

  function placeAll<Piece extends { boxes: PageBox[] }>(
    field: PlacedField,
    pieces: readonly Piece[],
    soughtOf: (piece: Piece) => SoughtPiece,
  ) {
    const locate = laneFor(field);
    return pieces.map((whole) => {
      const { boxes, ...piece } = whole;
      return { piece, boxes, found: locate({ ...soughtOf(whole), boxes }) };
    });
  }
}

const emptyTally = (): Tally => ({ TEXT: 0, LINES: 0, ENDS: 0, PART: 0, COORDINATES: 0, NOTHING: 0 });

const emptyTallies = (): Record<PlacedField, Tally> => ({
  title: emptyTally(),
  authors: emptyTally(),
  abstract: emptyTally(),
  sections: emptyTally(),
  references: emptyTally(),
  citations: emptyTally(),
  tables: emptyTally(),
  figures: emptyTally(),
  equations: emptyTally(),
});

const placeIfFound = (found: LocatedPiece | null): Place | null =>
  found === null || found.by === 'NOTHING' ? null : found.place;

/** A heading whose number stands apart is found by its title. */
const headingSought = ({ number, title }: TeiSection): SoughtPiece => ({
  wordings: number ? [`${number} ${title}`, title] : [title],
  startsLine: true,
});

const headingAsPrinted = (
  { heading }: Pick<TeiSection, 'heading'>,
  { wording }: LocatedPiece,
  printed: string | null,
): string => (wording === 0 && printed !== null ? printed : heading);

function roleIn(kind: DivisionKind, role: SectionRole): SectionRole {
  if (kind === 'ANNEX') return role === 'ACKNOWLEDGEMENTS' ? role : 'APPENDIX';
  return kind === 'ACKNOWLEDGEMENTS' && role === 'OTHER' ? 'ACKNOWLEDGEMENTS' : role;
}

const equationSought = ({ text, number }: TeiPaper['equations'][number]): SoughtPiece => ({
  wordings: number ? [`${text} (${number})`, text] : [text],
  trustsBoxes: true,
});

const referenceSought = ({ raw, title, isComposed }: TeiReference): SoughtPiece => ({
  wordings: [raw],
  part: isComposed ? (title ?? undefined) : undefined,
});

const citationSought = ({ text, otherText }: TeiCitation): SoughtPiece => ({
  wordings: otherText ? [text, otherText] : [text],
});

/** GROBID drops the mark between a caption's label and its words. */
const captionSought = ({ label, caption }: { label: string | null; caption: string | null }): SoughtPiece =>
  label && caption
    ? { wordings: [`${label}: ${caption}`, `${label} ${caption}`, `${label} | ${caption}`, caption], part: label }
    : { wordings: [caption ?? '', label ?? ''] };

/** A table's caption is found in the text; its cells are where GROBID saw them. The box is around both. */
function withRegion(place: Place, boxes: readonly PageBox[]): Pick<PaperTable, keyof Place> {
  const region = regionOf(boxes);
  if (region === null || place.box === null || place.page !== region.page) return place;
  return { ...place, box: regionOf([{ page: region.page, box: place.box }, region])?.box ?? place.box };
}

const MAX_LABEL_BYTES = 24;

/** The entry's label right before it, which GROBID leaves out: "[12]" anywhere, "12." and "(12)" at the start of a line. */
function labelBefore(text: string): string | null {
  const found = /(?:(?:^|\s)\[([^\]\n]{1,16})\]|(?:^|\n)\s*(?:\((\d{1,3})\)|(\d{1,3})\.?))\s*$/.exec(text);
  return found?.[1] ?? found?.[2] ?? found?.[3] ?? null;
}
