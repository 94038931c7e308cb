/**
 * From a library's postings to the rows of its term matrix: one row a snippet, each term at (1 + ln tf) · idf, rows of
 * length 1. That weighting is what latent semantic analysis was found to need: Dumais, "Improving the retrieval of
 * information from external sources", 1991.
 */
import type { Breathe } from '../../platform/share-thread.js';
import type { SparseRows } from './truncated-svd.js';

/** How often a source's snippets hold a term; a title counts as part of each of its snippets. */
export interface TermOfSource {
  source_id: string;
  term: string;
  title_tf: number;
  ordinals: number[];
  tfs: number[]; // parallel to ordinals
  snippet_count: number; // of the source
}

export interface WeighedTerm {
  column: number;
  worth: number; // inverse document frequency
}

export interface SnippetKey {
  sourceId: string;
  ordinal: number;
}

export interface TermMatrix extends SparseRows {
  snippets: SnippetKey[]; // of the rows
}

const ROWS_A_STEP = 64; // of either matrix: a millisecond or so

/** The terms that get a column, most common first, at most `limit`. */
export function chooseTerms(rows: readonly TermOfSource[], limit: number): Map<string, WeighedTerm> {
  const snippetsOf = new Map<string, number>();
  const sizes = new Map<string, number>();
  for (const row of rows) {
    sizes.set(row.source_id, row.snippet_count);
    const count = row.title_tf > 0 ? row.snippet_count : row.ordinals.length;
    snippetsOf.set(row.term, (snippetsOf.get(row.term) ?? 0) + count);
  }
  const total = [...sizes.values()].reduce((sum, size) => sum + size, 0);
  const chosen = [...snippetsOf].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).slice(0, limit);
  return new Map(
    chosen.map(([term, count], column) => [
      term,
      { column, worth: Math.log(1 + (total - count + 0.5) / (count + 0.5)) },
    ]),
  );
}

export async function termMatrix(
  rows: readonly TermOfSource[],
  terms: ReadonlyMap<string, WeighedTerm>,
  breathe: Breathe,
): Promise<TermMatrix> {
  const bySnippet = new Map<string, { key: SnippetKey; entries: Entry[] }>();
  for (const [
    at,
    { source_id: sourceId, term, title_tf: titleTf, ordinals, tfs, snippet_count: count },
  ] of rows.entries()) {
    if (at % ROWS_A_STEP === 0) await breathe();
    const weighed = terms.get(term);
    if (!weighed) continue;
    const frequencies = new Map(ordinals.map((ordinal, index) => [ordinal, tfs[index] ?? 0]));
    const touched = titleTf > 0 ? Array.from({ length: count }, (_, ordinal) => ordinal) : ordinals;
    for (const ordinal of touched) {
      const name = `${sourceId}:${ordinal}`;
      const snippet = bySnippet.get(name) ?? { key: { sourceId, ordinal }, entries: [] };
      snippet.entries.push(entryOf(weighed, (frequencies.get(ordinal) ?? 0) + titleTf));
      bySnippet.set(name, snippet);
    }
  }
  const snippets = [...bySnippet.values()];
  const entries = snippets.map((snippet) => snippet.entries);
  return { ...(await compressed(entries, terms.size, breathe)), snippets: snippets.map(({ key }) => key) };
}

/** The same rows of texts whose terms are at hand, each with how often it occurs. */
export async function matrixOfTexts(
  texts: readonly ReadonlyMap<string, number>[],
  terms: ReadonlyMap<string, WeighedTerm>,
  breathe: Breathe,
): Promise<SparseRows> {
  const rows = texts.map((held) =>
    [...held].flatMap(([term, tf]): Entry[] => {
      const weighed = terms.get(term);
      return weighed ? [entryOf(weighed, tf)] : [];
    }),
  );
  return compressed(rows, terms.size, breathe);
}

type Entry = readonly [column: number, value: number];

const entryOf = ({ column, worth }: WeighedTerm, tf: number): Entry => [column, (1 + Math.log(tf)) * worth];

/** By column, so that sums come out the same to the last bit wherever the terms were read from. */
async function compressed(rows: readonly Entry[][], columns: number, breathe: Breathe): Promise<SparseRows> {
  const filled = rows.reduce((sum, entries) => sum + entries.length, 0);
  const starts = new Int32Array(rows.length + 1);
  const indexes = new Int32Array(filled);
  const values = new Float64Array(filled);
  let at = 0;
  for (const [row, entries] of rows.entries()) {
    if (row % ROWS_A_STEP === 0) await breathe();
    entries.sort(([a], [b]) => a - b);
    const length = Math.hypot(...entries.map(([, value]) => value)) || 1;
    for (const [column, value] of entries) {
      indexes[at] = column;
      values[at++] = value / length;
    }
    starts[row + 1] = at;
  }
  return { rows: rows.length, columns, starts, indexes, values };
}
