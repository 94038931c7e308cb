/**
 * Keeps the segments of a project's index: sources that came since are put together into a new one when they are many, and
 * small segments into a large one, so that a library of any size is a handful of them beside a short tail. Each snippet is
 * written twice or so in all, however large the library grows. A library below `MIN_SNIPPETS` has none.
 */
import type { Em } from '../../platform/database/database.js';
import { loadSql, runSql } from '../../platform/database/sql.js';
import { newId } from '../../platform/ids.js';
import { B, K1 } from '../bm25.js';
import type { Bounds, LibraryKey } from '../latent/set-into-space.js';
import { LISTS } from './term-lists.js';

/** Snippets. */
export interface SegmentSizes {
  least: number; // fewer are searched through their postings, in tens of milliseconds
  most: number;
}

export const SIZES: SegmentSizes = { least: 8_000, most: 64_000 }; // making the largest takes some ten seconds
const SMALL_SEGMENTS = 8; // as many, below half of the most, become one
const WORK_MEM = '256MB'; // the lists of a segment while they are made

const BUILD = loadSql(import.meta.url, './build-lists.sql');

/**
 * Uses the caller's scope: stage code's. Does nothing while another process is at it. Stops between two segments when it is
 * told to or its time is over; those that are made stay. False: there is more to do.
 */
export async function ensureSegments(
  em: Em,
  library: LibraryKey,
  { sizes = SIZES, signal, until = Number.POSITIVE_INFINITY }: Bounds & { sizes?: SegmentSizes | undefined } = {},
): Promise<boolean> {
  for (;;) {
    signal?.throwIfAborted();
    if (await isSegmented(em, library.projectId, sizes)) return true;
    if (performance.now() >= until) return false;
    if (!(await inTurn(em, library, (tx) => makeSegment(tx, library, sizes)))) return false;
  }
}

/** Whether so few snippets are outside of segments that they are best searched there. */
export async function isSegmented(em: Em, projectId: string, { least, most }: SegmentSizes = SIZES): Promise<boolean> {
  return (await readTail(em, projectId, most)).snippets < least;
}

export interface Tail {
  sources: string[]; // oldest first
  places: number[]; // of the first snippet of each
  snippets: number; // of these
  bodyLength: number; // index terms of all of them
}

/** Sources that are in no segment, of so many snippets at most. Index: sources_segment. */
export async function readTail(em: Em, projectId: string, most: number): Promise<Tail> {
  const rows = await runSql<{ id: string; place: number; snippets: number; body_length: number }>(
    em,
    `select id, place::integer, snippets, body_length from (
       select id, sum(snippet_count) over (order by id) - snippet_count as place, snippet_count as snippets, body_length
       from sources where project_id = $1 and segment_id is null and snippet_count > 0
     ) s where place + snippets <= $2 order by id`,
    [projectId, most],
  );
  const last = rows.at(-1);
  return {
    sources: rows.map(({ id }) => id),
    places: rows.map(({ place }) => place),
    snippets: last ? last.place + last.snippets : 0,
    bodyLength: rows.reduce((sum, row) => sum + row.body_length, 0),
  };
}

/** False when another has the turn. */
async function inTurn(em: Em, { projectId }: LibraryKey, work: (tx: Em) => Promise<void>): Promise<boolean> {
  return em.transactional(async (tx) => {
    const [turn] = await runSql<{ ours: boolean }>(
      tx as Em,
      'select pg_try_advisory_xact_lock(hashtextextended($1, 0)) as ours',
      [`segments:${projectId}`],
    );
    if (turn?.ours) await work(tx as Em);
    return turn?.ours ?? false;
  });
}

async function makeSegment(em: Em, { tenantId, projectId }: LibraryKey, sizes: SegmentSizes): Promise<void> {
  if ((await readTail(em, projectId, sizes.most)).snippets < sizes.least) return; // another was faster
  await dissolveSmall(em, projectId, sizes);
  const { sources, places, snippets, bodyLength } = await readTail(em, projectId, sizes.most);
  const id = newId();
  await runSql(
    em,
    `insert into index_segments (id, tenant_id, project_id, snippets, body_length, method) values ($1, $2, $3, $4, $5, $6)`,
    [id, tenantId, projectId, snippets, bodyLength, LISTS],
  );
  await runSql(em, `set local work_mem = '${WORK_MEM}'`);
  await runSql(em, BUILD, [tenantId, projectId, id, sources, places, K1, B, await averageLength(em, projectId)]);
  // last, and short: until then their rows stay free for whoever marks or deletes them
  await runSql(
    em,
    `update sources s set segment_id = $1, segment_place = t.place
     from unnest($2::uuid[], $3::integer[]) t (id, place) where s.id = t.id`,
    [id, sources, places],
  );
}

async function averageLength(em: Em, projectId: string): Promise<number> {
  const [row] = await runSql<{ average: number }>(
    em,
    `select greatest(sum(body_length)::float8 / greatest(sum(snippet_count), 1), 1) as average
     from sources where project_id = $1`,
    [projectId],
  );
  return row?.average ?? 1;
}

/** Their sources are without a segment then, and come into the next. */
async function dissolveSmall(em: Em, projectId: string, { most }: SegmentSizes): Promise<void> {
  const small = await runSql<{ id: string }>(
    em,
    'select id from index_segments where project_id = $1 and snippets <= $2 / 2',
    [projectId, most],
  );
  if (small.length < SMALL_SEGMENTS) return;
  const ids = small.map(({ id }) => id);
  await runSql(em, 'delete from index_segments where project_id = $1 and id = any ($2::uuid[])', [projectId, ids]);
}
