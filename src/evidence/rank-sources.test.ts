import { resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readCollection } from '../../bench/retrieval/beir-collection.js';
import { emptyLibrary, measureRetrieval } from '../../bench/retrieval/measure-retrieval.js';
import { createTestDatabase, type TestDatabase } from '../../tests/support/database.js';

const dataFolder = process.env.PAPERWRIGHT_DATA ?? resolve('../shared/data');
const cranfield = readCollection(resolve(dataFolder, 'retrieval/cranfield'));

describe.skipIf(!cranfield)(
  'rankSources on Cranfield (skipped where the collection is not at hand: set PAPERWRIGHT_DATA)',
  () => {
    let db: TestDatabase;
    beforeAll(async () => {
      db = await createTestDatabase();
    });
    afterAll(() => db.drop());

    it('ranks at least as well as plain BM25 does', async () => {
      if (!cranfield) throw new Error('unreachable: the suite is skipped');
      const figures = await measureRetrieval(db.database, await emptyLibrary(db.admin), cranfield, {
        feedback: true,
        latent: true,
      });
      expect(figures.documents).toBeGreaterThan(1390); // all but the two empty ones and what holds no sentence
      expect(figures.ndcg10).toBeGreaterThan(0.47);
      expect(figures.map).toBeGreaterThan(0.47);
    }, 240_000); // 4 minutes: it indexes 1,398 documents, one transaction each
  },
);
