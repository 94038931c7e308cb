/**
 * Makes a document findable: one source, its snippets and its postings, in the caller's transaction. Idempotent: a
 * snapshot is indexed once in a project, and indexing it again returns the source that stands.
 */
import type { Em } from '../platform/database/database.js';
import { loadSql, runSql } from '../platform/database/sql.js';
import { AppError } from '../platform/errors.js';
import { newId } from '../platform/ids.js';
import type { DocumentText } from './document-text.js';
import { type InvertedSource, invert } from './postings.js';
import { type CutSnippet, cutSnippets } from './snippets.js';
import { type Source, type SourceConnector, SourceEntity } from './source.entity.js';
import { TOKENIZER } from './tokenize.js';

/** What is known about a source besides its text. */
export interface SourceFacts {
  title: string;
  authors?: readonly string[];
  year?: number | null;
  venue?: string | null;
  doi?: string | null;
  arxivId?: string | null;
  url?: string | null;
  connector: SourceConnector;
  retrievedAt: Date;
}

export interface IndexInput {
  tenantId: string;
  projectId: string;
  snapshotId: string;
  document: DocumentText; // of that snapshot
  facts: SourceFacts;
}

export interface IndexedSource {
  source: Source;
  snippetCount: number;
  created: boolean; // false: the snapshot had been indexed before
}

const MAX_TITLE_CHARS = 500; // as the table allows
const INSERT_SNIPPETS = loadSql(import.meta.url, './insert-snippets.sql');
const INSERT_POSTINGS = loadSql(import.meta.url, './insert-postings.sql');
const INSERT_SOURCE = `
  insert into sources (id, tenant_id, project_id, snapshot_id, title, authors, year, venue, doi, arxiv_id, url, connector,
    retrieved_at, title_length, snippet_count, body_length, tokenizer)
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
  on conflict (tenant_id, project_id, snapshot_id) do nothing
  returning id`;

/** Errors: UNREADABLE_DOCUMENT when the text holds not one sentence of prose. */
export async function indexSource(em: Em, input: IndexInput): Promise<IndexedSource> {
  const snippets = requireSnippets(input.document);
  const index = invert(input.facts.title, snippets);
  return em.transactional(async (tx) => {
    const id = newId();
    const created = await insertSource(tx as Em, id, input, index);
    if (created) {
      await insertSnippets(tx as Em, id, input, snippets);
      await insertPostings(tx as Em, id, input, index);
    }
    const source = await tx.findOneOrFail(SourceEntity, { projectId: input.projectId, snapshotId: input.snapshotId });
    return { source, snippetCount: snippets.length, created };
  });
}

/** The document's snippets. Errors: UNREADABLE_DOCUMENT when the text holds not one sentence of prose. */
export function requireSnippets(document: DocumentText): CutSnippet[] {
  const snippets = cutSnippets(document);
  if (snippets.length > 0) return snippets;
  throw new AppError('UNREADABLE_DOCUMENT', 'The document holds no sentence that could be quoted.', {
    hint: 'Scanned pages need text recognition (OCR) first; tables and lists alone are no evidence. Upload a version with running text.',
  });
}

async function insertSource(em: Em, id: string, input: IndexInput, index: InvertedSource): Promise<boolean> {
  const { facts } = input;
  const rows = await runSql(em, INSERT_SOURCE, [
    id,
    input.tenantId,
    input.projectId,
    input.snapshotId,
    facts.title.slice(0, MAX_TITLE_CHARS),
    facts.authors ?? [],
    facts.year ?? null,
    facts.venue ?? null,
    facts.doi ?? null,
    facts.arxivId ?? null,
    facts.url ?? null,
    facts.connector,
    facts.retrievedAt,
    index.titleLength,
    index.snippetCount,
    index.bodyLength,
    TOKENIZER,
  ]);
  return rows.length > 0;
}

async function insertSnippets(
  em: Em,
  sourceId: string,
  input: IndexInput,
  snippets: readonly CutSnippet[],
): Promise<void> {
  await runSql(em, INSERT_SNIPPETS, [
    input.tenantId,
    input.projectId,
    sourceId,
    input.snapshotId,
    snippets.map(() => newId()),
    snippets.map((snippet) => snippet.ordinal),
    snippets.map((snippet) => snippet.text),
    snippets.map((snippet) => snippet.startOffset),
    snippets.map((snippet) => snippet.endOffset),
    snippets.map((snippet) => snippet.page ?? null),
    snippets.map((snippet) => snippet.heading ?? null),
  ]);
}

async function insertPostings(em: Em, sourceId: string, input: IndexInput, index: InvertedSource): Promise<void> {
  await runSql(em, INSERT_POSTINGS, [
    input.tenantId,
    input.projectId,
    sourceId,
    index.titleLength,
    index.bodyLength,
    index.postings.map((posting) => posting.term),
    index.postings.map((posting) => posting.titleTf),
    index.postings.map((posting) => posting.bodyTf),
    index.postings.map((posting) => `{${posting.ordinals.join(',')}}`),
    index.postings.map((posting) => `{${posting.tfs.join(',')}}`),
    index.postings.map((posting) => `{${posting.lengths.join(',')}}`),
  ]);
}
