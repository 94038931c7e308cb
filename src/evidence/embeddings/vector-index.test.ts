/** What only a Postgres with the vector extension does, on one that runs inside of this process (PGlite), walls included. */
import { PGlite } from '@electric-sql/pglite';
import { vector } from '@electric-sql/pglite-pgvector';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readMigrations } from '../../platform/database/migrate.js';
import type { SqlRunner } from '../../platform/database/sql.js';
import { newId } from '../../platform/ids.js';
import { INDEXED_LENGTHS, keepVectorIndexes } from './keep-vector-indexes.js';
import { nearestSnippets } from './nearest-snippets.js';
import { signsOf } from './stored-embeddings.js';
import { literal, unit } from './unit-vector.js';

const LENGTH = 256; // the shortest that is indexed
const MANY = { snippets: 100_000, embedded: 100_000, isIndexed: true }; // so many that the index is asked
const [MINE, THEIRS] = [newId(), newId()]; // tenants
const [LIBRARY, OTHER, PRIVATE, FOREIGN] = [newId(), newId(), newId(), newId()]; // projects; the last one theirs

let pg: PGlite;
beforeAll(async () => {
  pg = await PGlite.create({ extensions: { vector } });
  await pg.exec(`create role pw_owner; create role pw_app; create role pw_queue; create role pw_system;
    grant pw_system to pw_owner; create schema graphile_worker authorization pw_queue;
    alter schema public owner to pw_owner; grant usage, create on schema public to pw_system;
    create extension vector; set role pw_owner; set check_function_bodies = off; set row_security = off`);
  for (const { sql } of await readMigrations()) await pg.exec(sql);
  await keepVectorIndexes(pg);
  await pg.exec('reset role; set session_replication_role = replica'); // rows without what they refer to
  await pg.query(
    `insert into projects (id, tenant_id, owner_id, name, visibility) values ($1, $2, $3, 'Private', 'PRIVATE')`,
    [PRIVATE, MINE, newId()],
  );
  for (const [tenant, project] of [
    [MINE, LIBRARY],
    [MINE, OTHER],
    [MINE, PRIVATE],
    [THEIRS, FOREIGN],
  ] as const)
    await fill(tenant, project);
  await pg.exec(
    'set row_security = on; set role pw_app; set enable_seqscan = off; set enable_bitmapscan = off; set enable_sort = off',
  );
}, 30_000);
afterAll(() => pg?.close());

const sql: SqlRunner = {
  query: async <Row>(statement: unknown, params: readonly unknown[]) =>
    (await pg.query<Row>(String(statement), [...params])).rows,
};

/** Sines of different speeds: deterministic, and all different. */
const vectorOf = (seed: number) =>
  unit(Float32Array.from({ length: LENGTH }, (_, at) => Math.sin((at + 1) * (1 + seed * 0.37)) + Math.cos(at * seed)));

async function fill(tenant: string, project: string): Promise<void> {
  const vectors = Array.from({ length: 30 }, (_, seed) => vectorOf(seed));
  await pg.query(
    `insert into snippet_embeddings (tenant_id, project_id, source_id, ordinal, space, dimensions, embedding, signs)
     select $1, $2, $3, place - 1, 'one', $4, v.embedding::real[], v.signs::bit varying
     from unnest($5::text[], $6::text[]) with ordinality as v (embedding, signs, place)`,
    [tenant, project, newId(), LENGTH, vectors.map(literal), vectors.map(signsOf)],
  );
}

async function nearest(
  seed: number,
  options: { project?: string; tenant?: string; user?: string; limit?: number } = {},
) {
  const { project = LIBRARY, tenant = MINE, user = '', limit = 5 } = options;
  const actor = [tenant, user];
  await pg.query(`select set_config('app.tenant', $1, false), set_config('app.user', $2, false)`, actor);
  const question = { space: 'one', vector: vectorOf(seed) };
  return nearestSnippets(sql, project, question, { limit, state: MANY });
}

const scans = async (): Promise<number> => {
  await pg.exec('select pg_stat_force_next_flush()');
  const { rows } = await pg.query<{ n: number }>(
    `select idx_scan::integer as n from pg_stat_user_indexes where indexrelname = 'snippet_embeddings_hnsw_${LENGTH}'`,
  );
  return rows[0]?.n ?? 0;
};

describe('the index of vectors', () => {
  it('stands for every length in common use, and is not made twice', async () => {
    const { rows } = await pg.query<{ name: string }>(
      `select indexrelid::regclass::text as name from pg_index where indisvalid and indexrelid::regclass::text like '%hnsw%'`,
    );
    expect(rows).toHaveLength(INDEXED_LENGTHS.length);
    await pg.exec('set role pw_owner');
    expect(await keepVectorIndexes(pg)).toEqual([]);
    await pg.exec('set role pw_app');
  });

  it('finds what comparing all finds, with exact cosines, and is what was asked', async () => {
    const before = await scans();
    const found = await nearest(7);
    expect(await scans()).toBe(before + 1);
    const question = vectorOf(7);
    const cosine = (seed: number) => vectorOf(seed).reduce((sum, value, at) => sum + value * (question[at] ?? 0), 0);
    const all = Array.from({ length: 30 }, (_, ordinal) => ({ ordinal, cosine: cosine(ordinal) }));
    const best = all.sort((a, b) => b.cosine - a.cosine).slice(0, 5);
    expect(found.map(({ ordinal }) => ordinal)).toEqual(best.map(({ ordinal }) => ordinal));
    found.forEach((place, at) => {
      expect(place.cosine).toBeCloseTo(best[at]?.cosine ?? 0, 5);
    });
  });

  it('goes on past the snippets of others until it has enough of the project’s', async () => {
    const found = await nearest(3, { limit: 30 });
    expect(found).toHaveLength(30);
    expect(new Set(found.map(({ sourceId }) => sourceId)).size).toBe(1);
  });

  it('shows nothing of another tenant or of a project that is hidden from the person', async () => {
    expect(await nearest(3, { project: FOREIGN })).toEqual([]);
    expect(await nearest(3, { project: FOREIGN, tenant: '' })).toEqual([]);
    expect(await nearest(3, { project: PRIVATE, user: newId() })).toEqual([]);
    expect(await nearest(3, { project: PRIVATE })).toHaveLength(5);
  });

  it('is built anew when its build was broken off', async () => {
    const name = `snippet_embeddings_hnsw_${LENGTH}`;
    await pg.exec(
      `reset role; update pg_index set indisvalid = false where indexrelid = '${name}'::regclass; set role pw_owner`,
    );
    expect(await keepVectorIndexes(pg)).toEqual([name]);
    await pg.exec('set role pw_app');
    expect(await nearest(7)).toHaveLength(5);
  });
});
