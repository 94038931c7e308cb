/** How near snippets stand to a question in the project's latent space: the cosine, -1..1; 0 for one that stands nowhere. */
import type { Em } from '../../platform/database/database.js';
import { loadSql, runSql } from '../../platform/database/sql.js';
import { literal, unit } from '../embeddings/unit-vector.js';
import type { QueryTerms } from '../query-terms.js';

const OF_SNIPPETS = loadSql(import.meta.url, './similarity-of-snippets.sql');
const OF_SOURCES = loadSql(import.meta.url, './similarity-of-sources.sql');

/** Null when the project has no space, or no word of the question is in it. */
export async function questionVector(em: Em, projectId: string, terms: QueryTerms): Promise<string | null> {
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
  return literal(unit(vector));
}

/** In the order asked. */
export async function similarityOfSnippets(
  em: Em,
  question: string,
  snippets: readonly { sourceId: string; ordinal: number }[],
): Promise<number[]> {
  const rows = await runSql<{ place: number; cosine: number }>(em, OF_SNIPPETS, [
    question,
    snippets.map(({ sourceId }) => sourceId),
    snippets.map(({ ordinal }) => ordinal),
  ]);
  const cosines = snippets.map(() => 0);
  for (const { place, cosine } of rows) cosines[place - 1] = cosine;
  return cosines;
}

/** Of a source's snippets the nearest one counts. In the order asked. */
export async function similarityOfSources(em: Em, question: string, sourceIds: readonly string[]): Promise<number[]> {
  const rows = await runSql<{ place: number; cosine: number }>(em, OF_SOURCES, [question, [...sourceIds]]);
  const cosines = sourceIds.map(() => 0);
  for (const { place, cosine } of rows) cosines[place - 1] = cosine;
  return cosines;
}
