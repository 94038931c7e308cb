/**
 * Announces a file and answers with a signed URL to PUT it to: bytes never pass through GraphQL. What was announced is
 * the most that is taken; what comes is looked at by the ingestion run.
 */
import { recordAudit } from '../identity/audit/record-audit.js';
import { requireRole, requireScope } from '../identity/authorize.js';
import { uploadKey } from '../platform/blobs/blob-key.js';
import type { Em } from '../platform/database/database.js';
import { badInput } from '../platform/errors.js';
import type { ActorContext } from '../platform/graphql/api-context.js';
import { encodeId, newId } from '../platform/ids.js';
import { cleanLine } from '../platform/text-input.js';
import { requireWritableProject } from '../projects/load-project.js';
import { UploadEntity } from './upload.entity.js';

declare module '../platform/graphql/api-context.js' {
  interface Services {
    uploads: { maxBytes: number };
  }
}

export interface PrepareUpload {
  projectId: string; // uuid
  fileName: string;
  bytes: number;
  mediaType: string;
  sha256?: string | null; // hex, of the bytes to come
}

export interface UploadTicket {
  uploadId: string; // uuid
  url: string;
  method: 'PUT';
  headers: { name: string; value: string }[]; // to be sent as they are
  expiresAt: Date;
}

/** What no setting can exceed: a document is held in memory once while it is read. UPLOAD_BYTES sets the limit below it. */
export const MAX_UPLOAD_BYTES = 256 * 1024 * 1024; // 256 MiB
const TICKET_SECONDS = 60 * 60; // 1 hour: slow lines included

/** Errors: FORBIDDEN, NOT_FOUND, INVALID_STATE (archived), BAD_INPUT that names the field. Takes RESEARCHER. */
export async function prepareUpload(ctx: ActorContext, input: PrepareUpload): Promise<UploadTicket> {
  requireRole(ctx.actor, 'RESEARCHER');
  requireScope(ctx.actor, 'PAPERS_WRITE');
  const fileName = cleanLine(input.fileName, { field: 'fileName', max: 255 });
  const mediaType = checkMediaType(input.mediaType);
  const announcedSha256 = checkSha256(input.sha256);
  checkBytes(input.bytes, ctx.services.uploads.maxBytes);
  const createdAt = ctx.clock();
  const expiresAt = new Date(createdAt.getTime() + TICKET_SECONDS * 1000);
  const upload = { id: newId(), tenantId: ctx.actor.tenantId, projectId: input.projectId };
  await ctx.em.transactional(async (inner) => {
    const em = inner as Em;
    await requireWritableProject({ em }, input.projectId);
    const facts = { fileName, mediaType, bytes: input.bytes, announcedSha256, contentSha256: null };
    em.create(UploadEntity, { ...upload, ...facts, createdBy: ctx.actor.userId, createdAt, expiresAt });
    await em.flush();
    const metadata = { projectId: encodeId('proj', input.projectId), bytes: input.bytes, mediaType, expiresAt };
    await recordAudit(em, { action: 'UPLOAD_PREPARED', target: { type: 'Upload', id: upload.id }, metadata });
  });
  const url = await ctx.services.blobs.signedPutUrl(uploadKey(upload.tenantId, upload.id), {
    expiresInSeconds: TICKET_SECONDS,
    maxBytes: input.bytes,
    mediaType,
  });
  return { uploadId: upload.id, url, method: 'PUT', headers: [{ name: 'content-type', value: mediaType }], expiresAt };
}

function checkBytes(bytes: number, maxBytes: number): void {
  if (!Number.isInteger(bytes) || bytes < 1) {
    throw badInput(
      '`bytes` must be the size of the file, a whole number above 0: an empty file holds nothing to read.',
      { field: 'bytes' },
    );
  }
  if (bytes > maxBytes) {
    throw badInput(`The file is too large (${bytes} bytes). The limit is ${maxBytes}: split it.`, {
      field: 'bytes',
      max: maxBytes,
    });
  }
}

function checkMediaType(value: string): string {
  const mediaType = value.trim().toLowerCase();
  if (mediaType.length > 120 || !/^[a-z0-9.+-]+\/[a-z0-9.+-]+(?:; ?charset=[a-z0-9-]+)?$/.test(mediaType)) {
    throw badInput(
      '`mediaType` must be a media type, such as application/pdf, application/x-tex, text/markdown or text/plain.',
      {
        field: 'mediaType',
      },
    );
  }
  return mediaType;
}

function checkSha256(value: string | null | undefined): string | null {
  if (value == null) return null;
  const sha256 = value.trim().toLowerCase();
  if (!/^[0-9a-f]{64}$/.test(sha256)) throw badInput('`sha256` must be 64 hexadecimal digits.', { field: 'sha256' });
  return sha256;
}
