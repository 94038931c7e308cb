/**
 * Entries that carry a label: "[12]", "12.", "(12)", "12", a raised 12, "[KB14]". Numbers must ascend one by one; where
 * one is missing, it is looked for inside the lines, where two columns or two entries were read as one line.
 */
import { cutLine, type ListLine } from './list-lines.js';

export interface SplitEntry {
  label: string | null;
  lines: ListLine[]; // the first without its label; never empty
}

const NUMBER_LABELS: readonly RegExp[] = [
  /^\[\s?(\d{1,4})\s?\][.:]?(?:\s*|$)/,
  /^(\d{1,4})\.(?:\s*(?=[\p{L}"“‘'«([])|\s+|$)/u,
  /^\((\d{1,4})\)[.:]?(?:\s*|$)/,
  /^(\d{1,4})\)(?:\s*|$)/,
  /^([⁰¹²³⁴⁵⁶⁷⁸⁹]{1,4})[.)]?(?:\s*|$)/,
  /^(\d{1,4})(?:\s+(?=[\p{Lu}"“‘«]|(?:van|von|de|der|du|la|le)\s)|$)/u,
];

const KEY_LABEL =
  /^\[(\p{Lu}[\p{L}+*'’-]{0,14}:?\d{2,4}[a-z]?|\p{Lu}[\p{L}.,&+ '’-]{1,40}[,\s]\s?\(?(?:19|20)\d\d[a-z]?\)?)\]:?\s*/u;

interface Candidate {
  at: number; // index of the line
  number: number;
  length: number; // characters of the label in the line
}

/** Null when the lines are not labelled: no chain of numbers that begins at the list's head and has most of it. */
export function splitNumbered(lines: readonly ListLine[]): SplitEntry[] | null {
  const keyed = splitKeyed(lines);
  if (keyed) return keyed;
  let best: { chain: Candidate[]; pattern: RegExp } | null = null;
  for (const pattern of NUMBER_LABELS) {
    const chain = longestChain(candidatesOf(lines, pattern));
    if (chain.length > (best?.chain.length ?? 1)) best = { chain, pattern };
  }
  if (!best || !isLabelling(best.chain, lines)) return null;
  return entriesOf(lines, best.chain, best.pattern);
}

const figures = '⁰¹²³⁴⁵⁶⁷⁸⁹';
export const plainFigures = (text: string): string =>
  text.replace(/[⁰¹²³⁴-⁹]/g, (raised) => String(figures.indexOf(raised)));

function candidatesOf(lines: readonly ListLine[], pattern: RegExp): Candidate[] {
  return lines.flatMap(({ text }, at) => {
    const match = pattern.exec(text);
    return match?.[1] ? [{ at, number: Number(plainFigures(match[1])), length: match[0].length }] : [];
  });
}

const MAX_STEP = 4; // numbers: more missing in a row is another list

/** The longest ascending run of numbers; a missing number costs more than half of what it brings. */
function longestChain(candidates: readonly Candidate[]): Candidate[] {
  const worth: number[] = [];
  const before: number[] = [];
  candidates.forEach((candidate, index) => {
    worth[index] = 1;
    before[index] = -1;
    for (let other = index - 1; other >= 0; other--) {
      const step = candidate.number - (candidates[other]?.number ?? 0);
      if (step < 1 || step > MAX_STEP) continue;
      const value = (worth[other] ?? 0) + 1 - 0.7 * (step - 1);
      if (value > (worth[index] ?? 0)) [worth[index], before[index]] = [value, other];
    }
  });
  let at = worth.indexOf(Math.max(...worth));
  const chain: Candidate[] = [];
  for (; at >= 0; at = before[at] ?? -1) {
    const candidate = candidates[at];
    if (candidate) chain.unshift(candidate);
  }
  return chain;
}

const MAX_LINES = 25; // an entry, on average: physics lists several papers under one number

function isLabelling(chain: readonly Candidate[], lines: readonly ListLine[]): boolean {
  const first = chain[0];
  if (!first || first.at > 2 || chain.length < 2) return false;
  const last = chain.at(-1) as Candidate;
  return (last.at - first.at) / (chain.length - 1) <= MAX_LINES && (chain.length > 2 || lines.length < 12);
}

function entriesOf(lines: readonly ListLine[], chain: readonly Candidate[], pattern: RegExp): SplitEntry[] {
  return chain.flatMap((candidate, index) => {
    const next = chain[index + 1];
    const own = lines.slice(candidate.at, next?.at ?? lines.length);
    const missing = next ? next.number - candidate.number - 1 : 0;
    const first = own[0] as ListLine;
    const entry = { label: String(candidate.number), lines: withoutLabel(first, candidate.length, own.slice(1)) };
    return missing > 0 ? withHidden(entry, candidate.number + 1, missing, pattern) : [entry];
  });
}

const withoutLabel = (line: ListLine, length: number, rest: readonly ListLine[]): ListLine[] => {
  const [, tail] = cutLine(line, length);
  return tail.text === '' && rest.length > 0 ? [...rest] : [tail, ...rest];
};

/** Looks for the labels `number`… inside the lines of the entry before them. */
function withHidden(entry: SplitEntry, number: number, missing: number, pattern: RegExp): SplitEntry[] {
  if (missing === 0) return [entry];
  const inner = new RegExp(`(?<=[.\\])\\d”"] )${pattern.source.slice(1)}`, 'gu');
  for (const [at, line] of entry.lines.entries()) {
    for (const match of line.text.matchAll(inner)) {
      if (Number(plainFigures(match[1] ?? '')) !== number) continue;
      const [head, tail] = cutLine(line, match.index);
      const after = withoutLabel(tail, match[0].length, entry.lines.slice(at + 1));
      const found = { label: String(number), lines: after };
      return [
        { ...entry, lines: [...entry.lines.slice(0, at), head] },
        ...withHidden(found, number + 1, missing - 1, pattern),
      ];
    }
  }
  return withHidden(entry, number + 1, missing - 1, pattern);
}

function splitKeyed(lines: readonly ListLine[]): SplitEntry[] | null {
  const starts = lines.flatMap(({ text }, at) => {
    const match = KEY_LABEL.exec(text);
    return match?.[1] ? [{ at, label: match[1], length: match[0].length }] : [];
  });
  if (starts.length < 2 || (starts[0]?.at ?? 0) > 2 || lines.length / starts.length > MAX_LINES) return null;
  return starts.map(({ at, label, length }, index) => {
    const own = lines.slice(at, starts[index + 1]?.at ?? lines.length);
    return { label, lines: withoutLabel(own[0] as ListLine, length, own.slice(1)) };
  });
}
