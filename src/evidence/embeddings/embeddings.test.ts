import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../tests/support/database.js';
import { type SeededProject, seedProject } from '../../../tests/support/seed-project.js';
import { runSql } from '../../platform/database/sql.js';
import { captureSnapshot } from '../capture-snapshot.js';
import { indexSource } from '../index-source.js';
import { plainDocument } from '../plain-document.js';
import { rankSources } from '../rank-sources.js';
import { searchSnippets } from '../search-snippets.js';
import { spaceOf } from './embedding-config.js';
import { keepVectorIndexes } from './keep-vector-indexes.js';
import { type NearSnippet, nearestSnippets } from './nearest-snippets.js';
import { rankSourcesByMeaning, searchSnippetsByMeaning } from './search-by-meaning.js';
import {
  countNotEmbedded,
  nextToEmbed,
  readEmbeddingState,
  type SnippetText,
  storeEmbeddings,
} from './stored-embeddings.js';
import { unit } from './unit-vector.js';

const BEES = 'Bees return to flowers that they have visited before and remember their colours well.';
const SHIPS = 'Ships carry cargo between harbours on the ocean, and sailors wait there for the tide.';
const CARS = 'Engines of motor cars burn petrol, and their exhaust is cleaned in a catalytic converter.';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db?.drop());

const emOf = (project: SeededProject) => db.database.asTenant(project.tenantId);

async function add(project: SeededProject, title: string, text: string): Promise<string> {
  const { tenantId, projectId } = project;
  const document = plainDocument(text);
  const about = { originalSha256: null, extractor: 'text@1', mediaType: 'text/plain', capturedAt: new Date() };
  const snapshotId = await captureSnapshot(emOf(project), { tenantId, projectId, document, ...about });
  const facts = { title, connector: 'TEXT' as const, retrievedAt: new Date() };
  return (await indexSource(emOf(project), { tenantId, projectId, snapshotId, document, facts })).source.id;
}

/** Subjects for dimensions: what a model would know, by hand. */
const vectorOf = (text: string): Float32Array =>
  unit(
    Float32Array.from(
      [/bee|honey|insect/i, /ship|vessel|harbour/i, /\bcars?\b|engine|vehicle/i].map((p) => (p.test(text) ? 1 : 0.1)),
    ),
  );

const missing = (project: SeededProject, space = 'one', first: string[] = [], limit = 100) =>
  nextToEmbed(emOf(project), { projectId: project.projectId, space, first, limit });

const embed = (project: SeededProject, snippets: readonly SnippetText[], space = 'one', make = vectorOf) =>
  storeEmbeddings(
    emOf(project),
    { ...project, space },
    snippets,
    snippets.map(({ text }) => make(text)),
  );

const stateOf = (project: SeededProject, space = 'one') =>
  readEmbeddingState(emOf(project), { projectId: project.projectId, space, dimensions: 3 });

async function nearest(project: SeededProject, text: string, space = 'one', limit = 10): Promise<NearSnippet[]> {
  const state = await stateOf(project, space);
  return nearestSnippets(emOf(project), project.projectId, { space, vector: vectorOf(text) }, { limit, state });
}

async function threeSubjects() {
  const project = await seedProject(db);
  const bees = await add(project, 'Bees', BEES);
  const ships = await add(project, 'Ships', SHIPS);
  const cars = await add(project, 'Cars', CARS);
  await embed(project, await missing(project));
  return { project, bees, ships, cars };
}

describe('embeddings of a library', () => {
  it('are missing until they are stored, source after source, those named first before the others', async () => {
    const project = await seedProject(db);
    await add(project, 'Bees', BEES);
    const ships = await add(project, 'Ships', SHIPS);
    expect(await stateOf(project)).toEqual({ snippets: 2, embedded: 0, isIndexed: false });
    const [first, ...others] = await missing(project, 'one', [ships]);
    expect(first).toEqual({ sourceId: ships, ordinal: 0, text: `Ships\n${SHIPS}` });
    expect(others).toHaveLength(1);
    expect(await missing(project, 'one', [ships], 1)).toEqual([first]);
    await embed(project, first ? [first] : []);
    expect(await missing(project)).toEqual(others);
    await embed(project, others);
    expect(await missing(project)).toEqual([]);
    expect(await stateOf(project)).toMatchObject({ snippets: 2, embedded: 2 });
  });

  it('of a long source are taken up where they were left', async () => {
    const project = await seedProject(db);
    const about = (i: number) => `Paragraph ${i} tells at length how bees of hive number ${i} fly out in spring. `;
    await add(project, 'Long', Array.from({ length: 12 }, (_, i) => about(i).repeat(6)).join('\n\n'));
    const all = await missing(project);
    expect(all.length).toBeGreaterThan(3);
    const count = () => countNotEmbedded(emOf(project), project.projectId, 'one');
    const whole = await count();
    expect(whole.passages).toBe(all.length);
    expect(whole.bytes).toBeGreaterThanOrEqual(all.reduce((sum, { text }) => sum + Buffer.byteLength(text), 0));
    await embed(project, all.slice(0, 2));
    expect(await count()).toEqual({
      passages: all.length - 2,
      bytes: expect.closeTo((whole.bytes * (all.length - 2)) / all.length, 3),
    });
    expect(await missing(project)).toEqual(all.slice(2));
    await embed(project, all.slice(3)); // with a gap before them: stored, and made again
    expect(await missing(project)).toEqual(all.slice(2));
  });

  it('stand in a space that model, length and the words before passages name', () => {
    const prefixes = { query: '', passage: '' };
    expect(spaceOf({ model: 'm', dimensions: null, prefixes })).toBe('m');
    expect(spaceOf({ model: 'm', dimensions: 256, prefixes: { ...prefixes, query: 'query: ' } })).toBe('m#256');
    const asked = { model: 'm', dimensions: 256, prefixes: { query: 'query: ', passage: 'passage: ' } };
    expect(spaceOf(asked)).toBe('m#256 "passage: "');
  });

  it('are made anew for another model, and those of two are never compared', async () => {
    const { project } = await threeSubjects();
    const again = await missing(project, 'two');
    expect(again).toHaveLength(3);
    expect(await nearest(project, 'insects', 'two')).toEqual([]);
    await embed(project, again.slice(0, 1), 'two');
    expect(await nearest(project, 'insects', 'two')).toHaveLength(1);
    expect(await nearest(project, 'insects', 'one')).toHaveLength(2);
    expect(await missing(project, 'two')).toHaveLength(2);
  });

  it('of another length are not compared either', async () => {
    const { project } = await threeSubjects();
    const short = { space: 'one', vector: Float32Array.from([1, 0]) };
    const state = await stateOf(project);
    expect(await nearestSnippets(emOf(project), project.projectId, short, { limit: 5, state })).toEqual([]);
  });

  it('tell which snippets are near to a question, nearest first', async () => {
    const { project, ships } = await threeSubjects();
    const found = await nearest(project, 'vessels', 'one', 2);
    expect(found).toHaveLength(2);
    expect(found[0]).toMatchObject({ sourceId: ships, ordinal: 0 });
    expect(found[0]?.cosine).toBeCloseTo(1, 5);
    expect(found[1]?.cosine).toBeLessThan(0.5);
  });

  it('find a passage without a word of the question, beside those that words find', async () => {
    const { project, cars, bees } = await threeSubjects();
    const search = {
      projectId: project.projectId,
      query: 'Which vehicles remember flowers?',
      limit: 10,
      feedback: true,
    };
    const near = (await nearest(project, search.query)).slice(0, 1);
    expect(near[0]?.sourceId).toBe(cars);
    const words = await searchSnippets(emOf(project), search);
    expect(words.map(({ sourceId }) => sourceId)).toEqual([bees]);
    const fused = await searchSnippetsByMeaning(emOf(project), search, near);
    expect(new Set(fused.map(({ sourceId }) => sourceId))).toEqual(new Set([bees, cars]));
    expect(fused.find(({ sourceId }) => sourceId === cars)).toMatchObject({
      text: CARS,
      sourceTitle: 'Cars',
      coverage: 0,
    });
    const sources = await rankSourcesByMeaning(emOf(project), search, near);
    expect(new Set(sources.map(({ sourceId }) => sourceId))).toEqual(new Set([bees, cars]));
    expect(await rankSources(emOf(project), search)).toHaveLength(1);
  });

  it('put what both rankings know before what one knows', async () => {
    const { project, bees } = await threeSubjects();
    const search = { projectId: project.projectId, query: 'bees and ships', limit: 3, feedback: true };
    const [first] = await searchSnippetsByMeaning(emOf(project), search, [{ sourceId: bees, ordinal: 0, cosine: 1 }]);
    expect(first).toMatchObject({ sourceId: bees, score: 1 });
    expect(first?.coverage).toBeGreaterThan(0);
  });

  it('of another tenant or a hidden project neither help nor show', async () => {
    const { project } = await threeSubjects();
    const stranger = await seedProject(db);
    expect(await nearest({ ...stranger, projectId: project.projectId }, 'insects')).toEqual([]);
    const tables = 'select 1 from snippet_embeddings union all select 1 from embedded_sources';
    expect(await runSql(emOf(stranger), tables)).toEqual([]);
    const hidden = await seedProject(db, 'PRIVATE');
    await add(hidden, 'Bees', BEES);
    await embed(hidden, await missing(hidden));
    const colleague = {
      tenantId: hidden.tenantId,
      userId: project.userId,
      credentialId: project.userId,
      roles: ['ADMIN' as const],
    };
    expect(await runSql(db.database.asActor(colleague), tables)).toEqual([]);
    expect(await runSql(emOf(hidden), tables)).toHaveLength(2);
  });

  it('have no index where Postgres has not the extension', async () => {
    expect(await keepVectorIndexes(db.admin)).toEqual([]);
  });

  it('go with their source', async () => {
    const { project, bees } = await threeSubjects();
    await runSql(emOf(project), 'delete from sources where id = $1', [bees]);
    expect(await stateOf(project)).toMatchObject({ snippets: 2, embedded: 2 });
    expect(await nearest(project, 'insects')).toHaveLength(2);
  });
});
