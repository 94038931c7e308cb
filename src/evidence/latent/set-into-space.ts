/**
 * Sets snippets into the latent space of their project: each gets the sum of its terms' vectors, of length 1. Invariant: all
 * vectors of a project are of the space that it has now. A space is replaced under a lock (ensure-latent-space.ts) and may be
 * replaced while vectors are computed here; so each statement writes only if the space it was computed from still stands.
 * A search does not wait for any of this: it computes the vectors that it misses (latent-similarity.ts), by the same sums.
 */
import type { Em } from '../../platform/database/database.js';
import { loadSql, runSql } from '../../platform/database/sql.js';
import { shareThread } from '../../platform/share-thread.js';
import { literal, unit } from '../embeddings/unit-vector.js';
import type { RightVectors, SparseRows } from './truncated-svd.js';
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

const SNIPPETS_A_STEP = 2_000; // a few seconds' work
const MAX_SNIPPETS = 20_000; // of a step, when a single source is as large
const ROWS_AT_ONCE = 500; // vectors a statement

const READ_TERMS = loadSql(import.meta.url, './read-terms.sql');
const MISSING = loadSql(import.meta.url, './sources-without-vectors.sql');
const SET_VECTORS = loadSql(import.meta.url, './set-vectors.sql');
const SET_NOWHERE = loadSql(import.meta.url, './set-nowhere.sql');

/** How long work may go on that can be taken up again where it was left. */
export interface Bounds {
  signal?: AbortSignal; // fails with its reason
  until?: number; // of performance.now(): no further step is begun then
}

/**
 * Gives the snippets of sources that have none their vectors, some sources at a time. A space that was replaced meanwhile is
 * read anew: vectors of two spaces cannot be compared. False: time was over before all had theirs.
 */
export async function setMissing(
  em: Em,
  library: LibraryKey,
  { signal, until = Number.POSITIVE_INFINITY }: Bounds = {},
): Promise<boolean> {
  const breathe = shareThread(signal);
  let stored: StoredSpace | null = null;
  for (;;) {
    signal?.throwIfAborted();
    const missing = await runSql<{ id: string }>(em, MISSING, [library.projectId, SNIPPETS_A_STEP]);
    if (missing.length === 0) return true;
    if (performance.now() >= until) return false;
    stored ??= await readSpace(em, library.projectId);
    if (!stored) return true; // the project went, and its space with it
    const ids = missing.map(({ id }) => id);
    const rows = await runSql<TermOfSource>(em, READ_TERMS, [library.projectId, ids, MAX_SNIPPETS]);
    const isSet =
      (await setVectors(em, library, await termMatrix(rows, stored.terms, breathe), stored)) &&
      (await setNowhere(em, library, ids, stored));
    if (!isSet) stored = null;
  }
}

/** Whether a source of the project has no vectors. */
export async function isAnyMissing(em: Em, projectId: string): Promise<boolean> {
  return (await runSql(em, MISSING, [projectId, 1])).length > 0;
}

interface SpaceRow {
  term: string | null;
  worth: number;
  embedding: number[];
  made_at: string;
}

/** The space of a project as it stands; null: it has none. */
export async function readSpace(em: Em, projectId: string): Promise<StoredSpace | null> {
  const rows = await runSql<SpaceRow>(
    em,
    `select t.term, t.worth, t.embedding, s.made_at::text as made_at
     from latent_spaces s left join latent_terms t on t.tenant_id = s.tenant_id and t.project_id = s.project_id
     where s.project_id = $1 order by t.term`,
    [projectId],
  );
  return toSpace(rows);
}

/** The part of a project's space that so many terms need; null: it has none. */
export async function readSpaceOf(em: Em, projectId: string, wanted: readonly string[]): Promise<MadeSpace | null> {
  const rows = await runSql<SpaceRow>(
    em,
    `select t.term, t.worth, t.embedding, '' as made_at from latent_terms t
     where t.project_id = $1 and t.term = any ($2::text[]) order by t.term`,
    [projectId, wanted],
  );
  return toSpace(rows);
}

/** Rows come in the order of their terms: each reader of a space adds up the same terms in the same order. */
function toSpace(rows: readonly SpaceRow[]): StoredSpace | null {
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
    const vectors = literalsOf(matrix, space, from, from + keys.length);
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

/** The vectors of some rows, as Postgres reads them. */
export const literalsOf = (matrix: SparseRows, space: RightVectors, from: number, to: number): string[] =>
  Array.from({ length: to - from }, (_, index) => literal(foldIn(matrix, from + index, space)));

/** Row × space, of length 1. */
function foldIn({ starts, indexes, values }: SparseRows, row: number, { rank, vectors }: RightVectors): Float64Array {
  const vector = new Float64Array(rank);
  for (let at = starts[row] as number; at < (starts[row + 1] as number); at++) {
    const start = (indexes[at] as number) * rank;
    const value = values[at] as number;
    for (let i = 0; i < rank; i++) vector[i] = (vector[i] as number) + value * (vectors[start + i] as number);
  }
  return unit(vector);
}
