/**
 * The vectors of a library's snippets: which are missing, and keeping those that were made. Each snippet has at most one, of
 * the space that was used last. Snippets never change, so a vector is right for as long as its space is in use.
 */
import type { Em } from '../../platform/database/database.js';
import { loadSql, runSql, type SqlScope } from '../../platform/database/sql.js';
import { literal } from './unit-vector.js';

export interface SnippetText {
  sourceId: string;
  ordinal: number;
  text: string; // what is embedded
}

export interface EmbeddingState {
  snippets: number; // of the project
  embedded: number; // of those, in the space
  isIndexed: boolean; // the vector extension has an index for vectors of that length
}

const ROWS_AT_ONCE = 200; // vectors a statement: 3 MB of text where they have 1,536 numbers

const NEXT = loadSql(import.meta.url, './next-to-embed.sql');
const STORE = loadSql(import.meta.url, './store-embeddings.sql');
const STATE = loadSql(import.meta.url, './embedding-state.sql');
const NOT_EMBEDDED = loadSql(import.meta.url, './not-embedded.sql');

/** A snippet is embedded with the title of its source, which names what its sentences call “it”. */
export const embeddedText = (title: string, text: string): string => `${title}\n${text}`;

/** `dimensions` of the space; 0 when they are not known yet: nothing is indexed then. */
export async function readEmbeddingState(
  em: Em,
  { projectId, space, dimensions }: { projectId: string; space: string; dimensions: number },
): Promise<EmbeddingState> {
  const [row] = await runSql<{ embedded: number; snippets: number; indexed: boolean }>(em, STATE, [
    projectId,
    space,
    dimensions,
  ]);
  return { snippets: row?.snippets ?? 0, embedded: row?.embedded ?? 0, isIndexed: row?.indexed ?? false };
}

/** How many snippets of a project have no vector of the space, and how many bytes would be embedded with them, at most. */
export async function countNotEmbedded(
  em: SqlScope,
  projectId: string,
  space: string,
): Promise<{ passages: number; bytes: number }> {
  const [row] = await runSql<{ passages: number; bytes: number }>(em, NOT_EMBEDDED, [projectId, space]);
  return row ?? { passages: 0, bytes: 0 };
}

/** Snippets without a vector of the space, at most `limit`; those of the sources named `first` before the others. */
export async function nextToEmbed(
  em: Em,
  asked: { projectId: string; space: string; first: readonly string[]; limit: number },
): Promise<SnippetText[]> {
  const rows = await runSql<{ source_id: string; ordinal: number; title: string; text: string }>(em, NEXT, [
    asked.projectId,
    asked.space,
    [...asked.first],
    asked.limit,
  ]);
  return rows.map(({ source_id, ordinal, title, text }) => ({
    sourceId: source_id,
    ordinal,
    text: embeddedText(title, text),
  }));
}

/** In the caller's transaction. `vectors` are of length 1 and parallel to `snippets`, which follow on each other in their sources. */
export async function storeEmbeddings(
  em: Em,
  { tenantId, projectId, space }: { tenantId: string; projectId: string; space: string },
  snippets: readonly Pick<SnippetText, 'sourceId' | 'ordinal'>[],
  vectors: readonly Float32Array[],
): Promise<void> {
  for (let at = 0; at < snippets.length; at += ROWS_AT_ONCE) {
    const rows = snippets.slice(at, at + ROWS_AT_ONCE);
    const theirs = vectors.slice(at, at + ROWS_AT_ONCE);
    await runSql(em, STORE, [
      tenantId,
      projectId,
      space,
      rows.map(({ sourceId }) => sourceId),
      rows.map(({ ordinal }) => ordinal),
      theirs.map(literal),
      theirs.map(signsOf),
    ]);
  }
}

/** As Postgres reads a bit string: 1 where a component is above 0. */
export const signsOf = (vector: Float32Array): string =>
  Array.from(vector, (value) => (value > 0 ? '1' : '0')).join('');
