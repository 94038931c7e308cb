import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../tests/support/database.js';
import { type SeededProject, seedProject } from '../../tests/support/seed-project.js';
import { captureSnapshot } from './capture-snapshot.js';
import { indexSource } from './index-source.js';
import { plainDocument } from './plain-document.js';
import { rankSources } from './rank-sources.js';
import { searchSnippets } from './search-snippets.js';
import { SnapshotEntity } from './snapshot.entity.js';
import { SourceEntity } from './source.entity.js';

const FUSION = `Reciprocal rank fusion combines the rankings of several systems without training.
It sums the reciprocal of each document's rank over all systems, with a constant of sixty in the denominator.`;
const POOLING = `Pooling asks judges to read only the top documents of each participating system.
Documents outside the pool are assumed not to be relevant, which a later system may suffer from.`;

let db: TestDatabase;
let here: SeededProject;
let elsewhere: SeededProject;

beforeAll(async () => {
  db = await createTestDatabase();
  here = await seedProject(db);
  elsewhere = await seedProject(db);
});
afterAll(() => db.drop());

async function add(project: SeededProject, title: string, text: string) {
  return db.database.asTenant(project.tenantId).transactional(async (em) => {
    const document = plainDocument(text.replaceAll('\n', ' '));
    const { tenantId, projectId } = project;
    const capturedAt = new Date();
    const snapshotId = await captureSnapshot(em, {
      tenantId,
      projectId,
      document,
      originalSha256: null,
      extractor: 'text@1',
      mediaType: 'text/plain',
      capturedAt,
    });
    const facts = { title, connector: 'TEXT' as const, retrievedAt: capturedAt };
    return indexSource(em, { tenantId, projectId, snapshotId, document, facts });
  });
}

const search = (project: SeededProject, query: string, limit = 10) =>
  searchSnippets(db.database.asTenant(project.tenantId), { projectId: project.projectId, query, limit });

describe('the evidence index', () => {
  it('finds a snippet by another inflection of its words and says where it stands', async () => {
    const { source } = await add(here, 'Rank fusion', FUSION);
    await add(here, 'Pools', POOLING);
    const [first, ...rest] = await search(here, 'How do you fuse ranked systems reciprocally?');
    expect(first).toMatchObject({ sourceId: source.id, sourceTitle: 'Rank fusion', ordinal: 0, startOffset: 0 });
    expect(first?.coverage).toBeGreaterThan(rest[0]?.coverage ?? 0);
    expect(first?.text).toBe(FUSION.replaceAll('\n', ' '));
  });

  it('hands out snippets that are verbatim slices of a snapshot with the named hash', async () => {
    const [found] = await search(here, 'pooling judges');
    const em = db.database.asTenant(here.tenantId);
    const snapshot = await em.findOneOrFail(SnapshotEntity, found?.snapshotId ?? '', { populate: ['text'] });
    const bytes = Buffer.from(snapshot.text);
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(snapshot.sha256);
    expect(bytes.toString('utf8', found?.startOffset, found?.endOffset)).toBe(found?.text);
  });

  it('ranks sources by their whole text and their title', async () => {
    const em = db.database.asTenant(here.tenantId);
    const ranked = await rankSources(em, { projectId: here.projectId, query: 'pools', limit: 5 });
    const titles = await em.execute<{ id: string; title: string }[]>('select id, title from sources');
    expect(titles.find(({ id }) => id === ranked[0]?.sourceId)?.title).toBe('Pools');
  });

  it('finds nothing of another tenant, of another project, or for a query without words', async () => {
    await add(elsewhere, 'Secret', 'Zymurgy is the study of fermentation in brewing, and nobody else may read this.');
    expect(await search(elsewhere, 'zymurgy')).toHaveLength(1);
    expect(await search(here, 'zymurgy')).toEqual([]);
    const foreign = db.database.asTenant(here.tenantId);
    expect(await searchSnippets(foreign, { projectId: elsewhere.projectId, query: 'zymurgy', limit: 5 })).toEqual([]);
    for (const query of ['', '   ', 'the of and', '🙂🙂', '\u0000', "'; drop table postings; --"]) {
      expect(await search(here, query)).toEqual([]);
    }
  });

  it('indexes one text once however often and however concurrently it comes', async () => {
    const text = 'Expected reciprocal rank models a reader who stops at the first satisfying document.';
    const results = await Promise.all(Array.from({ length: 6 }, () => add(here, 'ERR', text)));
    expect(new Set(results.map((result) => result.source.id)).size).toBe(1);
    expect(results.filter((result) => result.created)).toHaveLength(1);
    expect(await search(here, 'expected reader satisfying')).toHaveLength(1);
  });

  it('keeps statistics right when sources are added together and deleted', async () => {
    const project = await seedProject(db);
    const texts = Array.from(
      { length: 12 },
      (_, i) => `Kappa measures agreement between two assessors in study number ${i}.`,
    );
    await Promise.all(texts.map((text, i) => add(project, `Study ${i}`, text)));
    const before = await search(project, 'kappa agreement', 50);
    expect(before).toHaveLength(12);
    const gone = before.slice(0, 6).map((snippet) => snippet.sourceId);
    await db.database.asTenant(project.tenantId).nativeDelete(SourceEntity, { id: { $in: gone } });
    const after = await search(project, 'kappa agreement', 50);
    expect(after).toHaveLength(6);
    const fresh = await seedProject(db);
    for (const [i, snippet] of after.entries()) await add(fresh, `Study ${i}`, snippet.text);
    const scores = (list: { score: number }[]) => list.map(({ score }) => score.toFixed(9)).sort();
    expect(scores(after)).toEqual(scores(await search(fresh, 'kappa agreement', 50)));
    const { rows } = await db.admin.query('select count(*)::int as n from postings where source_id = any ($1)', [gone]);
    expect(rows[0].n).toBe(0);
  });

  it('refuses to change a snapshot or a snippet, even for the owner of the table', async () => {
    await expect(db.admin.query(`update snapshots set media_type = 'x'`)).rejects.toThrow(/immutable/);
    await expect(db.admin.query(`update snippets set heading = 'x'`)).rejects.toThrow(/immutable/);
    const em = db.database.asTenant(here.tenantId);
    await expect(em.execute(`update snapshots set media_type = 'x'`)).rejects.toThrow(/permission denied/);
  });

  it('refuses a text without a single sentence of prose', async () => {
    await expect(add(here, 'Numbers', '1 2 3 4 5 6 7')).rejects.toMatchObject({ code: 'UNREADABLE_DOCUMENT' });
  });
});
