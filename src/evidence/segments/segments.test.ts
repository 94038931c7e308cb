import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../tests/support/database.js';
import { type SeededProject, seedProject } from '../../../tests/support/seed-project.js';
import { runSql } from '../../platform/database/sql.js';
import { captureSnapshot } from '../capture-snapshot.js';
import { indexSource } from '../index-source.js';
import { plainDocument } from '../plain-document.js';
import { rankSources } from '../rank-sources.js';
import { searchSnippets } from '../search-snippets.js';
import { SourceEntity } from '../source.entity.js';
import { ensureSegments } from './ensure-segments.js';
import { openSegments, scorePlaces } from './score-places.js';
import { searchSegments } from './search-segments.js';
import { addList, BestPlaces } from './term-lists.js';

const SIZES = { least: 6, most: 16 };
const THINGS = ['kettles', 'lamps', 'bridges', 'violins', 'engines', 'clocks', 'sails', 'mirrors'];
const TRAITS = ['heavy', 'bright', 'rusty', 'hollow', 'narrow'];
const QUESTIONS = [
  'heavy lamps',
  'which bridges are rusty and narrow',
  'clocks',
  'violins of copper',
  'hollow engines',
];

let db: TestDatabase;
let plain: SeededProject; // searched through its postings
let segmented: SeededProject; // the same texts, searched through segments and a tail

beforeAll(async () => {
  db = await createTestDatabase();
  [plain, segmented] = [await seedProject(db), await seedProject(db)];
  const texts = THINGS.flatMap((thing, i) =>
    TRAITS.map(
      (trait, j) =>
        `The ${thing} were ${trait} when they came${j > i ? `, and ${thing} they stayed` : ''}. ${j % 2 ? 'Copper was found in them.' : 'Nothing else is known about it.'}`,
    ),
  );
  for (const [i, text] of texts.entries()) {
    await add(plain, text);
    await add(segmented, text);
    if (i === texts.length - 4) await ensureSegments(emOf(segmented), segmented, { sizes: SIZES });
  }
});
afterAll(() => db?.drop());

const emOf = ({ tenantId }: SeededProject) => db.database.asTenant(tenantId);

async function add({ tenantId, projectId }: SeededProject, text: string): Promise<string> {
  const document = plainDocument(text);
  const about = { originalSha256: null, extractor: 'text@1', mediaType: 'text/plain', capturedAt: new Date() };
  const em = db.database.asTenant(tenantId);
  const snapshotId = await captureSnapshot(em, { tenantId, projectId, document, ...about });
  const facts = { title: 'A thing', connector: 'TEXT' as const, retrievedAt: new Date() };
  return (await indexSource(em, { tenantId, projectId, snapshotId, document, facts })).source.id;
}

const search = (project: SeededProject, query: string, feedback: boolean, limit = 100) =>
  searchSnippets(emOf(project), { projectId: project.projectId, query, limit, feedback });

const textsOf = (snippets: readonly { text: string }[]): string[] => snippets.map(({ text }) => text).sort();

const segmentsOf = async (project: SeededProject): Promise<{ snippets: number }[]> =>
  runSql(emOf(project), 'select snippets from index_segments where project_id = $1 order by id', [project.projectId]);

describe('a library with segments', () => {
  it('has a handful of them beside a tail', async () => {
    expect(await segmentsOf(segmented)).toEqual([{ snippets: 16 }, { snippets: 16 }]);
    const library = await openSegments(emOf(segmented), segmented.projectId);
    expect(library?.tail.snippets).toBe(8);
    expect(library?.snippets).toBe(40);
    expect(await openSegments(emOf(plain), plain.projectId)).toBeNull();
  });

  it('finds what the postings find, scored alike', async () => {
    for (const query of QUESTIONS) {
      const [expected, found] = [await search(plain, query, false), await search(segmented, query, false)];
      expect(textsOf(found)).toEqual(textsOf(expected));
      const scoreOf = new Map(expected.map(({ text, score }) => [text, score]));
      const scale = (expected[0]?.score ?? 1) / (found[0]?.score ?? 1); // scores compare within one search only
      for (const { text, score } of found) {
        const ratio = (score * scale) / (scoreOf.get(text) ?? Number.NaN); // impacts are kept in 255ths
        expect(Math.abs(ratio - 1), text).toBeLessThan(0.05);
      }
    }
  });

  it('is searched with feedback as well', async () => {
    for (const query of QUESTIONS) {
      expect(textsOf(await search(segmented, query, true))).toEqual(textsOf(await search(plain, query, true)));
    }
  });

  it('tells how much of the question a snippet holds', async () => {
    for (const query of QUESTIONS) {
      const coverages = async (project: SeededProject) =>
        new Map((await search(project, query, false)).map(({ text, coverage }) => [text, coverage.toFixed(6)]));
      expect(await coverages(segmented)).toEqual(await coverages(plain));
    }
  });

  it('ranks its sources by their best passages', async () => {
    const [best] = await search(segmented, 'rusty bridges', true, 1);
    const ranked = await rankSources(emOf(segmented), {
      projectId: segmented.projectId,
      query: 'rusty bridges',
      limit: 5,
    });
    expect(ranked[0]?.sourceId).toBe(best?.sourceId);
    expect(new Set(ranked.map(({ sourceId }) => sourceId)).size).toBe(5);
  });

  it('reads the lists of the words that tell most, and no more than it may', async () => {
    const library = await openSegments(emOf(segmented), segmented.projectId);
    if (!library) throw new Error('it has segments');
    const terms = new Map([
      ['violin', 1],
      ['when', 1], // in no list
      ['copper', 1],
      ['came', 1], // in every text
    ]);
    await scorePlaces(emOf(segmented), library, terms, { limit: 5, entries: 20 });
    expect([...library.lists.keys()].sort()).toEqual(['copper', 'violin', 'when']);
  });

  it('answers nothing to a question without words, or with words that nobody wrote', async () => {
    for (const query of ['', 'the of and', 'zymurgy']) expect(await search(segmented, query, true)).toEqual([]);
  });

  it('shows nothing to another tenant', async () => {
    expect(await openSegments(emOf(plain), segmented.projectId)).toBeNull();
    const rows = await runSql(emOf(plain), 'select 1 from segment_lists union all select 1 from index_segments');
    expect(rows).toEqual([]);
  });
});

describe('segments of a library that changes', () => {
  it('leave out a source that was deleted, and one of the tail', async () => {
    const project = await seedProject(db);
    const ids: string[] = [];
    for (let i = 0; i < 9; i++)
      ids.push(await add(project, `Lanterns of the ${THINGS[i % 8]} kind number ${i} burn low.`));
    await ensureSegments(emOf(project), project, { sizes: { least: 6, most: 6 } });
    expect(await search(project, 'lanterns', false)).toHaveLength(9);
    await emOf(project).nativeDelete(SourceEntity, { id: { $in: [ids[2] ?? '', ids[8] ?? ''] } });
    const found = await search(project, 'lanterns', false);
    expect(found).toHaveLength(7);
    for (const { text } of found) expect(text).toMatch(/^Lanterns/);
  });

  it('are not made for somebody who has stopped waiting', async () => {
    const project = await seedProject(db);
    for (const thing of THINGS) await add(project, `Drawings of ${thing} hang in the hall.`);
    const stopped = ensureSegments(emOf(project), project, { sizes: SIZES, signal: AbortSignal.abort('CANCELED') });
    await expect(stopped).rejects.toBe('CANCELED');
    expect(await segmentsOf(project)).toEqual([]);
  });

  it('are put together when they are many and small, and made once by two that come together', async () => {
    const project = await seedProject(db);
    for (let i = 0; i < 9; i++) {
      await add(project, `Harbour number ${i} has a pier of its own.`);
      await Promise.all([1, 2].map(() => ensureSegments(emOf(project), project, { sizes: { least: 1, most: 100 } })));
    }
    expect(await segmentsOf(project)).toEqual([{ snippets: 9 }]);
    expect(await search(project, 'harbour pier', false)).toHaveLength(9);
  });
});

describe('a list', () => {
  it('adds its impacts, and the best are kept in order', () => {
    const scores = new Float32Array(300);
    addList(scores, Buffer.from([0, 0, 7, 255, 0, 1, 2, 51]), 10); // places 7 and 258
    addList(scores, Buffer.from([0, 0, 7, 51]), 5);
    const best = new BestPlaces(1);
    best.offer('a', scores);
    best.offer('b', scores);
    expect(best.take()).toEqual([{ segment: 'a', place: 7, score: 11 }]);
    expect(scores[258]).toBeCloseTo(2, 5);
  });
});

it('a search within a budget finds what it finds without, where the words that tell most decide', async () => {
  const library = async () => (await openSegments(emOf(segmented), segmented.projectId)) ?? undefined;
  const ask = async (question: number) => {
    const opened = await library();
    if (!opened) throw new Error('it has segments');
    const options = { query: 'copper violins that came', limit: 3, feedback: false };
    return searchSegments(emOf(segmented), opened, options, { question, expansion: 0 });
  };
  expect((await ask(25)).map(({ id }) => id).sort()).toEqual((await ask(1_000)).map(({ id }) => id).sort());
});
