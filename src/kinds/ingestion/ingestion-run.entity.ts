/** What an ingestion run was given and the paper it is about. One row beside each run of the kind. */
import { defineEntity, type InferEntity, p } from '@mikro-orm/postgresql';

/** What the caller says of the document; it goes before whatever the document says of itself. */
export interface GivenFacts {
  title: string | null;
  authors: string[];
  year: number | null;
  doi: string | null;
  url: string | null;
}

export const IngestionRunEntity = defineEntity({
  name: 'IngestionRunDetails',
  tableName: 'ingestion_runs',
  properties: {
    runId: p.uuid().primary(),
    tenantId: p.uuid(),
    projectId: p.uuid(),
    uploadId: p.uuid().nullable(), // exactly one of uploadId and contentSha256
    contentSha256: p.text().nullable(), // of a text sent with the request: a blob
    mediaType: p.text().nullable(), // of that text
    facts: p.json<GivenFacts>(),
    paperId: p.uuid().nullable(), // null until the content's hash is known
  },
});

export type IngestionRunDetails = InferEntity<typeof IngestionRunEntity>;
