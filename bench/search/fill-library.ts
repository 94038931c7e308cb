/**
 * Fills a project with synthetic sources, under the product's own tables: the rows are those that src/evidence/index-source.ts
 * would write, but come by COPY, as the administrator and without foreign keys checked, which is thirty times as fast.
 */
import { createHash } from 'node:crypto';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type pg from 'pg';
import { invertTerms } from '../../src/evidence/postings.js';
import { TOKENIZER } from '../../src/evidence/tokenize.js';
import { newId } from '../../src/platform/ids.js';
import type { Library } from '../retrieval/measure-retrieval.js';
import { type DrawnSource, drawSource } from './draw-source.js';
import type { Vocabulary } from './real-text.js';

const SOURCES_AT_ONCE = 100; // some 90,000 postings, 15 MB

const COLUMNS = {
  snapshots:
    'id, tenant_id, project_id, sha256, extractor, media_type, bytes, text, pages, headings, excluded, captured_at',
  sources:
    'id, tenant_id, project_id, snapshot_id, title, connector, retrieved_at, title_length, snippet_count, body_length, tokenizer',
  snippets: 'id, tenant_id, project_id, source_id, snapshot_id, ordinal, text, start_offset, end_offset',
  postings:
    'tenant_id, project_id, source_id, term, title_tf, title_length, body_tf, body_length, ordinals, tfs, lengths',
};
type Table = keyof typeof COLUMNS;
type Rows = Record<Table, string[]>;

/** Adds whole sources until at least so many snippets are there. Answers how many were added. */
export async function fillLibrary(
  admin: pg.Pool,
  library: Library,
  { vocabulary, random, snippets }: { vocabulary: Vocabulary; random: () => number; snippets: number },
): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'paperwright-fill-'));
  await chmod(folder, 0o755); // the server reads it under an account of its own
  const client = await admin.connect();
  try {
    await client.query('set session_replication_role = replica');
    let added = 0;
    while (added < snippets) {
      const rows: Rows = { snapshots: [], sources: [], snippets: [], postings: [] };
      for (let i = 0; i < SOURCES_AT_ONCE && added < snippets; i++) {
        added += addRows(rows, library, drawSource(vocabulary, random));
      }
      for (const table of Object.keys(COLUMNS) as Table[]) await copy(client, folder, table, rows[table]);
    }
    return added;
  } finally {
    await client.query('reset session_replication_role');
    client.release();
    await rm(folder, { recursive: true, force: true });
  }
}

async function copy(client: pg.PoolClient, folder: string, table: Table, rows: readonly string[]): Promise<void> {
  const file = join(folder, table);
  await writeFile(file, rows.join(''));
  await client.query(`copy ${table} (${COLUMNS[table]}) from '${file}'`);
}

function addRows(rows: Rows, { tenantId, projectId }: Library, source: DrawnSource): number {
  const [id, snapshotId, at] = [newId(), newId(), new Date().toISOString()];
  const index = invertTerms(
    source.titleTerms,
    source.snippets.map(({ terms }) => terms),
  );
  const owner = [tenantId, projectId];
  // no search reads a snapshot: its own text is the title
  const sha256 = createHash('sha256').update(`${id} ${source.title}`).digest('hex');
  const text = `${id} ${source.title}`;
  const bytes = Buffer.byteLength(text);
  rows.snapshots.push(line(snapshotId, ...owner, sha256, 'text@1', 'text/plain', bytes, text, '[]', '[]', '[]', at));
  const { titleLength, snippetCount, bodyLength } = index;
  rows.sources.push(
    line(id, ...owner, snapshotId, source.title, 'TEXT', at, titleLength, snippetCount, bodyLength, TOKENIZER),
  );
  source.snippets.forEach((snippet, ordinal) => {
    const end = Buffer.byteLength(snippet.text);
    rows.snippets.push(line(newId(), ...owner, id, snapshotId, ordinal, snippet.text, 0, end));
  });
  for (const { term, titleTf, bodyTf, ordinals, tfs, lengths } of index.postings) {
    const lists = [ordinals, tfs, lengths].map((list) => `{${list.join(',')}}`);
    rows.postings.push(line(...owner, id, term, titleTf, titleLength, bodyTf, bodyLength, ...lists));
  }
  return source.snippets.length;
}

/** As COPY reads it; nothing here holds a backslash, a tab or a line end. */
const line = (...cells: readonly (string | number)[]): string => `${cells.join('\t')}\n`;
