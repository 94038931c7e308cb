/**
 * How well the product's own search ranks: every document of a public test collection is captured and indexed as a
 * source by the product's use cases, in a Postgres, and every query goes through `rankSources` as role pw_app.
 */
import type pg from 'pg';
import { captureSnapshot } from '../../src/evidence/capture-snapshot.js';
import { indexSource } from '../../src/evidence/index-source.js';
import { ensureLatentSpace } from '../../src/evidence/latent/ensure-latent-space.js';
import { plainDocument } from '../../src/evidence/plain-document.js';
import { rankSources } from '../../src/evidence/rank-sources.js';
import { ensureSegments } from '../../src/evidence/segments/ensure-segments.js';
import type { Database, Em } from '../../src/platform/database/database.js';
import { isAppError } from '../../src/platform/errors.js';
import { newId } from '../../src/platform/ids.js';
import type { Collection } from './beir-collection.js';
import { averagePrecision, type Judgements, ndcgAt10, recallAt100 } from './ranking-metrics.js';

const INDEXERS = 4; // at once, as a worker of that concurrency would
const DEPTH = 1_000; // documents of a ranking that count, as trec_eval's default

export interface RetrievalFigures {
  ndcg10: number;
  map: number;
  recall100: number;
  rankings: RankedQuery[];
  msPerQuery: number; // median
  indexMs: number; // all documents
  documents: number;
  queries: number;
}

export interface RankingMethod {
  feedback: boolean;
  latent: boolean;
  /** Searched as a library of a million passages is, however small: through segments. */
  large?: boolean;
}

export interface RankedQuery {
  id: string;
  documents: { id: string; score: number }[]; // best first
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
  method: RankingMethod,
): Promise<RetrievalFigures> {
  const em = () => database.asTenant(library.tenantId);
  const indexStarted = performance.now();
  const documentOf = await indexCollection(em, library, collection);
  if (method.latent) await ensureLatentSpace(em(), library);
  if (method.large) await ensureSegments(em(), library, { sizes: { least: 1, most: 64_000 } });
  const indexMs = performance.now() - indexStarted;
  const times: number[] = [];
  const rankings: RankedQuery[] = [];
  for (const query of collection.queries) {
    const started = performance.now();
    const ranked = await rankSources(em(), {
      projectId: library.projectId,
      query: query.text,
      limit: DEPTH,
      feedback: method.feedback,
      latent: method.latent,
    });
    times.push(performance.now() - started);
    const documents = ranked.map(({ sourceId, score }) => ({ id: documentOf.get(sourceId) ?? '', score }));
    rankings.push({ id: query.id, documents });
  }
  times.sort((a, b) => a - b);
  return {
    ...scoreRankings(collection, rankings),
    rankings,
    msPerQuery: times[Math.floor(times.length / 2)] ?? 0,
    indexMs,
    documents: documentOf.size,
    queries: collection.queries.length,
  };
}

/** Means over all queries; `rankings` in the order of the collection's queries. */
export function scoreRankings({ queries }: Collection, rankings: readonly RankedQuery[]) {
  const mean = (measure: (ranking: string[], judgements: Judgements) => number): number =>
    queries.reduce((sum, { judgements }, index) => {
      const ranking = rankings[index]?.documents.map(({ id }) => id) ?? [];
      return sum + measure(ranking, judgements);
    }, 0) / Math.max(1, queries.length);
  return { ndcg10: mean(ndcgAt10), map: mean(averagePrecision), recall100: mean(recallAt100) };
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

/** A document as the product takes in a text. */
export async function indexOne(em: Em, library: Library, title: string, text: string) {
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
