/**
 * `npm run -s bench:retrieval -- DIR [--run FILE.tsv]`: nDCG@10, MAP and recall@100 of the product's search on a test
 * collection in BEIR's layout, beside plain BM25 on the same files. `--run` writes the product's ranking as trec_eval reads
 * it: query-id 0 doc-id rank score tag.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { ENTITIES } from '../../src/entities.js';
import { openDatabase } from '../../src/platform/database/database.js';
import { migrate } from '../../src/platform/database/migrate.js';
import { bootstrapDatabase } from '../../src/platform/database/roles.js';
import { startEmbeddedPostgres } from '../../src/platform/embedded-postgres/start-embedded-postgres.js';
import { type Collection, readCollection } from './beir-collection.js';
import {
  emptyLibrary,
  measureRetrieval,
  type RankedQuery,
  type RankingMethod,
  type RetrievalFigures,
  scoreRankings,
} from './measure-retrieval.js';
import { rankByBm25 } from './rank-by-bm25.js';

const METHODS: Record<string, RankingMethod> = {
  'fields (BM25F)': { feedback: false, latent: false },
  '+ feedback (RM3)': { feedback: true, latent: false },
  'the same as in a large library': { feedback: true, latent: true, large: true },
  '+ latent space (LSA): the product': { feedback: true, latent: true },
};
const TAG = 'paperwright';

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({ options: { run: { type: 'string' } }, allowPositionals: true });
  const from = process.env.INIT_CWD ?? '.';
  const folder = positionals[0] && resolve(from, positionals[0]);
  const collection = folder && readCollection(folder);
  if (!collection) {
    console.error('Name a folder with corpus.jsonl, queries.jsonl and qrels.tsv (or qrels/test.tsv).');
    return 1;
  }
  console.log(
    `${collection.name}: ${collection.documents.length} documents, ${collection.queries.length} judged queries\n`,
  );
  console.log(
    '| ranking | nDCG@10 | ÷ BM25 | MAP | ÷ BM25 | recall@100 | ms a query |\n| --- | --- | --- | --- | --- | --- | --- |',
  );
  const baseline = scoreRankings(collection, rankByBm25(collection));
  print('plain BM25', baseline, baseline, null);
  const product = await measureAll(collection, baseline);
  if (values.run) await writeFile(resolve(from, values.run), product.flatMap(runLines).join(''));
  return 0;
}

type Scores = Pick<RetrievalFigures, 'ndcg10' | 'map' | 'recall100'>;

/** Answers the rankings of the last method: the product's. */
async function measureAll(collection: Collection, baseline: Scores): Promise<RankedQuery[]> {
  const dataDir = await mkdtemp(join(tmpdir(), 'paperwright-bench-'));
  const postgres = await startEmbeddedPostgres({ dataDir });
  try {
    const urls = await bootstrapDatabase(postgres.adminUrl, 'bench');
    await migrate(urls);
    const adminUrl = new URL(postgres.adminUrl);
    adminUrl.pathname = '/bench';
    const admin = new pg.Client({ connectionString: adminUrl.toString() });
    await admin.connect();
    const database = await openDatabase({ url: urls.app, entities: ENTITIES, poolSize: 4 });
    let rankings: RankedQuery[] = [];
    for (const [label, method] of Object.entries(METHODS)) {
      const figures = await measureRetrieval(database, await emptyLibrary(admin), collection, method);
      print(label, figures, baseline, figures.msPerQuery);
      rankings = figures.rankings;
    }
    await database.close();
    await admin.end();
    return rankings;
  } finally {
    await postgres.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
}

function print(label: string, { ndcg10, map, recall100 }: Scores, baseline: Scores, msPerQuery: number | null): void {
  const cells = [
    ndcg10.toFixed(4),
    (ndcg10 / baseline.ndcg10).toFixed(3),
    map.toFixed(4),
    (map / baseline.map).toFixed(3),
    recall100.toFixed(4),
    msPerQuery === null ? 'in memory' : msPerQuery.toFixed(1),
  ];
  console.log(`| ${label} | ${cells.join(' | ')} |`);
}

const runLines = ({ id, documents }: RankedQuery): string[] =>
  documents.map((document, index) => `${id}\t0\t${document.id}\t${index + 1}\t${document.score.toFixed(6)}\t${TAG}\n`);

process.exit(await main());
