/** How near snippets stand to a question in the project's latent space: the cosine, -1..1; 0 for one that stands nowhere. */
import type { Em } from '../../platform/database/database.js';
import { loadSql, runSql } from '../../platform/database/sql.js';
import { shareThread } from '../../platform/share-thread.js';
import { literal, unit } from '../embeddings/unit-vector.js';
import type { QueryTerms } from '../query-terms.js';
import type { SnippetRow } from '../ranked-snippet.js';
import { termFrequencies, tokenize } from '../tokenize.js';
import { literalsOf, readSpaceOf } from './set-into-space.js';
import { matrixOfTexts, type SnippetKey } from './weigh-terms.js';

const OF_SNIPPETS = loadSql(import.meta.url, './similarity-of-snippets.sql');
const LOAD = loadSql(import.meta.url, '../segments/load-snippets.sql');
const OF_VECTORS = loadSql(import.meta.url, './similarity-of-vectors.sql');
const OF_SOURCES = loadSql(import.meta.url, './similarity-of-sources.sql');

export interface Question {
  projectId: string;
  vector: string; // as Postgres reads a real[], of length 1
}

/** Null when the project has no space, or no word of the question is in it. */
export async function questionVector(em: Em, projectId: string, terms: QueryTerms): Promise<Question | null> {
  const rows = await runSql<{ term: string; worth: number; embedding: number[] }>(
    em,
    'select term, worth, embedding from latent_terms where project_id = $1 and term = any ($2::text[])',
    [projectId, [...terms.keys()]],
  );
  if (rows.length === 0) return null;
  const vector = new Float64Array(rows[0]?.embedding.length ?? 0);
  for (const { term, worth, embedding } of rows) {
    const weight = (terms.get(term) ?? 0) * worth;
    embedding.forEach((value, i) => {
      vector[i] = (vector[i] as number) + weight * value;
    });
  }
  return { projectId, vector: literal(unit(vector)) };
}

/** In the order asked, whether their vectors are stored or not. */
export async function similarityOfSnippets(
  em: Em,
  { projectId, vector }: Question,
  snippets: readonly SnippetKey[],
): Promise<number[]> {
  const rows = await runSql<CosineRow>(em, OF_SNIPPETS, [
    vector,
    snippets.map(({ sourceId }) => sourceId),
    snippets.map(({ ordinal }) => ordinal),
  ]);
  const stored = new Map(rows.map(({ place, cosine }) => [place - 1, cosine]));
  const missing = snippets.flatMap((snippet, index) => (stored.has(index) ? [] : [{ snippet, index }]));
  if (missing.length > 0) {
    const computed = await similarityOfUnset(
      em,
      { projectId, vector },
      missing.map(({ snippet }) => snippet),
    );
    for (const [at, { index }] of missing.entries()) stored.set(index, computed[at] ?? 0);
  }
  return snippets.map((_, index) => stored.get(index) ?? 0);
}

/** Of snippets that have no vector: those it would be set to (set-into-space.ts). */
async function similarityOfUnset(
  em: Em,
  { projectId, vector }: Question,
  snippets: readonly SnippetKey[],
): Promise<number[]> {
  const rows = await runSql<SnippetRow & { at: number }>(em, LOAD, [
    snippets.map(({ sourceId }) => sourceId),
    snippets.map(({ ordinal }) => ordinal),
  ]);
  const held = rows.map(({ heading, text, source_title: title }) =>
    termFrequencies([...tokenize(`${heading ?? ''}\n${text}`), ...tokenize(title)]),
  );
  const made = await readSpaceOf(em, projectId, [...new Set(held.flatMap((terms) => [...terms.keys()]))]);
  if (!made) return snippets.map(() => 0);
  const matrix = await matrixOfTexts(held, made.terms, shareThread());
  const vectors = literalsOf(matrix, made.space, 0, matrix.rows);
  const found = await runSql<CosineRow>(em, OF_VECTORS, [vector, vectors]);
  return cosines(
    found.map(({ place, cosine }) => ({ place: rows[place - 1]?.at ?? 0, cosine })),
    snippets.length,
  );
}

/** Of a source's snippets the nearest one counts, of those whose vectors are stored. In the order asked. */
export async function similarityOfSources(
  em: Em,
  { vector }: Question,
  sourceIds: readonly string[],
): Promise<number[]> {
  return cosines(await runSql<CosineRow>(em, OF_SOURCES, [vector, [...sourceIds]]), sourceIds.length);
}

interface CosineRow {
  place: number;
  cosine: number;
}

/** By their places, which count from 1. */
function cosines(rows: readonly CosineRow[], count: number): number[] {
  const found = Array.from({ length: count }, () => 0);
  for (const { place, cosine } of rows) found[place - 1] = cosine;
  return found;
}
