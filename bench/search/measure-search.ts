/**
 * How long a question takes in a project of many snippets: the product's own search (feedback, segments, latent space) as
 * role pw_app under row security, beside other projects and another tenant; what a further document costs there; and how many
 * of the ten best are those of a search that reads every list to its end.
 */
import { readFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { keepLibraryIndex, readyForSearch } from '../../src/evidence/keep-library-index.js';
import { ensureLatentSpace } from '../../src/evidence/latent/ensure-latent-space.js';
import { questionTerms } from '../../src/evidence/query-terms.js';
import { rankSources } from '../../src/evidence/rank-sources.js';
import { searchSnippets } from '../../src/evidence/search-snippets.js';
import { ensureSegments, type SegmentSizes } from '../../src/evidence/segments/ensure-segments.js';
import { openSegments } from '../../src/evidence/segments/score-places.js';
import { searchSegments } from '../../src/evidence/segments/search-segments.js';
import { newId } from '../../src/platform/ids.js';
import { indexOne, type Library } from '../retrieval/measure-retrieval.js';
import { type BenchDatabase, openBenchDatabase } from '../support/bench-database.js';
import { median, quantile } from '../support/quantile.js';
import type { Measurement } from '../support/report.js';
import { fillLibrary } from './fill-library.js';
import { startProcessorTime } from './processor-time.js';
import { readVocabulary, type Vocabulary } from './real-text.js';
import { seededRandom } from './seeded-random.js';

export interface SearchBench {
  sizes: number[]; // snippets, ascending: one project that grows
  questions: number;
  documents: number; // that are indexed one by one, for what one costs
  segments?: SegmentSizes; // the product's when absent
}

const SEED = 7;
const OTHERS = 0.1; // of the largest size: a second project of the tenant, and a project of another
const LIMIT = 20;
const WARM_UP = 5;
const COMPARED = 10; // of the best
const WANTED_MS = 100;
const TEXT_FOLDERS = ['../shared/data/retrieval/cranfield', '../shared/data/retrieval/adi', 'library'];
const DOCUMENTS = 'library';

export async function measureSearch(options: SearchBench, log: (line: string) => void): Promise<Measurement[]> {
  const vocabulary = readVocabulary(TEXT_FOLDERS);
  const bench = await openBenchDatabase(1);
  try {
    const library = { tenantId: bench.actor.tenantId, projectId: bench.projectId };
    const random = seededRandom(SEED);
    const others = Math.ceil(OTHERS * (options.sizes.at(-1) ?? 0));
    for (const other of await addOthers(bench))
      await fillLibrary(bench.admin, other, { vocabulary, random, snippets: others });
    const measurements: Measurement[] = [];
    let filled = 0;
    for (const size of options.sizes) {
      filled += await timed(log, `${size} snippets filled`, () =>
        withoutIndexes(bench, () => fillLibrary(bench.admin, library, { vocabulary, random, snippets: size - filled })),
      );
      await bench.admin.query('vacuum (analyze)');
      measurements.push(...(await measureFirst(bench, library, vocabulary, { ...options, size, log })));
      await bench.admin.query('vacuum (analyze)');
      measurements.push(...(await measureAt(bench, library, vocabulary, { ...options, size })));
    }
    return measurements;
  } finally {
    await bench.close();
  }
}

/** What a run waits for that comes right after so many snippets, and what then is done in the background. */
async function measureFirst(
  { database }: BenchDatabase,
  library: Library,
  vocabulary: Vocabulary,
  { size, segments, log }: SearchBench & { size: number; log: (line: string) => void },
): Promise<Measurement[]> {
  const em = () => database.asTenant(library.tenantId);
  const [query = ''] = vocabulary.questions;
  const { projectId } = library;
  const began = performance.now();
  await timed(log, 'latent space made', () => readyForSearch(em(), library, {}));
  await timed(log, 'sources ranked', () => rankSources(em(), { projectId, query, limit: LIMIT }));
  await timed(log, 'snippets found', () => searchSnippets(em(), { projectId, query, limit: LIMIT, feedback: true }));
  const firstS = (performance.now() - began) / 1_000;
  const indexing = performance.now();
  await timed(log, 'segments made', () => ensureSegments(em(), library, { sizes: segments }));
  await timed(log, 'vectors set', () => keepLibraryIndex(em(), library, {}));
  const indexS = (performance.now() - indexing) / 1_000;
  return [
    {
      what: `the first question to ${size} snippets that came at once`,
      ours: `${firstS.toFixed(1)} s`,
      baseline: `${(firstS + indexS).toFixed(1)} s with their index`,
      ratio: firstS / (firstS + indexS),
      wanted: '',
      rounds: 1,
    },
  ];
}

async function measureAt(
  { database }: BenchDatabase,
  library: Library,
  vocabulary: Vocabulary,
  options: SearchBench & { size: number },
): Promise<Measurement[]> {
  const em = () => database.asTenant(library.tenantId);
  const asked = spread(vocabulary.questions, options.questions + WARM_UP);
  const times: number[] = [];
  const processor = await startProcessorTime(em());
  for (const query of asked) {
    const began = performance.now();
    await searchSnippets(em(), { projectId: library.projectId, query, limit: LIMIT, feedback: true });
    times.push(performance.now() - began);
  }
  const processorMs = processor() / asked.length;
  times.splice(0, WARM_UP);
  const rankTimes: number[] = [];
  const rankProcessor = await startProcessorTime(em());
  for (const query of asked) {
    const began = performance.now();
    await rankSources(em(), { projectId: library.projectId, query, limit: LIMIT });
    rankTimes.push(performance.now() - began);
  }
  const rankProcessorMs = rankProcessor() / asked.length;
  rankTimes.splice(0, WARM_UP);
  const overlaps: number[] = [];
  for (const query of asked.slice(0, Math.ceil(options.questions / 4)))
    overlaps.push(await overlap(em(), library, query));
  const documents = await indexDocuments(em, library, options.documents);
  const [p50, p95] = [median(times), quantile(times, 0.95)];
  const wordCount = median(asked.map((query) => questionTerms(query).size));
  const at = `${options.size} snippets`;
  const line = (what: string, ours: string, baseline: string, ratio: number, rounds: number, wanted = '') => ({
    what: `${what}, ${at}`,
    ours,
    baseline,
    ratio,
    wanted,
    rounds,
  });
  const ms = (value: number) => `${value.toFixed(1)} ms`;
  return [
    line(`a question of ${wordCount} terms, p50`, ms(p50), `${WANTED_MS} ms`, p50 / WANTED_MS, times.length),
    line('the same, p95', ms(p95), `${WANTED_MS} ms`, p95 / WANTED_MS, times.length, '≤ 1'),
    line(
      'its sources ranked, p50',
      ms(median(rankTimes)),
      `${WANTED_MS} ms`,
      median(rankTimes) / WANTED_MS,
      times.length,
    ),
    line(
      'the same, p95',
      ms(quantile(rankTimes, 0.95)),
      `${WANTED_MS} ms`,
      quantile(rankTimes, 0.95) / WANTED_MS,
      times.length,
    ),
    line('the same, processor time', ms(rankProcessorMs), `${WANTED_MS} ms`, rankProcessorMs / WANTED_MS, times.length),
    line('the question, processor time', ms(processorMs), `${WANTED_MS} ms`, processorMs / WANTED_MS, times.length),
    line(
      `of the best ${COMPARED}`,
      median(overlaps).toFixed(2),
      'all lists read to their end',
      mean(overlaps),
      overlaps.length,
    ),
    line('a document indexed, p50', ms(documents.index), '100 ms', documents.index / 100, options.documents),
    line('and set into the latent space', ms(documents.latent), '100 ms', documents.latent / 100, 1),
  ];
}

/** Which share of the best is the same as without a bound on what is read. */
async function overlap(em: BenchEm, { projectId }: Library, query: string): Promise<number> {
  const search = { query, limit: COMPARED, feedback: true };
  const all = { question: Number.POSITIVE_INFINITY, expansion: Number.POSITIVE_INFINITY };
  const [bounded, unbounded] = [await openSegments(em, projectId), await openSegments(em, projectId)];
  if (!bounded || !unbounded) return 1; // searched through its postings
  const expected = new Set((await searchSegments(em, unbounded, search, all)).map(({ id }) => id));
  const found = (await searchSegments(em, bounded, search)).filter(({ id }) => expected.has(id));
  return expected.size === 0 ? 1 : found.length / expected.size;
}

type BenchEm = ReturnType<BenchDatabase['database']['asTenant']>;

/** Real documents, one after another: the median of each in ms, and what setting them all into the space takes in ms. */
async function indexDocuments(em: () => BenchEm, library: Library, count: number) {
  const files = (await readdir(DOCUMENTS)).filter((name) => name.endsWith('.md')).sort();
  const times: number[] = [];
  for (let i = 0; i < count; i++) {
    const text = readFileSync(join(DOCUMENTS, files[i % files.length] ?? ''), 'utf8');
    const began = performance.now();
    await em().transactional((tx) =>
      indexOne(tx as BenchEm, library, `Document ${i}`, `${text}\n\nThis is copy ${newId()} of it.\n`),
    );
    times.push(performance.now() - began);
  }
  const began = performance.now();
  await ensureLatentSpace(em(), library);
  return { index: median(times), latent: performance.now() - began };
}

/** A second project of the tenant, and one of another. */
async function addOthers({ admin, actor }: BenchDatabase): Promise<Library[]> {
  const [tenantId, mine, theirs] = [newId(), newId(), newId()];
  await admin.query(`insert into tenants (id, name) values ($1, 'Another')`, [tenantId]);
  await admin.query(`insert into memberships (id, tenant_id, user_id, roles) values ($1, $2, $3, '{OWNER}')`, [
    newId(),
    tenantId,
    actor.userId,
  ]);
  const projects: Library[] = [
    { tenantId: actor.tenantId, projectId: mine },
    { tenantId, projectId: theirs },
  ];
  for (const project of projects) {
    await admin.query(`insert into projects (id, tenant_id, owner_id, name) values ($1, $2, $3, 'Another')`, [
      project.projectId,
      project.tenantId,
      actor.userId,
    ]);
  }
  return projects;
}

/** Millions of rows come faster when their indexes are made afterwards. */
async function withoutIndexes<T>({ admin }: BenchDatabase, fill: () => Promise<T>): Promise<T> {
  await admin.query('alter table postings drop constraint postings_pkey');
  await admin.query('drop index postings_source');
  const result = await fill();
  await admin.query('alter table postings add primary key (tenant_id, project_id, term, source_id)');
  await admin.query('create index postings_source on postings (source_id, tenant_id, project_id)');
  return result;
}

async function timed<T>(log: (line: string) => void, what: string, work: () => Promise<T>): Promise<T> {
  const began = performance.now();
  const result = await work();
  log(`${what} in ${((performance.now() - began) / 1000).toFixed(1)} s`);
  return result;
}

/** So many of them, from all over the list. */
const spread = (questions: readonly string[], count: number): string[] =>
  Array.from({ length: count }, (_, i) => questions[(i * 37) % questions.length] ?? '');

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
