/**
 * fetch: takes the bytes in. What was uploaded is read within its announced size, what was named by its arXiv id or DOI is
 * fetched; both are hashed and stored as content under their hash. From the hash the paper is known, so the same bytes in a
 * project are the same paper.
 */
import { type IngestionRunDetails, IngestionRunEntity } from '../../../src/kinds/ingestion/ingestion-run.entity.js';
import type { Upload } from '../../../src/papers/upload.entity.js';
import { UploadEntity } from '../../../src/papers/upload.entity.js';
import { contentKey, uploadKey } from '../../../src/platform/blobs/blob-key.js';
import { putContent } from '../../../src/platform/blobs/blob-store.js';
import { runSql } from '../../../src/platform/database/sql.js';
import { AppError, isAppError } from '../../../src/platform/errors.js';
import { storableText } from '../../../src/runs/storable-text.js';
import type { Stage, StageContext } from '../../engine/stage.js';
import { standingOf, type WorkNotice } from '../../tools/connectors/work-facts.js';
import { upsertPaper } from '../../tools/papers/paper-rows.js';
import type { FetchOutput } from './outputs.js';

interface Content {
  sha256: string;
  mediaType: string;
  fileName: string | null;
}

export const fetchDocument: Stage = async (ctx) => {
  const details = await ctx.em.findOneOrFail(IngestionRunEntity, { runId: ctx.run.id });
  const upload = details.uploadId ? await ctx.em.findOneOrFail(UploadEntity, { id: details.uploadId }) : null;
  const content: Content = upload
    ? { sha256: await takeUp(ctx, upload), mediaType: upload.mediaType, fileName: upload.fileName }
    : await namedContent(ctx, details);
  const stat = await ctx.services.blobs.stat(contentKey(ctx.tenantId, content.sha256), { signal: ctx.signal });
  const paper = await ctx.write(async (em) => {
    if (upload) await runSql(em, 'update uploads set content_sha256 = $2 where id = $1', [upload.id, content.sha256]);
    const row = await upsertPaper(em, { tenantId: ctx.tenantId, projectId: ctx.run.projectId }, content);
    await runSql(em, 'update ingestion_runs set paper_id = $2 where run_id = $1', [ctx.run.id, row.id]);
    return row;
  });
  ctx.emit({
    type: 'LOG_LINE',
    message: `Took in ${stat?.bytes ?? 0} bytes${paper.isNew ? '' : ': this project has the same content already'}.`,
    payload: { bytes: stat?.bytes ?? 0, sha256: content.sha256, known: !paper.isNew },
  });
  const { sha256: contentSha256, mediaType, fileName } = content;
  const output: FetchOutput = { paperId: paper.id, contentSha256, mediaType, fileName };
  return { output };
};

/** A text was stored when the run was started; what is named by an id is fetched once. */
async function namedContent(ctx: StageContext, details: IngestionRunDetails): Promise<Content> {
  const { arxivId, doi, contentSha256 } = details;
  if (contentSha256) {
    const { mediaType, fetched } = details;
    return { sha256: contentSha256, mediaType: mediaType ?? 'text/plain', fileName: fetched?.fileName ?? null };
  }
  const address = arxivId ? { arxivId } : { doi: doi ?? '' };
  const { bytes, mediaType, fileName, facts } = await ctx.services.papers.fetcher.fetch(address, ctx);
  await ctx.debugPoint('before-blob');
  const { sha256 } = await putContent(ctx.services.blobs, ctx.tenantId, bytes, { signal: ctx.signal });
  await ctx.debugPoint('after-blob');
  const { title, authors, year, url } = facts;
  const fetched = {
    title,
    authors,
    year,
    doi: facts.doi,
    arxivId: facts.arxivId,
    url,
    fileName,
    mediaType,
    standing: standingOf(facts),
  };
  await ctx.write(async (em) => {
    await runSql(em, `update ingestion_runs set content_sha256 = $2, media_type = $3, fetched = $4 where run_id = $1`, [
      ctx.run.id,
      sha256,
      mediaType,
      JSON.stringify(storableText(fetched)),
    ]);
  });
  tellNotices(ctx, facts.notices);
  return { sha256, mediaType, fileName };
}

/** Corrections and retractions of the work itself, as the service knows them. */
function tellNotices(ctx: StageContext, notices: readonly WorkNotice[]): void {
  for (const { type, direction, doi, date } of notices) {
    if (direction !== 'RECEIVED') continue;
    const message = `This work has received a notice: ${type.replaceAll('_', ' ')}${date ? ` of ${date}` : ''}${doi ? `, ${doi}` : ''}.`;
    ctx.emit({ type: 'LOG_LINE', level: 'WARN', message, payload: { notice: type, doi, date } });
  }
}

/** Returns the sha256 of the uploaded bytes, stored as content. An upload that was taken up before is not read again. */
async function takeUp(ctx: StageContext, upload: Upload): Promise<string> {
  if (upload.contentSha256) return upload.contentSha256;
  const bytes = await readUpload(ctx, upload);
  if (bytes.length === 0) {
    throw new AppError('UNREADABLE_DOCUMENT', 'The upload is empty.', {
      hint: 'Upload the file again; `bytes` tells its size.',
    });
  }
  await ctx.debugPoint('before-blob');
  const { sha256 } = await putContent(ctx.services.blobs, ctx.tenantId, bytes, { signal: ctx.signal });
  await ctx.debugPoint('after-blob');
  if (upload.announcedSha256 && upload.announcedSha256 !== sha256) {
    throw new AppError('HASH_MISMATCH', 'The uploaded bytes do not have the sha256 that was announced.', {
      hint: 'The file was altered or cut on its way: prepare a new upload and send it again.',
      details: { announced: upload.announcedSha256, received: sha256 },
    });
  }
  return sha256;
}

async function readUpload(ctx: StageContext, upload: Upload): Promise<Buffer> {
  try {
    return await ctx.services.blobs.read(uploadKey(ctx.tenantId, upload.id), upload.bytes, { signal: ctx.signal });
  } catch (error) {
    if (!isAppError(error) || error.code !== 'NOT_FOUND') throw error;
    throw new AppError('NOT_FOUND', 'Nothing was uploaded under this ticket.', {
      cause: error,
      hint: 'PUT the file to the ticket’s url first, then call `ingestPaper`.',
    });
  }
}
