/**
 * Makes a document's text a snapshot: immutable, named by the sha256 of its UTF-8 bytes. Capturing the same text of the
 * same original by the same extractor again finds the first snapshot.
 */
import { createHash } from 'node:crypto';
import type { Em } from '../platform/database/database.js';
import { loadSql, runSql } from '../platform/database/sql.js';
import { AppError } from '../platform/errors.js';
import { newId } from '../platform/ids.js';
import type { DocumentText } from './document-text.js';

export interface SnapshotInput {
  tenantId: string;
  projectId: string;
  document: DocumentText;
  originalSha256: string | null; // hex; null when the text is the original, byte for byte
  extractor: string; // name@version
  mediaType: string; // of the original
  capturedAt: Date;
}

const INSERT = loadSql(import.meta.url, './insert-snapshot.sql');

/** Returns the snapshot's id. Joins the caller's transaction. */
export async function captureSnapshot(em: Em, input: SnapshotInput): Promise<string> {
  const bytes = Buffer.from(input.document.text);
  const params = [
    newId(),
    input.tenantId,
    input.projectId,
    createHash('sha256').update(bytes).digest('hex'),
    input.originalSha256,
    input.extractor,
    input.mediaType,
    bytes.length,
    input.document.text,
    JSON.stringify(input.document.pages),
    JSON.stringify(input.document.headings),
    JSON.stringify(input.document.excluded),
    input.capturedAt,
  ];
  const [row] = await runSql<{ id: string }>(em, INSERT, params);
  if (row) return row.id;
  const [winner] = await runSql<{ id: string }>(em, INSERT, params); // a concurrent capture stored it first
  if (!winner) throw new AppError('INTERNAL', 'The snapshot could be neither found nor stored.', { retryable: true });
  return winner.id;
}
