/**
 * Displayed equations: formulas set apart from the text, with a number at the column's right edge or, centred, without.
 * A text layer holds a formula's symbols, not its structure: a fraction is two lines, a root a sign. The text is what the
 * layer has, in reading order, and where it lost structure or symbols an uncertainty says so.
 */
import type { PaperEquation, PaperUncertainty } from '../../../../../src/papers/structured-paper.js';
import { around, type Column, columnAt, type PageLines, type SetLine } from './page-lines.js';

export interface EquationInput {
  pages: readonly PageLines[];
  taken: ReadonlySet<SetLine>; // lines of captions and tables
  endsAt: number; // offset where the reference list begins
}

export interface SetEquation {
  equation: PaperEquation;
  isWhole: boolean; // one line, nothing lost as far as the layer tells
}

export function readEquations({ pages, taken, endsAt }: EquationInput): SetEquation[] {
  return pages.flatMap((page) => {
    const free = page.lines.filter((line) => !taken.has(line) && line.startOffset < endsAt);
    const numbered = numberedOn(page, free);
    const used = new Set(numbered.flatMap(({ lines }) => lines));
    const others = displaysOn(
      page,
      free.filter((line) => !used.has(line)),
    );
    return [...numbered, ...others].map(toEquation).sort((a, b) => a.equation.startOffset - b.equation.startOffset);
  });
}

interface Display {
  number: string | null;
  lines: SetLine[];
  page: number;
}

const NUMBER = /^\(((?:[A-Z]\.?)?\d{1,3}(?:\.\d{1,3})*[a-z]?′?)\)\.?$/;
const NUMBER_AT_END = /\s\(((?:[A-Z]\.?)?\d{1,3}(?:\.\d{1,3})*[a-z]?)\)$/;
const EDGE = 14; // points: how far an equation's number may stand from the column's right edge

/** The number that a line ends with, if it stands where numbers of equations stand. */
function numberOf(line: SetLine, column: Column): string | null {
  if (Math.abs(line.endX - column.right) > EDGE || line.isProse) return null;
  const alone = NUMBER.exec(line.text);
  if (alone) return line.box.x > column.left + 0.4 * (column.right - column.left) ? (alone[1] ?? null) : null;
  const last = line.pieces.at(-1);
  const inside = line.pieces.length > 1 && last ? NUMBER.exec(last.text) : NUMBER_AT_END.exec(line.text);
  return inside && isMath(line.text.slice(0, line.text.lastIndexOf('('))) ? (inside[1] ?? null) : null;
}

const MAX_HEIGHT = 90; // points above and below the number: a matrix or a system of equations
const MAX_PIECES = 80; // lines of one display
const REACH = 2.6; // of the font size: from one line of a display to the next

function numberedOn(page: PageLines, lines: readonly SetLine[]): Display[] {
  const marks = lines.flatMap((line) => {
    const column = columnAt(page.columns, line);
    const number = numberOf(line, column);
    return number === null ? [] : [{ number, line, column }];
  });
  const owned = new Set(marks.map(({ line }) => line));
  return marks.flatMap(({ number, line, column }) => {
    const near = lines.filter((other) => Math.abs(other.baseline - line.baseline) < MAX_HEIGHT);
    const loose = near.filter((other) => !owned.has(other) && isLoose(other, column)).slice(0, MAX_PIECES);
    const own = [line];
    for (let grew = true; grew; ) {
      const next = loose.filter((other) => !own.includes(other) && own.some((one) => isNear(one, other)));
      const closest = next.filter((other) => nearestMark(other, marks) === line);
      own.push(...closest);
      grew = closest.length > 0;
    }
    const hasContent = own.length > 1 || line.pieces.length > 1 || !NUMBER.test(line.text);
    return hasContent ? [{ number, lines: own, page: page.number }] : [];
  });
}

const isLoose = (line: SetLine, column: Column): boolean =>
  !line.isProse &&
  line.paragraph.role !== 'CAPTION' &&
  line.box.x >= column.left - 2 &&
  line.endX <= column.right + EDGE &&
  line.box.width < 0.95 * (column.right - column.left) &&
  !isWordy(line.text) &&
  (hasMathSign(line.text) || (line.text.match(/(?<=^|\s)\p{L}{2,}(?=\s|$)/gu)?.length ?? 0) < 2); // "and we obtain" is text

const isNear = (a: SetLine, b: SetLine): boolean =>
  Math.abs(a.baseline - b.baseline) < REACH * Math.min(12, Math.max(a.size, b.size, 8)) * 0.75;

function nearestMark(line: SetLine, marks: readonly { line: SetLine; column: Column }[]): SetLine | undefined {
  let best: SetLine | undefined;
  for (const mark of marks) {
    if (line.box.x < mark.column.left - 2 || line.endX > mark.column.right + EDGE) continue;
    const gap = Math.abs(mark.line.baseline - line.baseline);
    if (!best || gap < Math.abs(best.baseline - line.baseline)) best = mark.line;
  }
  return best;
}

const INDENT = 1.2; // of the font size, on both sides: a display is centred or indented
const MAX_DISPLAY_LINES = 12;

/** Displays without a number: runs of centred lines that hold a relation, between two stretches of prose. */
function displaysOn(page: PageLines, lines: readonly SetLine[]): Display[] {
  const displays: Display[] = [];
  let open: SetLine[] = [];
  const close = (): void => {
    if (open.length <= MAX_DISPLAY_LINES && isDisplay(open, page))
      displays.push({ number: null, lines: open, page: page.number });
    open = [];
  };
  for (const line of lines) {
    const column = columnAt(page.columns, line);
    const last = open.at(-1);
    if (!isLoose(line, column) || line.box.x < column.left + INDENT * line.size) {
      close();
      continue;
    }
    if (last && !isNear(last, line)) close();
    open.push(line);
  }
  close();
  return displays;
}

// Of the font size: how far a display stands from running text, on its nearer and on its farther side.
const NEAR_PROSE = 5;
const FAR_PROSE = 9;

const RELATION = /[=≈≃≅≡∝≤≥≪≫→↦⇒⇔:]=?|[<>∼]/;

function isDisplay(lines: readonly SetLine[], page: PageLines): boolean {
  const text = lines.map((line) => line.text).join(' ');
  if (!/[=≈≡∝≤≥∑∫∏]/.test(text) || !RELATION.test(text) || isWordy(text) || text.replace(/\s/g, '').length < 5)
    return false;
  const column = columnAt(page.columns, lines[0] as SetLine);
  const right = Math.max(...lines.map((line) => line.endX));
  const size = Math.max(...lines.map((line) => line.size));
  const prose = page.lines.filter((line) => line.isProse && columnAt(page.columns, line) === column);
  const top = Math.min(...lines.map((line) => line.baseline));
  const bottom = Math.max(...lines.map((line) => line.baseline));
  const above = Math.min(...prose.filter((line) => line.baseline < top).map((line) => top - line.baseline));
  const below = Math.min(...prose.filter((line) => line.baseline > bottom).map((line) => line.baseline - bottom));
  const isBetween = Math.min(above, below) < NEAR_PROSE * size && Math.max(above, below) < FAR_PROSE * size;
  const isBeside = prose.some((line) => lines.some((one) => Math.abs(one.baseline - line.baseline) < 0.6 * line.size));
  return isBetween && !isBeside && right < column.right - INDENT * size && size >= 0.85 * (prose[0]?.size ?? size);
}

/** Running words, by which a formula is told from a line of text: "where", "for" and "if" stand in formulas. */
function isWordy(text: string): boolean {
  const words = text.match(/(?<![\p{L}_])\p{L}{3,}(?![\p{L}_(])/gu)?.filter((word) => !FUNCTIONS.test(word)) ?? [];
  return words.length >= 4 && words.join('').length > 0.45 * text.replace(/\s/g, '').length;
}

const FUNCTIONS =
  /^(?:where|for|and|with|if|otherwise|all|then|such|that|sin|cos|tan|exp|log|ln|lim|max|min|sup|inf|det|arg|argmax|argmin|mod|tanh|cosh|sinh)$/i;

const hasMathSign = (text: string): boolean => /[=≈≡∝≤≥<>∑∫∏√∂∇+×·−∼≪≫∈]/.test(text);

const isMath = (text: string): boolean => hasMathSign(text) && !isWordy(text);

const LOST = /[\ufffd\u25a1]|^[\s()[\]{}|,.;=+-]*$/;

function toEquation({ number, lines, page }: Display): SetEquation {
  const ordered = [...lines].sort((a, b) => a.startOffset - b.startOffset);
  const startOffset = Math.min(...lines.map((line) => line.startOffset));
  const endOffset = Math.max(...lines.map((line) => line.endOffset));
  const text = ordered
    .map((line) => line.text)
    .filter((part) => !NUMBER.test(part))
    .join(' ')
    .replace(number === null ? /$^/ : NUMBER_AT_END, '')
    .trim();
  const baselines = new Set(lines.map((line) => Math.round(line.baseline / 3)));
  const isWhole = baselines.size === 1 && !LOST.test(text);
  return { equation: { number, text, startOffset, endOffset, page, box: around(lines) }, isWhole };
}

/** One uncertainty a paper: which of its equations lost their structure, and where the first stands. */
export function doubtsOfEquations(equations: readonly SetEquation[]): PaperUncertainty[] {
  const broken = equations.filter(({ isWhole }) => !isWhole);
  const first = broken[0];
  if (!first) return [];
  return [
    {
      code: 'EQUATIONS_UNREADABLE',
      message: `${broken.length} of ${equations.length} displayed equations are set in more than one line (fractions, sums, limits) or lost symbols: their text has the signs in drawing order only. Read them on the page.`,
      page: first.equation.page,
    },
  ];
}
