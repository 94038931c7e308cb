/** Starts an ingestion run for an upload or for a text sent along. */

import { requireRole } from '../../identity/authorize.js';
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
import { type Document, readIngestInput } from './ingest-input.js';
import { INGESTION } from './ingestion-kind.js';
import type { GivenFacts } from './ingestion-run.entity.js';

type IngestContext = ActorContext & { services: { blobs: BlobStore } };

/**
 * Idempotent by clientRequestId. `input` is checked here: its ids are public ids. Errors: BAD_INPUT that names the field,
 * NOT_FOUND (project, upload), and those of startRun.
 */
export async function ingestPaper(ctx: IngestContext, input: unknown): Promise<Run> {
  requireRole(ctx.actor, 'RESEARCHER');
  const { projectId, clientRequestId, document, facts } = readIngestInput(input);
  await requireWritableProject(ctx, projectId);
  const content = await resolveDocument(ctx, projectId, document);
  return startRun(ctx, INGESTION, {
    projectId,
    clientRequestId,
    input: { ...content, facts },
    insertDetails: (em, runId) =>
      insertDetails(em, { runId, tenantId: ctx.actor.tenantId, projectId, ...content, facts }),
  });
}

type Content =
  | { uploadId: string; contentSha256: null; mediaType: null }
  | { uploadId: null; contentSha256: string; mediaType: string };

/** A text becomes a blob before any row names it; an upload must be one of this project. */
async function resolveDocument(ctx: IngestContext, projectId: string, document: Document): Promise<Content> {
  if ('text' in document) {
    const { sha256 } = await putContent(ctx.services.blobs, ctx.actor.tenantId, document.text);
    return { uploadId: null, contentSha256: sha256, mediaType: 'text/markdown' }; // plain text is Markdown without marks
  }
  const upload = await ctx.em.findOne(UploadEntity, { id: document.uploadId, projectId });
  if (!upload) throw notFound('Upload');
  if (upload.contentSha256 === null && upload.expiresAt <= ctx.clock()) {
    throw badInput('The upload ticket has expired. Call `prepareUpload` again and upload the file once more.', {
      field: 'uploadId',
    });
  }
  return { uploadId: upload.id, contentSha256: null, mediaType: null };
}

const insertDetails = async (
  em: Em,
  row: Content & { runId: string; tenantId: string; projectId: string; facts: GivenFacts },
): Promise<void> => {
  await runSql(
    em,
    `insert into ingestion_runs (run_id, tenant_id, project_id, upload_id, content_sha256, media_type, facts)
     values ($1, $2, $3, $4, $5, $6, $7)`,
    [row.runId, row.tenantId, row.projectId, row.uploadId, row.contentSha256, row.mediaType, JSON.stringify(row.facts)],
  );
};
