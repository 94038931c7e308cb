/**
 * What was read from a snapshot, for all snapshots of an answer in one statement. Structure and lines are asked for
 * apart: each can be megabytes, and few need both. A snapshot that is none of a paper's has neither.
 */
import type { Em } from '../platform/database/database.js';
import { runSql } from '../platform/database/sql.js';
import { type LoaderRegistry, loadById } from '../platform/graphql/loader-registry.js';
import { indexAuthors, type PrintedAuthors } from './listed-author.js';
import { type PackedLine, unpackLines } from './packed-lines.js';
import { type Paper, PaperEntity } from './paper.entity.js';
import type { PaperAuthor, StructuredPaper, TextLine } from './structured-paper.js';

interface LoaderScope {
  em: Em;
  loaders: LoaderRegistry;
}

/** Null when no paper was read from it. */
export const loadStructure = (ctx: LoaderScope, snapshotId: string): Promise<StructuredPaper | null> =>
  ctx.loaders
    .get<StructuredPaper | null>('structure of snapshot', async (ids) => {
      const found = await readColumn<StructuredPaper>(ctx.em, 'structure', ids);
      return ids.map((id) => found.get(id) ?? null);
    })
    .load(snapshotId);

/** Of the structure, the authors alone: lists of papers show them, and the rest of it is large. */
export const loadPrintedAuthors = (ctx: LoaderScope, snapshotId: string): Promise<PrintedAuthors> =>
  ctx.loaders
    .get<PrintedAuthors>('authors of snapshot', async (ids) => {
      const found = await readColumn<PaperAuthor[]>(ctx.em, `structure -> 'authors'`, ids);
      return ids.map((id) => indexAuthors(found.get(id) ?? []));
    })
    .load(snapshotId);

/** Ascending by offset; empty when the snapshot has no pages. */
export const loadLines = (ctx: LoaderScope, snapshotId: string): Promise<TextLine[]> =>
  ctx.loaders
    .get<TextLine[]>('lines of snapshot', async (ids) => {
      const found = await readColumn<PackedLine[]>(ctx.em, 'lines', ids);
      return ids.map((id) => unpackLines(found.get(id) ?? []));
    })
    .load(snapshotId);

/** The paper that was read from a snapshot; null when none was. */
export async function loadPaperOfSnapshot(ctx: LoaderScope, snapshotId: string): Promise<Paper | null> {
  const paperId = await ctx.loaders
    .get<string | null>('paper of snapshot', async (ids) => {
      const found = await readColumn<string>(ctx.em, 'paper_id', ids);
      return ids.map((id) => found.get(id) ?? null);
    })
    .load(snapshotId);
  return paperId === null ? null : loadById(ctx, PaperEntity, paperId);
}

/** Index: the primary key. */
async function readColumn<T>(
  em: Em,
  column: 'structure' | `structure -> 'authors'` | 'lines' | 'paper_id',
  snapshotIds: readonly string[],
): Promise<Map<string, T>> {
  const rows = await runSql<{ snapshot_id: string; value: T }>(
    em,
    `select snapshot_id, ${column} as value from paper_structures where snapshot_id = any ($1)`,
    [[...snapshotIds]],
  );
  return new Map(rows.map((row) => [row.snapshot_id, row.value]));
}
