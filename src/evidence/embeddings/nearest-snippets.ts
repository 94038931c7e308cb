/**
 * The snippets of a library that are nearest in meaning to a question: by the vector extension's index where a library is
 * large and the index stands, else by comparing signs and then vectors (nearest-snippets.sql), which is exact for small ones.
 */
import { loadSql, runSql, type SqlScope } from '../../platform/database/sql.js';
import { type EmbeddingState, signsOf } from './stored-embeddings.js';
import { literal } from './unit-vector.js';

export interface QuestionVector {
  space: string;
  vector: Float32Array; // of length 1
}

/** Nearest first. */
export interface NearSnippet {
  sourceId: string;
  ordinal: number;
  cosine: number; // -1..1
}

const COMPARED = 2_000; // exactly: 0.1 seconds for vectors of 768 numbers
const INDEX_FROM = 20_000; // vectors of a project; fewer are compared sooner than an index over all projects has found them

const NEAREST = loadSql(import.meta.url, './nearest-snippets.sql');
const BY_INDEX = 'select source_id, ordinal, cosine from nearest_by_index($1, $2, $3::real[], $4)';

export async function nearestSnippets(
  em: SqlScope,
  projectId: string,
  { space, vector }: QuestionVector,
  { limit, state }: { limit: number; state: EmbeddingState },
): Promise<NearSnippet[]> {
  if (state.isIndexed && state.embedded >= INDEX_FROM) {
    const found = await read(em, BY_INDEX, [projectId, space, literal(vector), limit]);
    if (found.length >= limit) return found; // else it gave up among the snippets of other projects
  }
  const params = [projectId, space, literal(vector), signsOf(vector), Math.max(COMPARED, limit), limit];
  return read(em, NEAREST, params);
}

async function read(em: SqlScope, statement: string, params: readonly unknown[]): Promise<NearSnippet[]> {
  const rows = await runSql<{ source_id: string; ordinal: number; cosine: number }>(em, statement, params);
  return rows.map(({ source_id, ordinal, cosine }) => ({ sourceId: source_id, ordinal, cosine }));
}
