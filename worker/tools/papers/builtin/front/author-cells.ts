/**
 * Which of the cells between title and abstract hold the names. Names are set alike and come first: over the whole width
 * as one list, one to a line, or in columns with an institution under each.
 */
import type { Cell } from './front-page.js';
import { beginsNamedPlace } from './named-places.js';
import { hasMarks, isInstitution, isName, isNamePart, namesOf, readPiece, splitList } from './names.js';
import { plainStretch, type Stretch, stretchOf } from './stretch.js';

export type CellKind = 'NAMES' | 'NAME_AND_PLACE' | 'PLACE' | 'EMAIL' | 'MARK' | 'NOTE';

export interface FrontCell extends Cell {
  kind: CellKind;
  stretch: Stretch;
}

const NOTE =
  /^(?:\W{0,2}(?:received|accepted|published|submitted|revised|available online|first published|latest published|doi\b|https?:|www\.|arxiv|key ?words?|issn|isbn|vol\.|volume|©|\(c\) ?\d|copyright|online at|edited by|reviewed by|editor|referee|research article|original (?:article|paper|research)|article info|open access|(?:\d{1,2}(?:st|nd|rd|th)? )?(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sep(?:tember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?\s[\d ,stndrh]*$|draft\b|to appear\b|appeared\b|reprinted\b|(?:technical|tech\.) report|report (?:no|series)|.*\breport series\b|[A-Z]{2,6}[- ]TR\b))/iu;

export const EMAIL = /[\p{L}\d._%+{}, |-]{0,120}[\p{L}\d}]\s?@\s?[\p{L}\d-]{1,63}(?:\.[\p{L}\d-]{1,63})+/u;

export function kindOf(cells: readonly Cell[], bytes: Buffer): FrontCell[] {
  return cells.map((cell) => ({ ...cell, kind: kind(cell.text), stretch: stretchOf(bytes, cell) }));
}

const MAX_CHARS = 400; // of a cell: a line of names is shorter

function kind(text: string): CellKind {
  if (text.length > MAX_CHARS) return 'PLACE';
  if (!/\p{L}{2}/u.test(text)) return 'MARK';
  if (EMAIL.test(text) || /^\W*e-?mails?\b/i.test(text)) return 'EMAIL';
  if (NOTE.test(text)) return 'NOTE';
  if (isNames(text)) return 'NAMES';
  return beginsNamedPlace(text) ? 'NAME_AND_PLACE' : 'PLACE';
}

/** A list of names, whose first and last may be broken at the line's ends. */
function isNames(text: string): boolean {
  const pieces = piecesOf(text);
  const names = pieces.map((piece) => readPiece(piece).name);
  const full = names.filter(isName).length;
  const isListed = full > 1 || (full > 0 && hasMarks(text)); // "Belfast, Northern Ireland" is not
  const isBroken = (index: number): boolean => (index === 0 && isListed) || index === names.length - 1;
  return full > 0 && names.every((name, index) => name === '' || isName(name) || (isBroken(index) && isNamePart(name)));
}

const piecesOf = (text: string): string[] => splitList(plainStretch(text)).map((piece) => piece.text);

/** A list of names over one or several lines, and the cells that it is set in. */
export interface NameFlow {
  cells: FrontCell[];
}

export function nameFlows(cells: readonly FrontCell[]): NameFlow[] {
  const style = styleOfNames(cells);
  if (!style) return [];
  const accepted = new Set<FrontCell>();
  const flows: NameFlow[] = [];
  cells.forEach((cell, index) => {
    const isAlike = sameStyle(cell, style);
    const above = nearestAbove(cells.slice(0, index), cell);
    const flow = flows.find((open) => open.cells.at(-1) === above);
    const isOpen =
      flow?.cells[0]?.kind === 'NAME_AND_PLACE'
        ? flow.cells[0].text.includes(';')
        : above && continuesList(above, cell);
    if (flow && isAlike && isOpen) {
      flow.cells.push(cell);
      accepted.add(cell);
    } else if (cell.kind === 'NAME_AND_PLACE' && isAlike && style.kind === cell.kind) flows.push({ cells: [cell] });
    else if (cell.kind === 'NAMES' && isAlike && isNameHere(cell, above, { cells, accepted })) {
      flows.push({ cells: [cell] });
      accepted.add(cell);
    }
  });
  return flows;
}

/** The setting of the cells that read most like a list of authors; the uppermost wins where two are close. */
function styleOfNames(cells: readonly FrontCell[]): FrontCell | undefined {
  const candidates = cells.filter(({ kind }) => kind === 'NAMES' || kind === 'NAME_AND_PLACE');
  const groups: FrontCell[][] = [];
  for (const cell of candidates) {
    const group = groups.find(([first]) => first && sameStyle(first, cell));
    if (group) group.push(cell);
    else groups.push([cell]);
  }
  const score = (group: readonly FrontCell[]): number => {
    const names = new Set(group.flatMap(({ stretch }) => namesOf(stretch).map(({ name }) => name)));
    const isMarked = group.some(({ text }) => hasMarks(text)) ? 2 : 0;
    const isListed = group.some(({ text }) => /,|;|\band\b|·/.test(text)) ? 1 : 0;
    const isFirst = group[0] === candidates[0] ? 2.5 : 0;
    return names.size + isMarked + isListed + isFirst;
  };
  return groups.sort((a, b) => score(b) - score(a))[0]?.[0];
}

const SAME_SIZE = 0.06; // relative

const sameStyle = (a: Cell, b: Cell): boolean =>
  Math.abs(a.size - b.size) <= SAME_SIZE * a.size &&
  (a.font === b.font || (a.bold === b.bold && a.italic === b.italic));

const overlaps = (a: Cell, b: Cell): boolean => Math.min(a.endX, b.endX) - Math.max(a.x, b.x) > 2;

const BLOCK_DROP = 2.3; // of the font size, between baselines of one block

export function nearestAbove(before: readonly FrontCell[], cell: Cell): FrontCell | undefined {
  const above = before.filter(
    (other) => other.kind !== 'MARK' && overlaps(other, cell) && other.baseline < cell.baseline - 0.4 * cell.size,
  );
  const nearest = above.reduce<FrontCell | undefined>(
    (best, other) => (best && best.baseline > other.baseline ? best : other),
    undefined,
  );
  return nearest && cell.baseline - nearest.baseline < BLOCK_DROP * Math.max(cell.size, nearest.size)
    ? nearest
    : undefined;
}

function continuesList(above: FrontCell, cell: FrontCell): boolean {
  if (cell.kind === 'EMAIL' || cell.kind === 'NOTE') return false;
  const begins = piecesOf(cell.text)
    .slice(0, -1)
    .every((piece, index) => {
      const { name } = readPiece(piece);
      return name === '' || isName(name) || (index === 0 && isNamePart(name));
    });
  if (!begins) return false;
  const isListed = /(?:[,;·&•|]|\band)\s*$/i.test(above.text) || /^(?:and\b|&|[,;·])/i.test(cell.text);
  const names = piecesOf(above.text).map((piece) => readPiece(piece));
  const last = names.at(-1)?.name ?? '';
  const isBroken = names.length > 1 && !isName(last) && last !== '' && isNamePart(last);
  const isInitial = /\p{Lu}\.$/u.test(last);
  const isParticle = /^\p{Ll}/u.test(cell.text) && !/^[a-z]\s?\p{Lu}/u.test(cell.text);
  const isUnmarked = names.length > 1 && names.at(-1)?.marks.length === 0 && (names[0]?.marks.length ?? 0) > 0;
  const first = readPiece(piecesOf(cell.text)[0] ?? '').name;
  const half = cell.kind === 'NAMES' ? !isName(first) && isNamePart(first) && names.length > 1 : false;
  return isListed || ((isBroken || isInitial || isParticle || isUnmarked || half) && !isInstitution(cell.text));
}

function isNameHere(
  cell: FrontCell,
  above: FrontCell | undefined,
  { cells, accepted }: { cells: readonly FrontCell[]; accepted: ReadonlySet<FrontCell> },
): boolean {
  if (!above) return true;
  const below = cells.find((other) => nearestAbove([cell], other) === cell);
  if (accepted.has(above)) {
    const isGrid = cells.some((other) => other !== cell && Math.abs(other.baseline - cell.baseline) < 0.3 * cell.size);
    const isPlain = !/[,;·]/.test(cell.text + above.text) && !hasMarks(cell.text + above.text);
    return !(isPlain && isGrid && below !== undefined);
  }
  if (above.kind === 'EMAIL') return true;
  const isStacked = sameStyle(above, cell) && cell.baseline - above.baseline < 1.5 * cell.size;
  return !isStacked || (below !== undefined && below.kind !== 'EMAIL' && isInstitution(below.text));
}
