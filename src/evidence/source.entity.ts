/** A document a project may quote, with what its own front matter or its uploader says about it. */
import { defineEntity, type InferEntity, p } from '@mikro-orm/postgresql';

export const SOURCE_CONNECTORS = ['UPLOAD', 'TEXT', 'ARXIV', 'DOI'] as const;
export type SourceConnector = (typeof SOURCE_CONNECTORS)[number];

export const SourceEntity = defineEntity({
  name: 'Source',
  tableName: 'sources',
  properties: {
    id: p.uuid().primary(),
    tenantId: p.uuid(),
    projectId: p.uuid(),
    snapshotId: p.uuid(),
    title: p.text(),
    authors: p.array<string>().columnType('text[]'),
    year: p.integer().nullable(),
    venue: p.text().nullable(),
    doi: p.text().nullable(),
    arxivId: p.text().nullable(),
    url: p.text().nullable(),
    connector: p.text().$type<SourceConnector>(),
    retrievedAt: p.datetime(),
    createdAt: p.datetime().onCreate(() => new Date()),
  },
});

export type Source = InferEntity<typeof SourceEntity>;
