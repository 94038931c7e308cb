/** A snapshot's text with its structure, as it was captured. */
import type { Em } from '../platform/database/database.js';
import { notFound } from '../platform/errors.js';
import type { DocumentText } from './document-text.js';
import { SnapshotEntity } from './snapshot.entity.js';

/** Errors: NOT_FOUND. `snapshotId` is a uuid. */
export async function loadDocument(em: Em, snapshotId: string): Promise<DocumentText> {
  const snapshot = await em.findOne(
    SnapshotEntity,
    { id: snapshotId },
    { populate: ['text', 'pages', 'headings', 'excluded'] },
  );
  if (!snapshot) throw notFound('Snapshot');
  const { text, pages, headings, excluded } = snapshot;
  return { text, pages, headings, excluded };
}
