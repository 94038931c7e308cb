/**
 * Runs → lines of text, in the order in which the page draws them, which for typeset papers is the reading order, column
 * by column. Raised and lowered figures become Unicode superscripts and subscripts: "10" and a raised "6" must not read
 * as 106, nor a raised citation mark as part of a number.
 */
import type { LinePiece } from '../document-layout.js';
import type { PdfPage, PdfRun } from '../pdf-page.js';
import { cleanGlyphs } from './glyphs.js';
import { SMALLER, scripted } from './scripts.js';

export interface Line {
  text: string;
  page: number;
  x: number; // left end, points
  endX: number;
  y: number; // baseline
  size: number; // of the font that sets most of its characters
  font: string; // of most of its characters
  startFont: string; // of its first letters and figures
  endFont: string; // of its last ones
  lead: string; // the words before the first change of font; all of them in a uniform line
  follows: boolean; // true: it continues the row of the line before, after a wide gap (a table cell, say)
  pieces: LinePiece[];
}

// Of the font size:
const MAX_GAP = 2.2; // wider than any justified word space: another cell or column
const PIECE_GAP = 0.7; // wider than all but a loose line's word space: tables are set as narrowly
const SPACE_GAP = 0.18; // narrower than the narrowest word space, wider than kerning

export function linesOf(page: PdfPage): Line[] {
  return joinNumbers(mendRows(segmentsOf(page)).flatMap((segment) => lineOf(segment, page.number) ?? []));
}

const SECTION_NUMBER = /^(?:\d{1,2}(?:\.\d{1,2}){0,3}\.?|[IVX]{1,5}\.|[A-H]\.(?:\d{1,2}\.?)?)$/;
const NUMBER_GAP = 5; // of the font size: a tab stop after a section's number; wider are a table's columns

/** Some files draw "2" and "Methods" apart, with a tab between: one heading, if the row holds nothing else. */
function joinNumbers(lines: readonly Line[]): Line[] {
  const joined: Line[] = [];
  lines.forEach((line, index) => {
    const number = joined.at(-1);
    const isTitle =
      number &&
      line.follows &&
      !number.follows &&
      !lines[index + 1]?.follows &&
      SECTION_NUMBER.test(number.text) &&
      /^\p{Lu}\p{L}+/u.test(line.text) &&
      !/[.,;]$/.test(line.text) &&
      line.startFont === number.font &&
      Math.abs(line.size - number.size) < 0.5 &&
      line.x - number.endX < NUMBER_GAP * line.size;
    if (!isTitle) joined.push(line);
    else {
      const text = `${number.text} ${line.text}`;
      const pieces = [...number.pieces, ...line.pieces];
      const lead = `${number.text} ${line.lead}`;
      joined[joined.length - 1] = { ...line, text, lead, x: number.x, follows: false, pieces };
    }
  });
  return joined;
}

interface Segment {
  runs: PdfRun[];
  follows: boolean;
}

/** Runs that are drawn one after another on one baseline. */
function segmentsOf(page: PdfPage): Segment[] {
  const segments: Segment[] = [];
  let open: Segment | undefined;
  for (const run of page.runs) {
    if (run.text.trim() === '') {
      if (open && Math.abs(run.y - (open.runs.at(-1)?.y ?? 0)) < 1) open.runs.push({ ...run, width: 0 });
      continue;
    }
    const place = open ? placeOf(run, open.runs) : 'other';
    if (open && place === 'same') open.runs.push(run);
    else {
      open = { runs: [run], follows: place === 'cell' };
      segments.push(open);
    }
  }
  return segments;
}

const WORD_GAP = 1; // of the font size: closer neighbours on one baseline are one line, however they were drawn

/**
 * Some files draw a paragraph's roman text first and its italics later, into the gaps. A segment that adjoins an earlier
 * one on its baseline belongs to that line; left apart, the line would read as a sentence that nobody wrote.
 */
function mendRows(segments: readonly Segment[]): Segment[] {
  const mended: Segment[] = [];
  const rows = new Map<number, Segment[]>(); // by baseline, to the point
  for (const segment of segments) {
    const { y } = mainRun(segment.runs);
    const near = [y - 1, y, y + 1].flatMap((row) => rows.get(Math.round(row)) ?? []);
    const neighbours = near.filter((other) => adjoins(other.runs, segment.runs));
    const home = neighbours[0];
    if (!home) {
      mended.push(segment);
      rows.set(Math.round(y), [...(rows.get(Math.round(y)) ?? []), segment]);
      continue;
    }
    home.runs.push(...segment.runs);
    for (const bridged of neighbours.slice(1)) {
      home.runs.push(...bridged.runs);
      bridged.runs = [];
    }
    home.runs.sort((a, b) => a.x - b.x);
  }
  return mended.filter((segment) => segment.runs.length > 0);
}

function adjoins(runs: readonly PdfRun[], others: readonly PdfRun[]): boolean {
  if (runs.length === 0) return false;
  const [a, b] = [mainRun(runs), mainRun(others)];
  if (Math.abs(a.y - b.y) > 0.15 * a.size || Math.abs(a.size - b.size) > 0.1 * a.size) return false;
  const [startA, endA, startB, endB] = [...reachOf(runs), ...reachOf(others)] as [number, number, number, number];
  if (isInGap(runs, startB, endB) || isInGap(others, startA, endA)) return true;
  const gap = startB >= endA - 1 ? startB - endA : startA - endB;
  return gap > -1.5 && gap <= WORD_GAP * a.size;
}

/** Whether the stretch lies between two neighbouring runs. */
const isInGap = (runs: readonly PdfRun[], start: number, end: number): boolean =>
  runs.some((run, i) => endOf(run) <= start + 1 && (runs[i + 1]?.x ?? -1) >= end - 1);

const endOf = (run: PdfRun): number => run.x + run.width;
const reachOf = (runs: readonly PdfRun[]): [number, number] => [
  Math.min(...runs.map((run) => run.x)),
  Math.max(...runs.map(endOf)),
];

/** Where a run stands to the line so far: on it, further along the same row, or elsewhere. */
function placeOf(run: PdfRun, open: readonly PdfRun[]): 'same' | 'cell' | 'other' {
  const main = mainRun(open);
  const last = open.at(-1) ?? main;
  const endX = Math.max(...open.map((other) => other.x + other.width));
  const size = Math.max(main.size, run.size);
  const rise = run.y - main.y;
  const isScript = run.size < SMALLER * main.size || last.size < SMALLER * run.size;
  const reach = isScript ? 0.75 * size : 0.25 * Math.min(main.size, run.size);
  if (Math.abs(rise) > reach || run.x < endX - 0.6 * size - 0.1 * run.width) return 'other';
  return run.x - endX > MAX_GAP * size ? 'cell' : 'same';
}

/** A run in the size, and of those in the font, that sets most of the characters. */
function mainRun(runs: readonly PdfRun[]): PdfRun {
  const size = mostSet(runs, (run) => run.size);
  const sized = runs.filter((run) => run.size === size);
  const font = mostSet(sized, (run) => run.font);
  return sized.find((run) => run.font === font) as PdfRun;
}

function mostSet<K>(runs: readonly PdfRun[], keyOf: (run: PdfRun) => K): K | undefined {
  const characters = new Map<K, number>();
  for (const run of runs) characters.set(keyOf(run), (characters.get(keyOf(run)) ?? 0) + run.text.trim().length);
  return [...characters].reduce<[K, number] | undefined>(
    (best, entry) => (best && best[1] >= entry[1] ? best : entry),
    undefined,
  )?.[0];
}

function lineOf({ runs, follows }: Segment, page: number): Line | undefined {
  const first = runs[0];
  if (!first) return undefined;
  const main = mainRun(runs);
  const pieces: LinePiece[] = [];
  let text = '';
  let piece = { text: '', x: first.x, endX: first.x };
  let endX = first.x;
  let startFont: string | undefined;
  let endFont = main.font;
  let lead: string | undefined;
  for (const run of withoutFalseSpaces(runs)) {
    const gap = run.x - endX;
    if (gap > PIECE_GAP * main.size && run.text.trim() !== '') {
      pieces.push(piece);
      piece = { text: '', x: run.x, endX: run.x };
    }
    if (/[\p{L}\p{N}]/u.test(run.text)) {
      startFont ??= run.font;
      if (run.font !== startFont) lead ??= text;
      endFont = run.font;
    }
    const isSpaced = gap > SPACE_GAP * main.size && !/\s$/.test(text) && !/^\s/.test(run.text);
    const set = (text !== '' && isSpaced ? ' ' : '') + scripted(run, main);
    text += set;
    piece.text += set;
    endX = Math.max(endX, run.x + run.width);
    piece.endX = endX;
  }
  const clean = cleaned(text);
  if (clean === '') return undefined;
  const setPieces = [...pieces, piece]
    .map((part) => ({ ...part, text: cleaned(part.text) }))
    .filter((part) => part.text);
  const { y, font } = main;
  const size = smallCapsSize(runs, clean) ?? main.size;
  const setting = { size, font, startFont: startFont ?? font, endFont, lead: cleaned(lead ?? text) };
  return { text: clean, page, x: first.x, endX, y, ...setting, follows, pieces: setPieces };
}

const cleaned = (text: string): string => cleanGlyphs(text).replace(/\s+/g, ' ').trim();

const FALSE_SPACE = 0.08; // of the font size: a kerned pair, not the narrowest space

/** Fonts with a scale of their own make readers see spaces where letters were only kerned: "Intro duction". */
function withoutFalseSpaces(runs: readonly PdfRun[]): PdfRun[] {
  return runs.filter((run, index) => {
    const [before, after] = [runs[index - 1], runs[index + 1]];
    if (run.text.trim() !== '' || !before || !after || after.text.trim() === '') return true;
    return after.x - endOf(before) > FALSE_SPACE * after.size;
  });
}

/** "I. INTRODUCTION" with full capitals among small ones is set in the size of the full ones. */
function smallCapsSize(runs: readonly PdfRun[], text: string): number | undefined {
  if (/\p{Ll}/u.test(text) || !/\p{Lu}{3}/u.test(text)) return undefined;
  const lettered = runs.filter((run) => /\p{Lu}/u.test(run.text));
  const full = Math.max(...lettered.map((run) => run.size));
  const small = Math.min(...lettered.map((run) => run.size));
  const starts = lettered[0]?.size === full;
  return starts && small >= SMALL_CAPS * full && small < 0.95 * full ? full : undefined;
}

const SMALL_CAPS = 0.65; // of the full capitals: fonts and word processors shrink them to 70–80 %
