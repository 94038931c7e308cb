/** A document a project may quote, with what its own front matter or its uploader says about it. */
import { defineEntity, type InferEntity, p } from '@mikro-orm/postgresql';

export const SOURCE_CONNECTORS = [
  'UPLOAD',
  'TEXT',
  'ARXIV',
  'DOI',
  'OPENALEX',
  'CROSSREF',
  'SEMANTIC_SCHOLAR',
  'URL',
] as const;
export type SourceConnector = (typeof SOURCE_CONNECTORS)[number];

/** What a service says against the work. */
export interface SourceNotice {
  type: string; // retraction, correction, expression_of_concern …
  doi: string | null; // of the notice, normalised
  date: string | null; // YYYY-MM-DD, or as much of it as is known
  source: string | null; // who says so
}

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
    retracted: p.boolean().default(false),
    notices: p.json<SourceNotice[]>().default([]),
    createdAt: p.datetime().onCreate(() => new Date()),
  },
});

export type Source = InferEntity<typeof SourceEntity>;
