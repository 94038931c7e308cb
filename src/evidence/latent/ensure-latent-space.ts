/**
 * Keeps a project's latent space: made from the library's own texts (latent semantic analysis, Deerwester et al. 1990), made
 * anew when the library has grown or shrunk by a fifth (a large one: to the double or the half), and extended by what came since otherwise. In it, texts that use
 * different words of one subject stand close to each other.
 */
import type { Em } from '../../platform/database/database.js';
import { loadSql, runSql } from '../../platform/database/sql.js';
import { type Breathe, shareThread } from '../../platform/share-thread.js';
import { literal } from '../embeddings/unit-vector.js';
import { type Bounds, isAnyMissing, type LibraryKey, type MadeSpace, setMissing } from './set-into-space.js';
import { rightSingularVectors } from './truncated-svd.js';
import { chooseTerms, type TermOfSource, termMatrix } from './weigh-terms.js';

const LATENT_SPACE = 'lsa@1'; // raised with every change of how a space is made

const DIMENSIONS = 160; // of 50, 100, 200 and 300 on two collections: 100 to 200 were best on both, and alike
const DIMENSIONS_A_SNIPPET = 0.5; // with as many directions as texts, none would be drawn towards another
const MIN_SNIPPETS = 8; // fewer have no structure worth a space
const MAX_TERMS = 20_000; // the rest are rare; a space of them has 13 MB
const MAX_SNIPPETS = 20_000; // a space is made from as many at most; all others are set into it
const GROWTH = 0.2; // of the library since it was made
const GROWTH_OF_LARGE = 1; // of one from which a space is drawn anyway: setting a million snippets anew takes many minutes
const ROWS_AT_ONCE = 500; // vectors a statement

const READ_TERMS = loadSql(import.meta.url, './read-terms.sql');

/** The space, and every snippet in it. False when the library is too small for one. */
export async function ensureLatentSpace(em: Em, library: LibraryKey, bounds: Bounds = {}): Promise<boolean> {
  if (!(await ensureSpace(em, library, bounds))) return false;
  await setMissing(em, library, bounds);
  return true;
}

/**
 * The space alone: at most so long as `MAX_SNIPPETS` take, however large the library. False when it is too small for one. Uses
 * the caller's scope: stage code's. What takes long is done between transactions, for none may lie idle.
 */
export async function ensureSpace(em: Em, library: LibraryKey, { signal }: Bounds = {}): Promise<boolean> {
  const { snippets, madeFrom } = await readState(em, library.projectId);
  if (snippets < MIN_SNIPPETS) return false;
  if (isStale(snippets, madeFrom)) {
    const space = await makeSpace(em, library.projectId, shareThread(signal));
    await inLock(em, library, async (tx) => {
      const now = await readState(tx, library.projectId);
      if (isStale(now.snippets, now.madeFrom)) await storeSpace(tx, library, space, snippets);
    });
  }
  return true;
}

/** Whether the space stands and every snippet in it. */
export async function isSpaceReady(em: Em, projectId: string): Promise<boolean> {
  const { snippets, madeFrom } = await readState(em, projectId);
  if (snippets < MIN_SNIPPETS) return true;
  return !isStale(snippets, madeFrom) && !(await isAnyMissing(em, projectId));
}

/** Whether a space that was made from so many snippets no longer fits a library of `snippets`. */
export function isStale(snippets: number, madeFrom: number | null): boolean {
  if (madeFrom === null) return true;
  const growth = Math.min(snippets, madeFrom) > MAX_SNIPPETS ? GROWTH_OF_LARGE : GROWTH;
  return Math.max(snippets, madeFrom) > (1 + growth) * Math.min(snippets, madeFrom);
}

async function readState(em: Em, projectId: string): Promise<{ snippets: number; madeFrom: number | null }> {
  const [state] = await runSql<{ snippets: number; made_from: number | null }>(
    em,
    `select coalesce(sum(snippet_count), 0)::integer as snippets,
       (select snippets from latent_spaces where project_id = $1 and name = $2) as made_from
     from sources where project_id = $1`,
    [projectId, LATENT_SPACE],
  );
  return { snippets: state?.snippets ?? 0, madeFrom: state?.made_from ?? null };
}

/** Two runs of a project that need its space at once take turns in writing it. */
const inLock = (em: Em, { projectId }: LibraryKey, work: (tx: Em) => Promise<void>): Promise<void> =>
  em.transactional(async (tx) => {
    await runSql(tx as Em, 'select pg_advisory_xact_lock(hashtextextended($1, 0))', [`latent:${projectId}`]);
    await work(tx as Em);
  });

async function makeSpace(em: Em, projectId: string, breathe: Breathe): Promise<MadeSpace> {
  const rows = await runSql<TermOfSource>(em, READ_TERMS, [projectId, null, MAX_SNIPPETS]);
  const terms = chooseTerms(rows, MAX_TERMS);
  const matrix = await termMatrix(rows, terms, breathe);
  const rank = Math.min(DIMENSIONS, Math.ceil(DIMENSIONS_A_SNIPPET * matrix.rows));
  return { terms, space: await rightSingularVectors(matrix, rank, breathe) };
}

async function storeSpace(em: Em, library: LibraryKey, { terms, space }: MadeSpace, snippets: number): Promise<void> {
  await runSql(em, 'delete from latent_spaces where project_id = $1', [library.projectId]);
  await runSql(
    em,
    'insert into latent_spaces (project_id, tenant_id, name, dimensions, snippets) values ($1, $2, $3, $4, $5)',
    [library.projectId, library.tenantId, LATENT_SPACE, space.rank, snippets],
  );
  const entries = [...terms];
  const vectorOf = (column: number) => space.vectors.subarray(column * space.rank, (column + 1) * space.rank);
  for (let at = 0; at < entries.length; at += ROWS_AT_ONCE) {
    const batch = entries.slice(at, at + ROWS_AT_ONCE);
    await runSql(
      em,
      `insert into latent_terms (tenant_id, project_id, term, worth, embedding)
       select $1, $2, e.term, e.worth, e.embedding::real[] from unnest($3::text[], $4::real[], $5::text[]) e (term, worth, embedding)`,
      [
        library.tenantId,
        library.projectId,
        batch.map(([term]) => term),
        batch.map(([, { worth }]) => worth),
        batch.map(([, { column }]) => literal(vectorOf(column))),
      ],
    );
  }
}
