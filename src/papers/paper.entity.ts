/** A work in a project's library. The same bytes in a project are the same paper, however often they come. */
import { defineEntity, type InferEntity, p } from '@mikro-orm/postgresql';

export const PaperStatus = { PENDING: 'PENDING', READY: 'READY', FAILED: 'FAILED' } as const;
export type PaperStatus = keyof typeof PaperStatus;

export const PaperEntity = defineEntity({
  name: 'Paper',
  tableName: 'papers',
  properties: {
    id: p.uuid().primary(),
    tenantId: p.uuid(),
    projectId: p.uuid(),
    status: p.text().$type<PaperStatus>(),
    title: p.text().nullable(),
    authors: p.array<string>().columnType('text[]'),
    year: p.integer().nullable(),
    doi: p.text().nullable(),
    arxivId: p.text().nullable(),
    pageCount: p.integer().nullable(), // null when the format has no pages
    mediaType: p.text(),
    contentSha256: p.text(), // of the bytes that came
    sourceId: p.uuid().nullable(), // null until READY
    snapshotId: p.uuid().nullable(), // what it was read from: its structure stands beside that; null until READY
    createdAt: p.datetime(),
  },
});

export type Paper = InferEntity<typeof PaperEntity>;
