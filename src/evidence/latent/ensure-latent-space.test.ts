import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../tests/support/database.js';
import { createActor, createProjectRow } from '../../../tests/support/people.js';
import type { Actor } from '../../platform/database/actor.js';
import { runSql } from '../../platform/database/sql.js';
import { shareThread } from '../../platform/share-thread.js';
import { captureSnapshot } from '../capture-snapshot.js';
import { indexSource } from '../index-source.js';
import { plainDocument } from '../plain-document.js';
import { questionTerms } from '../query-terms.js';
import { rankSources } from '../rank-sources.js';
import { searchSnippets } from '../search-snippets.js';
import { ensureLatentSpace, isStale } from './ensure-latent-space.js';
import { questionVector, similarityOfSources } from './latent-similarity.js';
import { readSpace, setVectors } from './set-into-space.js';
import { termMatrix } from './weigh-terms.js';

const BEES = [
  'Bees return to flowers that they have visited before and remember their colours.',
  'Honey is made by bees from the nectar of flowers near the hive.',
  'A hive of bees stores honey for the winter.',
  'Nectar flows when flowers open in the morning, and the hive sends out its foragers.',
  'Foragers dance in the hive to tell where nectar is found.',
  'Beekeepers take honey from the hive in late summer.',
];
const SHIPS = [
  'Ships carry cargo between harbours on the ocean.',
  'A harbour charges ships by the weight of their cargo.',
  'Sailors load cargo in the harbour before the tide turns.',
  'The tide decides when ships may leave the harbour.',
  'Containers made cargo cheap to load and ships large.',
  'Ocean storms hold ships in the harbour for days.',
];

let db: TestDatabase;
let actor: Actor;

beforeAll(async () => {
  db = await createTestDatabase();
  actor = await createActor(db, 'RESEARCHER');
});
afterAll(() => db?.drop());

const em = () => db.database.asTenant(actor.tenantId);

async function library(texts: readonly string[]) {
  const key = { tenantId: actor.tenantId, projectId: await createProjectRow(db, actor) };
  for (const text of texts) await add(key, text);
  return key;
}

async function add(key: { tenantId: string; projectId: string }, text: string): Promise<string> {
  const document = plainDocument(text);
  const facts = { title: 'A note', connector: 'TEXT' as const, retrievedAt: new Date() };
  const about = { originalSha256: null, extractor: 'text@1', mediaType: 'text/plain', capturedAt: new Date() };
  const snapshotId = await captureSnapshot(em(), { ...key, document, ...about });
  const { source } = await indexSource(em(), { ...key, snapshotId, document, facts });
  return source.id;
}

const counts = async (projectId: string) => {
  const [row] = await runSql<{ spaces: number; vectors: number; made_at: Date | null }>(
    em(),
    `select (select count(*)::integer from latent_spaces where project_id = $1) as spaces,
       (select count(*)::integer from snippet_vectors where project_id = $1) as vectors,
       (select made_at from latent_spaces where project_id = $1) as made_at`,
    [projectId],
  );
  return row;
};

describe('the latent space of a project', () => {
  it('is not made of a handful of snippets', async () => {
    const key = await library(BEES.slice(0, 2));
    expect(await ensureLatentSpace(em(), key)).toBe(false);
    expect(await counts(key.projectId)).toMatchObject({ spaces: 0, vectors: 0 });
  });

  it('is made once, takes in what comes later, and is made anew when the library has grown', async () => {
    const key = await library([...BEES, ...SHIPS]);
    expect(await ensureLatentSpace(em(), key)).toBe(true);
    const first = await counts(key.projectId);
    expect(first).toMatchObject({ spaces: 1, vectors: 12 });
    await add(key, 'Drones leave the hive when the flowers fade.');
    await ensureLatentSpace(em(), key);
    expect(await counts(key.projectId)).toMatchObject({ vectors: 13, made_at: first?.made_at });
    for (const what of ['swarm', 'queen', 'wax'])
      await add(key, `The ${what} of a hive is studied by those who keep bees.`);
    await ensureLatentSpace(em(), key);
    const later = await counts(key.projectId);
    expect(later).toMatchObject({ spaces: 1, vectors: 16 });
    expect(later?.made_at).not.toEqual(first?.made_at);
  });

  it('is made once by two that need it at the same moment', async () => {
    const key = await library([...BEES, ...SHIPS]);
    expect(await Promise.all([ensureLatentSpace(em(), key), ensureLatentSpace(em(), key)])).toEqual([true, true]);
    expect(await counts(key.projectId)).toMatchObject({ spaces: 1, vectors: 12 });
  });

  it('takes no vector of a space that was replaced while it was computed', async () => {
    const key = await library([...BEES, ...SHIPS]);
    await ensureLatentSpace(em(), key);
    const stale = await readSpace(em(), key.projectId);
    if (!stale) throw new Error('there is no space');
    const [first] = await runSql<{ source_id: string }>(
      em(),
      'select source_id from snippet_vectors where project_id = $1',
      [key.projectId],
    );
    const matrix = await termMatrix(
      [{ source_id: first?.source_id ?? '', term: 'hive', title_tf: 0, ordinals: [0], tfs: [1], snippet_count: 1 }],
      stale.terms,
      shareThread(),
    );
    await db.admin.query('begin');
    await db.admin.query('delete from latent_spaces where project_id = $1', [key.projectId]);
    await db.admin.query(
      `insert into latent_spaces (project_id, tenant_id, name, dimensions, snippets) values ($1, $2, 'another', 3, 12)`,
      [key.projectId, key.tenantId],
    );
    const late = setVectors(em(), key, matrix, stale); // waits for the replacement
    await vi.waitUntil(async () => (await db.admin.query('select 1 from pg_locks where not granted')).rowCount);
    await db.admin.query('commit');
    expect(await late).toBe(false);
    expect(await setVectors(em(), key, matrix, stale)).toBe(false);
    expect(await counts(key.projectId)).toMatchObject({ spaces: 1, vectors: 0 });
  });

  it('sets a text without a word of the question near to it when their words keep company elsewhere', async () => {
    const key = await library([...BEES, ...SHIPS]);
    const near = await add(key, 'Foragers leave the hive for flowers.');
    const far = await add(key, 'Containers leave the harbour on ships.');
    await ensureLatentSpace(em(), key);
    const question = await questionVector(em(), key.projectId, questionTerms('nectar for honey'));
    if (!question) throw new Error('the space knows its words');
    const [one = 0, other = 0] = await similarityOfSources(em(), question, [near, far]);
    expect(one).toBeGreaterThan(other + 0.1);
  });

  it('counts in both searches', async () => {
    const key = await library([...BEES, ...SHIPS]);
    const search = { projectId: key.projectId, query: 'honey of the hive', limit: 12, feedback: true };
    const scores = async () => (await searchSnippets(em(), search)).map(({ score }) => score);
    const [lexical, ranked] = [await scores(), await rankSources(em(), search)];
    await ensureLatentSpace(em(), key);
    expect(await scores()).not.toEqual(lexical);
    expect(await rankSources(em(), search)).not.toEqual(ranked);
    expect(Math.max(...(await scores()))).toBeLessThanOrEqual(1);
  });

  it('of another tenant neither helps nor shows', async () => {
    const key = await library([...BEES, ...SHIPS]);
    await ensureLatentSpace(em(), key);
    const stranger = await createActor(db, 'OWNER');
    const rows = await runSql(
      db.database.asTenant(stranger.tenantId),
      'select 1 from latent_terms union all select 1 from snippet_vectors union all select 1 from latent_spaces',
    );
    expect(rows).toEqual([]);
  });
});

it('a space is made anew when a library has changed by a fifth, and a large one when it has doubled or halved', () => {
  expect([isStale(12, null), isStale(12, 12), isStale(14, 12), isStale(15, 12), isStale(9, 12)]).toEqual([
    true,
    false,
    false,
    true,
    true,
  ]);
  const million = 1_000_000;
  expect([isStale(1.9 * million, million), isStale(2.1 * million, million), isStale(0.4 * million, million)]).toEqual([
    false,
    true,
    true,
  ]);
});
