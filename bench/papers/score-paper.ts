/**
 * Compares a structured paper with what is known of it. Two strings match when their Levenshtein ratio, after normalising,
 * is at least 0.9 (the soft match that GROBID's end-to-end evaluation reports, https://grobid.readthedocs.io).
 */
import { distance } from 'fastest-levenshtein';
import type { StructuredPaper } from '../../src/papers/structured-paper.js';

/** What of a paper is known; a field that is absent is not counted. */
export interface PaperTruth {
  file: string;
  title?: string | null;
  authors?: string[];
  abstract?: string | null;
  year?: number | null;
  doi?: string | null;
  sections?: string[]; // headings in order, without numbers, abstract and reference list
  references?: { title?: string | null; year?: number | null }[];
  n_references?: number;
}

/** True positives, and how many were given and how many there are. */
export interface Counts {
  hits: number;
  given: number;
  wanted: number;
}

export const SCORED_FIELDS = ['title', 'authors', 'abstract', 'sections', 'references'] as const;
export type ScoredField = (typeof SCORED_FIELDS)[number];

export interface PaperScore {
  counts: Partial<Record<ScoredField, Counts>>;
  references: { given: number; wanted: number } | null; // how many, where that is known
}

const MATCH = 0.9;

export function scorePaper(paper: StructuredPaper, truth: PaperTruth): PaperScore {
  const counts: PaperScore['counts'] = {};
  if (truth.title) counts.title = inOrder(listOf(paper.title), [truth.title]);
  if (truth.authors?.length) {
    const names = paper.authors.map(({ name }) => name);
    counts.authors = inAnyOrder(names, truth.authors);
  }
  if (truth.abstract) counts.abstract = inOrder(listOf(paper.abstract), [truth.abstract]);
  if (truth.sections?.length) {
    const headings = paper.sections.map(({ heading }) => withoutNumber(heading));
    counts.sections = inOrder(headings, truth.sections.map(withoutNumber));
  }
  const titles = truth.references?.flatMap(({ title }) => title ?? []) ?? [];
  if (titles.length > 0) {
    const given = paper.references.flatMap(({ title }) => title ?? []);
    counts.references = inAnyOrder(given, titles);
  }
  const wanted = truth.n_references;
  return { counts, references: wanted === undefined ? null : { given: paper.references.length, wanted } };
}

export const f1 = ({ hits, given, wanted }: Counts): number =>
  given + wanted === 0 ? 1 : (2 * hits) / (given + wanted);

export const addCounts = (a: Counts, b: Counts): Counts => ({
  hits: a.hits + b.hits,
  given: a.given + b.given,
  wanted: a.wanted + b.wanted,
});

const listOf = (text: string | null): string[] => (text === null ? [] : [text]);

/** Letters and figures only, lower case, without accents. */
export const normalised = (text: string): string =>
  text
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s]/gu, '')
    .replace(/\s+/g, ' ')
    .trim();

export function matches(a: string, b: string): boolean {
  const [left, right] = [normalised(a), normalised(b)];
  const longest = Math.max(left.length, right.length);
  return longest > 0 && 1 - distance(left, right) / longest >= MATCH;
}

const withoutNumber = (heading: string): string =>
  heading.replace(
    /^(?:(?:\d+(?:\.\d+)*|[IVXLC]+|[A-Z])[.)]?\s+|(?:appendix\s+)?[A-Z]\.\d+(?:\.\d+)*\.?\s+)(?=\S)/u,
    '',
  );

/** The longest common subsequence under the soft match. */
function inOrder(given: readonly string[], wanted: readonly string[]): Counts {
  let row = new Array<number>(wanted.length + 1).fill(0);
  for (const item of given) {
    const next = [0];
    wanted.forEach((other, j) => {
      const hit = matches(item, other) ? (row[j] ?? 0) + 1 : 0;
      next.push(Math.max(hit, row[j + 1] ?? 0, next[j] ?? 0));
    });
    row = next;
  }
  return { hits: row[wanted.length] ?? 0, given: given.length, wanted: wanted.length };
}

/** Each wanted item is found at most once. */
function inAnyOrder(given: readonly string[], wanted: readonly string[]): Counts {
  const left = [...wanted];
  let hits = 0;
  for (const item of given) {
    const found = left.findIndex((other) => matches(item, other));
    if (found < 0) continue;
    left.splice(found, 1);
    hits += 1;
  }
  return { hits, given: given.length, wanted: wanted.length };
}
