/**
 * Names of stored objects. There are three shapes and no fourth:
 *   `{tenantId}/{sha256}`             content: immutable, named by the hash of its bytes
 *   `uploads/{tenantId}/{uploadId}`   an upload not yet looked at; its bytes may be anything
 *   `audit-heads/{tenantId}`          the signed end of the tenant's audit log; replaced as the log grows
 * Every driver and every signed URL parses a key by this grammar before it touches storage. Nothing else gets through,
 * so `..`, absolute paths, NUL and encoded separators need no list of tricks to be refused.
 */
import { createHash } from 'node:crypto';
import { AppError } from '../errors.js';

const UUID = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}';
const SHA256 = '[0-9a-f]{64}';
const CONTENT_KEY = new RegExp(`^(?<tenantId>${UUID})/(?<sha256>${SHA256})$`);
const AUDIT_HEAD_KEY = new RegExp(`^audit-heads/(?<tenantId>${UUID})$`);
const UPLOAD_KEY = new RegExp(`^uploads/(?<tenantId>${UUID})/(?<uploadId>${UUID})$`);

export type BlobKey =
  | { shape: 'CONTENT'; tenantId: string; sha256: string }
  | { shape: 'UPLOAD'; tenantId: string; uploadId: string }
  | { shape: 'AUDIT_HEAD'; tenantId: string };

/** Splits a key; undefined when it is not one. Never throws. */
export function parseBlobKey(key: string): BlobKey | undefined {
  const content = CONTENT_KEY.exec(key)?.groups;
  if (content?.tenantId && content.sha256) {
    return { shape: 'CONTENT', tenantId: content.tenantId, sha256: content.sha256 };
  }
  const upload = UPLOAD_KEY.exec(key)?.groups;
  if (upload?.tenantId && upload.uploadId) {
    return { shape: 'UPLOAD', tenantId: upload.tenantId, uploadId: upload.uploadId };
  }
  const head = AUDIT_HEAD_KEY.exec(key)?.groups;
  if (head?.tenantId) return { shape: 'AUDIT_HEAD', tenantId: head.tenantId };
  return undefined;
}

/** As `parseBlobKey`; throws URL_REFUSED, because a key of another shape is a path somebody made up. */
export function requireBlobKey(key: string): BlobKey {
  const parsed = parseBlobKey(key);
  if (!parsed) throw new AppError('URL_REFUSED', 'That is no name of a stored object.');
  return parsed;
}

/** Throws URL_REFUSED unless the key is an upload's: content is never written by a stranger's request. */
export function requireUploadKey(key: string): void {
  if (requireBlobKey(key).shape !== 'UPLOAD')
    throw new AppError('URL_REFUSED', 'Only an upload may be written by a link.');
}

/** `(tenant uuid, hex sha256)` → `{tenantId}/{sha256}`. */
export const contentKey = (tenantId: string, sha256: string): string => checked(`${tenantId}/${sha256}`);

/** `(tenant uuid, upload uuid)` → `uploads/{tenantId}/{uploadId}`. */
export const uploadKey = (tenantId: string, uploadId: string): string => checked(`uploads/${tenantId}/${uploadId}`);

/** `(tenant uuid)` → `audit-heads/{tenantId}`. */
export const auditHeadKey = (tenantId: string): string => checked(`audit-heads/${tenantId}`);

/** Lower-case hex sha256 of bytes or of UTF-8 text. */
export const sha256Of = (content: Uint8Array | string): string => createHash('sha256').update(content).digest('hex');

function checked(key: string): string {
  requireBlobKey(key);
  return key;
}
