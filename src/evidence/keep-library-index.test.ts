import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../tests/support/database.js';
import { type SeededProject, seedProject } from '../../tests/support/seed-project.js';
import { runSql } from '../platform/database/sql.js';
import { captureSnapshot } from './capture-snapshot.js';
import { indexSource } from './index-source.js';
import { isIndexed, keepLibraryIndex, readyForSearch } from './keep-library-index.js';
import { plainDocument } from './plain-document.js';
import { rankLargeLibrary } from './rank-large-library.js';
import { searchLargeLibrary, searchSnippets } from './search-snippets.js';
import { ensureSegments } from './segments/ensure-segments.js';
import { openSegments } from './segments/score-places.js';
import { findPlaces } from './segments/search-segments.js';

const THINGS = ['kettles', 'lamps', 'bridges', 'violins', 'engines', 'clocks', 'sails', 'mirrors'];
const TRAITS = ['heavy', 'bright', 'rusty', 'hollow', 'narrow'];
const QUERY = 'which bridges are rusty and narrow like old engines';

let db: TestDatabase;
let project: SeededProject;
beforeAll(async () => {
  db = await createTestDatabase();
  project = await seedProject(db);
  for (const thing of THINGS)
    for (const trait of TRAITS)
      await add(
        `On ${thing}`,
        `The ${thing} were ${trait} when they came. People who like ${trait} things bought the ${thing} ${'early '.repeat(trait.length)}in spring.`,
      );
});
afterAll(() => db?.drop());

const em = () => db.database.asTenant(project.tenantId);

async function add(title: string, text: string): Promise<void> {
  const { tenantId, projectId } = project;
  const document = plainDocument(text);
  const about = { originalSha256: null, extractor: 'text@1', mediaType: 'text/plain', capturedAt: new Date() };
  const snapshotId = await captureSnapshot(em(), { tenantId, projectId, document, ...about });
  const facts = { title, connector: 'TEXT' as const, retrievedAt: new Date() };
  await indexSource(em(), { tenantId, projectId, snapshotId, document, facts });
}

/** As a large library, however small: what its passages and its sources score, to the last bit. */
async function answers() {
  const { projectId } = project;
  const view = em();
  const open = async () => {
    const library = await openSegments(view, projectId, { least: 1 });
    if (!library) throw new Error('it is large');
    return library;
  };
  const passages = await searchLargeLibrary(view, await open(), { projectId, query: QUERY, limit: 50, feedback: true });
  const sources = await rankLargeLibrary(view, await open(), { projectId, query: QUERY, limit: 50 });
  return {
    passages: new Map(passages.map(({ id, score }) => [id, score])),
    sources: new Map(sources.map(({ sourceId, score }) => [sourceId, score])),
  };
}

const countRows = async (table: string) =>
  (await runSql(em(), `select 1 from ${table} where project_id = $1`, [project.projectId])).length;

describe('the index of a library', () => {
  it('changes nothing of what a search finds, however far it has come', async () => {
    await readyForSearch(em(), project, {});
    await runSql(em(), 'delete from snippet_vectors');
    const without = await answers();
    expect(without.passages.size).toBeGreaterThan(20);
    expect(await countRows('index_segments')).toBe(0);
    await ensureSegments(em(), project, { sizes: { least: 16, most: 16 } });
    expect(await countRows('index_segments')).toBe(2); // and a tail of eight
    expect(await answers()).toEqual(without);
    await runSql(em(), `delete from snippet_vectors`);
    await keepLibraryIndex(em(), project, {});
    await runSql(
      em(),
      `delete from snippet_vectors where source_id in (select id from sources where title = 'On lamps')`,
    );
    expect(await answers()).toEqual(without);
    await keepLibraryIndex(em(), project, {});
    expect(await countRows('snippet_vectors')).toBe(40);
    expect(await answers()).toEqual(without);
  });

  it('changes nothing of what a bounded search reads between none of it and all of it', async () => {
    const { projectId } = project;
    const bounded = async () => {
      const library = await openSegments(em(), projectId, { least: 1 });
      if (!library) throw new Error('it is large');
      const search = { query: QUERY, limit: 50, feedback: true };
      const found = await findPlaces(em(), library, search, { question: 25, expansion: 30 });
      const read = [...library.lists.keys()].sort();
      return { read, found: new Map(found.map(({ sourceId, score }) => [sourceId, score])) };
    };
    await runSql(em(), 'delete from index_segments');
    const without = await bounded();
    expect(without.read.length).toBeLessThan(10);
    await ensureSegments(em(), project, { sizes: { least: 1, most: 100 } });
    expect(await bounded()).toEqual(without);
  });

  it('is taken up where it was left when time was over, and is ready then', async () => {
    await runSql(em(), 'delete from snippet_vectors');
    expect(await isIndexed(em(), project.projectId)).toBe(false);
    expect(await keepLibraryIndex(em(), project, { until: 0 })).toBe(false);
    expect(await countRows('snippet_vectors')).toBe(0);
    expect(await keepLibraryIndex(em(), project, {})).toBe(true);
    expect(await isIndexed(em(), project.projectId)).toBe(true);
  });

  it('is not kept for somebody who has stopped waiting', async () => {
    await runSql(em(), 'delete from snippet_vectors');
    await expect(keepLibraryIndex(em(), project, { signal: AbortSignal.abort('CANCELED') })).rejects.toBe('CANCELED');
    expect(await countRows('snippet_vectors')).toBe(0);
  });

  it('is made by the search itself as far as a small library cannot do without', async () => {
    await runSql(em(), 'delete from snippet_vectors');
    await readyForSearch(em(), project, {});
    expect(await countRows('snippet_vectors')).toBe(0); // with segments it is a large one
    await runSql(em(), 'delete from index_segments');
    await readyForSearch(em(), project, {});
    expect(await countRows('snippet_vectors')).toBe(40);
  });

  it('of a large library sets a source by its title before those that only mention it', async () => {
    await add(
      'Barometers',
      'The instrument that was bought in spring has a scale of brass, and a needle of steel as well.',
    );
    await add('On weather', 'People who own barometers look at them early, and barometers are found in many halls.');
    const library = await openSegments(em(), project.projectId, { least: 1 });
    if (!library) throw new Error('it is large');
    const ranked = await rankLargeLibrary(em(), library, {
      projectId: project.projectId,
      query: 'barometers of brass',
      limit: 2,
      latent: false,
    });
    const [best] = await runSql<{ title: string }>(em(), 'select title from sources where id = $1', [
      ranked[0]?.sourceId ?? '',
    ]);
    expect(best?.title).toBe('Barometers');
    const found = await searchSnippets(em(), { projectId: project.projectId, query: 'barometers', limit: 5 });
    expect(found.map(({ sourceTitle }) => sourceTitle)).toEqual(['On weather']);
  });
});
