/**
 * Deletes blobs that no row names: what a crash left between blob and commit, and what deleted runs, artifacts and
 * projects have set free. Any number of workers may sweep at once.
 *
 * A blob is spared for `graceMs` after it was last stored, because its row may not have committed yet; storing it again
 * renews that, and the time is looked up once more just before the deletion. What remains is the moment between that look
 * and the deletion, for content that nobody named for `graceMs` and somebody stores again in that very moment.
 *
 * How it fails: before it deletes anything, when a table is not declared (blob-names.ts) or the database does not answer.
 */
import { type BlobKey, parseBlobKey } from '../platform/blobs/blob-key.js';
import type { BlobEntry, BlobStore } from '../platform/blobs/blob-store.js';
import type { Database } from '../platform/database/database.js';
import { type BlobNames, findNamed, requireEveryHashDeclared } from './blob-names.js';

const BATCH = 500; // keys a question to the database
const DEFAULT_GRACE_MS = 24 * 60 * 60 * 1000; // 1 day: far longer than a stage may take

export interface SweepBlobsInput {
  names: readonly BlobNames[];
  graceMs?: number;
  signal?: AbortSignal;
}

export interface SweptBlobs {
  examined: number;
  deleted: number;
  deletedBytes: number;
}

interface Candidate extends BlobEntry {
  parsed: Exclude<BlobKey, { shape: 'AUDIT_HEAD' }>; // a log's signed end needs no row that names it
}

export async function sweepBlobs(
  ctx: { database: Database; blobs: BlobStore; clock: () => Date },
  { names, graceMs = DEFAULT_GRACE_MS, signal }: SweepBlobsInput,
): Promise<SweptBlobs> {
  await requireEveryHashDeclared(ctx.database.asNobody(), names);
  const before = new Date(ctx.clock().getTime() - graceMs);
  const result: SweptBlobs = { examined: 0, deleted: 0, deletedBytes: 0 };
  for await (const batch of oldEntries(ctx.blobs, before, signal)) {
    for (const entry of await withoutNamed(ctx.database, names, batch)) {
      const now = await ctx.blobs.stat(entry.key, { signal });
      if (!now || now.modifiedAt >= before) continue;
      await ctx.blobs.delete(entry.key, { signal });
      result.deleted += 1;
      result.deletedBytes += entry.bytes;
    }
    result.examined += batch.length;
  }
  return result;
}

/** Batches of one tenant and one shape of key each. Drivers list folder by folder, so they come out nearly full. */
async function* oldEntries(blobs: BlobStore, before: Date, signal: AbortSignal | undefined) {
  let batch: Candidate[] = [];
  for await (const entry of blobs.list('', { signal })) {
    const parsed = parseBlobKey(entry.key);
    if (!parsed || parsed.shape === 'AUDIT_HEAD' || entry.modifiedAt >= before) continue;
    const [first] = batch;
    const belongs = !first || (first.parsed.tenantId === parsed.tenantId && first.parsed.shape === parsed.shape);
    if (!belongs || batch.length === BATCH) {
      yield batch;
      batch = [];
    }
    batch.push({ ...entry, parsed });
  }
  if (batch.length > 0) yield batch;
}

/** A tenant that is gone names nothing: row security shows no row for it. */
async function withoutNamed(database: Database, names: readonly BlobNames[], batch: readonly Candidate[]) {
  const [first] = batch;
  if (!first) return [];
  const em = database.asTenant(first.parsed.tenantId);
  const named = await findNamed(em, names, first.parsed.shape, batch.map(nameOf));
  return batch.filter((entry) => !named.has(nameOf(entry)));
}

const nameOf = ({ parsed }: Candidate): string => (parsed.shape === 'CONTENT' ? parsed.sha256 : parsed.uploadId);
