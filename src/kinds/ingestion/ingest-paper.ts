/** Starts an ingestion run for an upload, for a text sent along, or for a paper named by its arXiv id or DOI. */

import { requireRole } from '../../identity/authorize.js';
import type { PaperEngineName } from '../../papers/paper-engine-name.js';
import { UploadEntity } from '../../papers/upload.entity.js';
import type { BlobStore } from '../../platform/blobs/blob-store.js';
import { putContent } from '../../platform/blobs/blob-store.js';
import type { Em } from '../../platform/database/database.js';
import { runSql } from '../../platform/database/sql.js';
import { badInput, notFound } from '../../platform/errors.js';
import type { ActorContext } from '../../platform/graphql/api-context.js';
import { requireWritableProject } from '../../projects/load-project.js';
import type { Run } from '../../runs/run.entity.js';
import { startRun } from '../../runs/start-run.js';
import { countIngest } from './count-ingest.js';
import { type Document, readIngestInput } from './ingest-input.js';
import { INGESTION } from './ingestion-kind.js';
import type { GivenFacts } from './ingestion-run.entity.js';

declare module '../../platform/graphql/api-context.js' {
  interface Services {
    ingestion: {
      perHour: number; // papers that one person may begin to take in
      engines: readonly PaperEngineName[]; // what this installation can read papers with
    };
  }
}

type IngestContext = ActorContext & { services: { blobs: BlobStore } };

/**
 * Idempotent by clientRequestId. `input` is checked here: its ids are public ids. Errors: BAD_INPUT that names the field,
 * NOT_FOUND (project, upload), RATE_LIMITED, and those of startRun.
 */
export async function ingestPaper(ctx: IngestContext, input: unknown): Promise<Run> {
  requireRole(ctx.actor, 'RESEARCHER');
  const { projectId, clientRequestId, document, facts, engine } = readIngestInput(input);
  requireEngine(ctx.services.ingestion.engines, engine);
  await requireWritableProject(ctx, projectId);
  const content = await resolveDocument(ctx, projectId, document);
  return startRun(ctx, INGESTION, {
    projectId,
    clientRequestId,
    input: { ...content, facts, engine },
    insertDetails: async (em, runId) => {
      await countIngest(em, ctx.actor, ctx.services.ingestion.perHour);
      await insertDetails(em, { runId, tenantId: ctx.actor.tenantId, projectId, ...content, facts, engine });
    },
  });
}

function requireEngine(engines: readonly PaperEngineName[], engine: PaperEngineName | null): void {
  if (engine === null || engines.includes(engine)) return;
  throw badInput(`\`engine\`: this installation does not read papers with ${engine}.`, { field: 'engine', engines });
}

interface Content {
  uploadId: string | null;
  arxivId: string | null;
  doi: string | null;
  contentSha256: string | null;
  mediaType: string | null;
}

const NOTHING: Content = { uploadId: null, arxivId: null, doi: null, contentSha256: null, mediaType: null };

/** A text becomes a blob before any row names it; an upload must be one of this project. */
async function resolveDocument(ctx: IngestContext, projectId: string, document: Document): Promise<Content> {
  if ('arxivId' in document || 'doi' in document) return { ...NOTHING, ...document };
  if ('text' in document) {
    const { sha256 } = await putContent(ctx.services.blobs, ctx.actor.tenantId, document.text);
    return { ...NOTHING, contentSha256: sha256, mediaType: 'text/markdown' }; // plain text is Markdown without marks
  }
  const upload = await ctx.em.findOne(UploadEntity, { id: document.uploadId, projectId });
  if (!upload) throw notFound('Upload');
  if (upload.contentSha256 === null && upload.expiresAt <= ctx.clock()) {
    throw badInput('The upload ticket has expired. Call `prepareUpload` again and upload the file once more.', {
      field: 'uploadId',
    });
  }
  return { ...NOTHING, uploadId: upload.id };
}

const insertDetails = async (
  em: Em,
  row: Content & {
    runId: string;
    tenantId: string;
    projectId: string;
    facts: GivenFacts;
    engine: PaperEngineName | null;
  },
): Promise<void> => {
  await runSql(
    em,
    `insert into ingestion_runs (run_id, tenant_id, project_id, upload_id, arxiv_id, doi, content_sha256, media_type, facts, engine)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
    [
      row.runId,
      row.tenantId,
      row.projectId,
      row.uploadId,
      row.arxivId,
      row.doi,
      row.contentSha256,
      row.mediaType,
      JSON.stringify(row.facts),
      row.engine,
    ],
  );
};
