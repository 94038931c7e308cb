/**
 * How well the product's own search ranks: every document of a public test collection is captured and indexed as a
 * source by the product's use cases, in a fresh Postgres, and every query goes through `rankSources` as role pw_app.
 *
 *     npm run build && node dist/bench/retrieval.js [data folder]
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { ENTITIES } from '../src/entities.js';
import { captureSnapshot } from '../src/evidence/capture-snapshot.js';
import { indexSource } from '../src/evidence/index-source.js';
import { plainDocument } from '../src/evidence/plain-document.js';
import { rankSources } from '../src/evidence/rank-sources.js';
import { type Database, type Em, openDatabase } from '../src/platform/database/database.js';
import { migrate } from '../src/platform/database/migrate.js';
import { bootstrapDatabase } from '../src/platform/database/roles.js';
import { startEmbeddedPostgres } from '../src/platform/embedded-postgres/start-embedded-postgres.js';
import { isAppError } from '../src/platform/errors.js';
import { newId } from '../src/platform/ids.js';
import { type Collection, readCollection } from './beir-collection.js';
import { averagePrecision, ndcgAt10 } from './ranking-metrics.js';

/** BM25 (k1 1.2, b .75, Porter) over title and text, measured by a standard implementation on the same files. */
const BASELINES: Record<string, { ndcg10: number; map: number }> = {
  cranfield: { ndcg10: 0.4235, map: 0.4105 },
  adi: { ndcg10: 0.4814, map: 0.4118 },
};

const INDEXERS = 4; // at once, as a worker of that concurrency would
const DEPTH = 1_000; // documents of a ranking that count, as trec_eval's default

export interface RetrievalFigures {
  ndcg10: number;
  map: number;
  msPerQuery: number; // median
  indexMs: number; // all documents
  documents: number;
  queries: number;
}

export interface Library {
  tenantId: string;
  projectId: string;
}

/** Indexes the collection into the (empty) project and asks all its queries. */
export async function measureRetrieval(
  database: Database,
  library: Library,
  collection: Collection,
  feedback: boolean,
): Promise<RetrievalFigures> {
  const em = () => database.asTenant(library.tenantId);
  const indexStarted = performance.now();
  const documentOf = await indexCollection(em, library, collection);
  const indexMs = performance.now() - indexStarted;
  const times: number[] = [];
  let ndcg = 0;
  let map = 0;
  for (const query of collection.queries) {
    const started = performance.now();
    const ranked = await rankSources(em(), { projectId: library.projectId, query: query.text, limit: DEPTH, feedback });
    times.push(performance.now() - started);
    const ranking = ranked.map(({ sourceId }) => documentOf.get(sourceId) ?? '');
    ndcg += ndcgAt10(ranking, query.judgements);
    map += averagePrecision(ranking, query.judgements);
  }
  const queries = collection.queries.length;
  times.sort((a, b) => a - b);
  return {
    ndcg10: ndcg / queries,
    map: map / queries,
    msPerQuery: times[Math.floor(queries / 2)] ?? 0,
    indexMs,
    documents: documentOf.size,
    queries,
  };
}

/** Returns source id → document id. Documents without text are refused by the product and so missing from the index. */
async function indexCollection(em: () => Em, library: Library, collection: Collection): Promise<Map<string, string>> {
  const documentOf = new Map<string, string>();
  const waiting = collection.documents.filter(({ text }) => text.trim() !== '');
  const indexNext = async (): Promise<void> => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const { id, title, text } = next;
      try {
        const { source } = await em().transactional(async (tx) => indexOne(tx as Em, library, title, text));
        documentOf.set(source.id, id);
      } catch (error) {
        if (!isAppError(error) || error.code !== 'UNREADABLE_DOCUMENT') throw error;
      }
    }
  };
  await Promise.all(Array.from({ length: INDEXERS }, indexNext));
  return documentOf;
}

async function indexOne(em: Em, library: Library, title: string, text: string) {
  const document = plainDocument(text.normalize('NFC'));
  const retrievedAt = new Date();
  const snapshotId = await captureSnapshot(em, {
    ...library,
    document,
    originalSha256: null,
    extractor: 'text@1',
    mediaType: 'text/plain',
    capturedAt: retrievedAt,
  });
  const facts = { title: title.trim() || 'Untitled', connector: 'TEXT' as const, retrievedAt };
  return indexSource(em, { ...library, snapshotId, document, facts });
}

/** A tenant and an empty project, made as the administrator: identity is not what is measured. */
export async function emptyLibrary(admin: pg.Client): Promise<Library> {
  const [tenantId, userId, projectId] = [newId(), newId(), newId()];
  await admin.query(`insert into tenants (id, name) values ($1, 'bench')`, [tenantId]);
  await admin.query(`insert into users (id, email, display_name, password_hash) values ($1, $2, 'bench', 'unusable')`, [
    userId,
    `${userId}@example.org`,
  ]);
  await admin.query(`insert into memberships (id, tenant_id, user_id, roles) values ($1, $2, $3, '{OWNER}')`, [
    newId(),
    tenantId,
    userId,
  ]);
  await admin.query(`insert into projects (id, tenant_id, owner_id, name) values ($1, $2, $3, 'bench')`, [
    projectId,
    tenantId,
    userId,
  ]);
  return { tenantId, projectId };
}

export async function main(dataFolder: string): Promise<void> {
  const dataDir = await mkdtemp(join(tmpdir(), 'paperwright-bench-'));
  const postgres = await startEmbeddedPostgres({ dataDir });
  const urls = await bootstrapDatabase(postgres.adminUrl, 'bench');
  await migrate(urls);
  const adminUrl = new URL(postgres.adminUrl);
  adminUrl.pathname = '/bench';
  const admin = new pg.Client({ connectionString: adminUrl.toString() });
  await admin.connect();
  const database = await openDatabase({ url: urls.app, entities: ENTITIES, poolSize: 4 });
  try {
    console.log('collection  ranking    nDCG@10  (BM25)   MAP     (BM25)   ms/query  ms/document');
    for (const [name, baseline] of Object.entries(BASELINES)) {
      const collection = readCollection(dataFolder, name);
      if (!collection) {
        console.log(`${name}: not found in ${dataFolder}, skipped`);
        continue;
      }
      for (const feedback of [false, true]) {
        const figures = await measureRetrieval(database, await emptyLibrary(admin), collection, feedback);
        console.log(
          [
            name.padEnd(11),
            (feedback ? 'BM25F+RM3' : 'BM25F').padEnd(10),
            figures.ndcg10.toFixed(4).padEnd(8),
            baseline.ndcg10.toFixed(4).padEnd(8),
            figures.map.toFixed(4).padEnd(7),
            baseline.map.toFixed(4).padEnd(8),
            figures.msPerQuery.toFixed(1).padEnd(9),
            (figures.indexMs / figures.documents).toFixed(1),
          ].join(' '),
        );
      }
    }
  } finally {
    await database.close();
    await admin.end();
    await postgres.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
}

const invoked = process.argv[1] === fileURLToPath(import.meta.url);
if (invoked) await main(process.argv[2] ?? join(process.cwd(), '..', 'shared', 'data'));
