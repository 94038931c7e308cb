/**
 * Sets snippets into the latent space of their project: each gets the sum of its terms' vectors, of length 1. Invariant: all
 * vectors of a project are of the space that it has now. A space is replaced under a lock (ensure-latent-space.ts) and may be
 * replaced while vectors are computed here; so each statement writes only if the space it was computed from still stands.
 */
import type { Em } from '../../platform/database/database.js';
import { loadSql, runSql } from '../../platform/database/sql.js';
import { literal, unit } from '../embeddings/unit-vector.js';
import type { RightVectors } from './truncated-svd.js';
import { type TermMatrix, type TermOfSource, termMatrix, type WeighedTerm } from './weigh-terms.js';

export interface LibraryKey {
  tenantId: string;
  projectId: string;
}

export interface MadeSpace {
  terms: Map<string, WeighedTerm>;
  space: RightVectors;
}

/** A space as it stands in the database. */
export interface StoredSpace extends MadeSpace {
  madeAt: string; // with microseconds: tells it from the one that takes its place
}

const MAX_SNIPPETS = 20_000; // whose terms are held at a time
const ROWS_AT_ONCE = 500; // vectors a statement

const READ_TERMS = loadSql(import.meta.url, './read-terms.sql');
const MISSING = loadSql(import.meta.url, './sources-without-vectors.sql');
const SET_VECTORS = loadSql(import.meta.url, './set-vectors.sql');
const SET_NOWHERE = loadSql(import.meta.url, './set-nowhere.sql');

/**
 * Gives the snippets of sources that have none their vectors, some sources at a time. A space that was replaced meanwhile is
 * read anew: vectors of two spaces cannot be compared.
 */
export async function setMissing(em: Em, library: LibraryKey): Promise<void> {
  let stored: StoredSpace | null = null;
  for (;;) {
    const missing = await runSql<{ id: string }>(em, MISSING, [library.projectId, MAX_SNIPPETS]);
    if (missing.length === 0) return;
    stored ??= await readSpace(em, library.projectId);
    if (!stored) return; // the project went, and its space with it
    const ids = missing.map(({ id }) => id);
    const rows = await runSql<TermOfSource>(em, READ_TERMS, [library.projectId, ids, MAX_SNIPPETS]);
    const isSet =
      (await setVectors(em, library, termMatrix(rows, stored.terms), stored)) &&
      (await setNowhere(em, library, ids, stored));
    if (!isSet) stored = null;
  }
}

/** The space of a project as it stands; null: it has none. */
export async function readSpace(em: Em, projectId: string): Promise<StoredSpace | null> {
  const rows = await runSql<{ term: string | null; worth: number; embedding: number[]; made_at: string }>(
    em,
    `select t.term, t.worth, t.embedding, s.made_at::text as made_at
     from latent_spaces s left join latent_terms t on t.tenant_id = s.tenant_id and t.project_id = s.project_id
     where s.project_id = $1`,
    [projectId],
  );
  const [first] = rows;
  if (!first) return null;
  const rank = first.term === null ? 1 : first.embedding.length;
  const vectors = new Float64Array(rows.length * rank);
  const terms = new Map<string, WeighedTerm>();
  rows.forEach(({ term, worth, embedding }, column) => {
    if (term === null) return; // a space without terms
    terms.set(term, { column, worth });
    vectors.set(embedding, column * rank);
  });
  return { terms, space: { rank, vectors }, madeAt: first.made_at };
}

/** False, with nothing or only a part written, when the space is no longer the project's. */
export async function setVectors(
  em: Em,
  library: LibraryKey,
  matrix: TermMatrix,
  { space, madeAt }: StoredSpace,
): Promise<boolean> {
  for (let from = 0; from < matrix.rows; from += ROWS_AT_ONCE) {
    const keys = matrix.snippets.slice(from, from + ROWS_AT_ONCE);
    const vectors = keys.map((_, index) => literal(foldIn(matrix, from + index, space)));
    const [wrote] = await runSql<{ is_current: boolean }>(em, SET_VECTORS, [
      library.tenantId,
      library.projectId,
      madeAt,
      keys.map(({ sourceId }) => sourceId),
      keys.map(({ ordinal }) => ordinal),
      vectors,
    ]);
    if (!wrote?.is_current) return false;
  }
  return true;
}

/** Snippets without a word of the space stand nowhere in it: the zero vector, near to nothing. */
async function setNowhere(
  em: Em,
  { tenantId, projectId }: LibraryKey,
  sourceIds: readonly string[],
  { madeAt }: StoredSpace,
): Promise<boolean> {
  const [wrote] = await runSql<{ is_current: boolean }>(em, SET_NOWHERE, [tenantId, projectId, madeAt, [...sourceIds]]);
  return wrote?.is_current ?? false;
}

/** Row × space, of length 1. */
function foldIn({ starts, indexes, values }: TermMatrix, row: number, { rank, vectors }: RightVectors): Float64Array {
  const vector = new Float64Array(rank);
  for (let at = starts[row] as number; at < (starts[row + 1] as number); at++) {
    const start = (indexes[at] as number) * rank;
    const value = values[at] as number;
    for (let i = 0; i < rank; i++) vector[i] = (vector[i] as number) + value * (vectors[start + i] as number);
  }
  return unit(vector);
}
