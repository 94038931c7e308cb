/**
 * Entries without labels: told apart by how the list is set. Every way to set one is tried (hanging indent, indented
 * first lines, wider gaps, paragraphs, the text alone), and the one whose entries look most like entries is taken.
 */
import { canStart, entryLikeness, hasEnded, startsWithAuthors } from './entry-shape.js';
import { hasJumped, type ListLine } from './list-lines.js';
import type { SplitEntry } from './split-numbered.js';

/** Never fails: in the worst case all lines are one entry. */
export function splitUnnumbered(lines: readonly ListLine[]): SplitEntry[] {
  const runs = runsOf(lines);
  // The likeness that a way must be ahead: entries without authors ("Style manual. 2012.") are only seen by their setting.
  const ways: [Set<ListLine> | null, number][] = [
    [bulleted(lines), 0],
    [hanging(runs), 0],
    [gapped(runs), 0.05],
    [indented(runs), 0.1],
    [ofParagraphs(lines), 0.15],
    [ofText(lines), 0.2],
  ];
  let best: { entries: SplitEntry[]; score: number } = { entries: [], score: Number.NEGATIVE_INFINITY };
  for (const [starts, handicap] of ways) {
    if (!starts) continue;
    const entries = cutAt(lines, starts);
    const score = splitLikeness(entries) - handicap;
    if (score > best.score) best = { entries, score };
  }
  return best.entries;
}

export const splitLikeness = (entries: readonly SplitEntry[]): number =>
  entries.reduce((sum, entry) => sum + entryLikeness(entry.lines.map(({ text }) => text)), 0) /
  Math.max(1, entries.length);

const BULLET = /^[•◦▪‣∙·○■*–—-]\s+(?=\S)/u;

function cutAt(lines: readonly ListLine[], starts: ReadonlySet<ListLine>): SplitEntry[] {
  const entries: SplitEntry[] = [];
  for (const line of lines) {
    const open = entries.at(-1);
    if (open && !starts.has(line)) open.lines.push(line);
    else entries.push({ label: null, lines: [line] });
  }
  return entries;
}

/** Lines that follow each other down one column. */
function runsOf(lines: readonly ListLine[]): ListLine[][] {
  const runs: ListLine[][] = [];
  for (const line of lines) {
    const open = runs.at(-1);
    const last = open?.at(-1);
    if (open && last?.set && line.set && !hasJumped(last.set, line.set)) open.push(line);
    else runs.push([line]);
  }
  return runs.filter((run) => run[0]?.set);
}

const SAME = 2.5; // points: TeX's protrusion moves a line's first letter
const leftOf = (run: readonly ListLine[]): number => Math.min(...run.map(({ set }) => set?.x ?? 0));
const xOf = ({ set }: ListLine): number => set?.x ?? 0;
const sizeOf = ({ set }: ListLine): number => set?.size ?? 10;

interface Indents {
  step: number; // points from the left edge to the indented lines
  edges: number[]; // left edges of columns that show both
}

function indentsOf(runs: readonly ListLine[][]): Indents | null {
  const offsets = runs.flatMap((run) => run.map((line) => xOf(line) - leftOf(run)));
  const size = runs[0]?.[0] ? sizeOf(runs[0][0]) : 10;
  const inner = offsets.filter((offset) => offset > 0.4 * size && offset < 7 * size).sort((a, b) => a - b);
  const step = inner[inner.length >> 1];
  if (step === undefined) return null;
  const indented = offsets.filter((offset) => Math.abs(offset - step) <= SAME).length;
  if (indented < 0.1 * offsets.length || indented < 0.5 * inner.length) return null;
  const both = runs.filter((run) => run.some((line) => Math.abs(xOf(line) - leftOf(run) - step) <= SAME));
  return { step, edges: both.map(leftOf) };
}

type Depth = 'edge' | 'indent' | 'unknown';

/** Where each line begins. A column whose lines all begin at one place is judged by the columns of the other pages. */
function depthsOf(runs: readonly ListLine[][], { step, edges }: Indents): Map<ListLine, Depth> {
  const depths = new Map<ListLine, Depth>();
  const near = (x: number): boolean => edges.some((edge) => Math.abs(edge - x) <= SAME);
  for (const run of runs) {
    const left = leftOf(run);
    const showsBoth = run.some((line) => Math.abs(xOf(line) - left - step) <= SAME);
    for (const line of run) {
      const depth = xOf(line) - left <= SAME ? 'edge' : 'indent';
      const alone = near(left) ? 'edge' : near(left - step) ? 'indent' : 'unknown';
      depths.set(line, showsBoth ? depth : depth === 'edge' ? alone : 'indent');
    }
  }
  return depths;
}

const looksStarted = (line: ListLine): boolean => startsWithAuthors(line.text);

function hanging(runs: readonly ListLine[][]): Set<ListLine> | null {
  const indents = indentsOf(runs);
  if (!indents) return null;
  const depths = depthsOf(runs, indents);
  const lines = [...depths].filter(
    ([line, depth]) => (depth === 'edge' && canStart(line.text)) || (depth === 'unknown' && looksStarted(line)),
  );
  return new Set(lines.map(([line]) => line));
}

function indented(runs: readonly ListLine[][]): Set<ListLine> | null {
  const indents = indentsOf(runs);
  if (!indents) return null;
  const depths = depthsOf(runs, indents);
  const lines = [...depths].filter(
    ([line, depth]) => (depth === 'indent' && canStart(line.text)) || (depth === 'unknown' && looksStarted(line)),
  );
  return new Set(lines.map(([line]) => line));
}

const WIDER = 1.12; // of the usual gap between lines

function gapped(runs: readonly ListLine[][]): Set<ListLine> | null {
  const gaps = runs.flatMap((run) => run.slice(1).map((line, index) => gap(run[index], line))).sort((a, b) => a - b);
  const usual = gaps[Math.floor(gaps.length * 0.3)];
  if (usual === undefined) return null;
  const starts = runs.flatMap((run) =>
    run.filter((line, index) =>
      index === 0 ? looksStarted(line) : gap(run[index - 1], line) > WIDER * usual && canStart(line.text),
    ),
  );
  return new Set(starts);
}

const gap = (above: ListLine | undefined, below: ListLine): number =>
  (below.set?.baseline ?? 0) - (above?.set?.baseline ?? 0);

function bulleted(lines: readonly ListLine[]): Set<ListLine> | null {
  const starts = lines.filter(({ text }) => BULLET.test(text));
  return starts.length > 1 && starts[0] === lines[0] ? new Set(starts) : null;
}

const ofParagraphs = (lines: readonly ListLine[]): Set<ListLine> =>
  new Set(lines.filter((line) => line.isFirst && (line.set === null || canStart(line.text))));

const ofText = (lines: readonly ListLine[]): Set<ListLine> =>
  new Set(lines.filter((line, index) => startsWithAuthors(line.text) && hasEnded(lines[index - 1]?.text ?? '.')));
