/** Immutable text of a source. `sha256` is of the UTF-8 text; a better extractor makes a new row, never a changed one. */
import { defineEntity, type InferEntity, p } from '@mikro-orm/postgresql';
import type { ExcludedSpan, HeadingSpan, PageSpan } from './document-text.js';

export const SnapshotEntity = defineEntity({
  name: 'Snapshot',
  tableName: 'snapshots',
  properties: {
    id: p.uuid().primary(),
    tenantId: p.uuid(),
    projectId: p.uuid(),
    sha256: p.text(),
    originalSha256: p.text().nullable(), // null: the text is the original, byte for byte
    extractor: p.text(), // name@version
    mediaType: p.text(), // of the original
    bytes: p.integer(), // of the text
    text: p.text().lazy(), // up to megabytes: only those who quote load it
    pages: p.json<PageSpan[]>().lazy(),
    headings: p.json<HeadingSpan[]>().lazy(),
    excluded: p.json<ExcludedSpan[]>().lazy(),
    capturedAt: p.datetime().onCreate(() => new Date()),
  },
});

export type Snapshot = InferEntity<typeof SnapshotEntity>;
