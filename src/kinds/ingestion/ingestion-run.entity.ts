/** What an ingestion run was given and the paper it is about. One row beside each run of the kind. */
import { defineEntity, type InferEntity, p } from '@mikro-orm/postgresql';
import type { SourceNotice } from '../../evidence/source.entity.js';
import type { PaperEngineName } from '../../papers/paper-engine-name.js';

/** What the caller says of the document; it goes before whatever the document says of itself. */
export interface GivenFacts {
  title: string | null;
  authors: string[];
  year: number | null;
  doi: string | null; // normalised
  arxivId: string | null;
  url: string | null;
}

/** What the service says that a document was fetched from. */
export interface FetchedFacts extends GivenFacts {
  fileName: string;
  mediaType: string;
  /** Absent in what was fetched before they were kept. */
  standing?: { retracted: boolean; notices: SourceNotice[] };
}

export const IngestionRunEntity = defineEntity({
  name: 'IngestionRunDetails',
  tableName: 'ingestion_runs',
  properties: {
    runId: p.uuid().primary(),
    tenantId: p.uuid(),
    projectId: p.uuid(),
    uploadId: p.uuid().nullable(), // exactly one of uploadId, arxivId and doi, or none of them for a text
    arxivId: p.text().nullable(), // where it is fetched
    doi: p.text().nullable(), // likewise, normalised
    contentSha256: p.text().nullable(), // of a text sent with the request, or of what was fetched: a blob
    mediaType: p.text().nullable(), // of that
    facts: p.json<GivenFacts>(),
    fetched: p.json<FetchedFacts>().nullable(), // null for what is not fetched, and until it is
    engine: p.text().$type<PaperEngineName>().nullable(), // null: the standard one of the worker
    paperId: p.uuid().nullable(), // null until the content's hash is known
  },
});

export type IngestionRunDetails = InferEntity<typeof IngestionRunEntity>;
