/** A link to an artifact's bytes that works without credentials until it expires. */
import { requireScope } from '../identity/authorize.js';
import { contentKey } from '../platform/blobs/blob-key.js';
import type { BlobStore } from '../platform/blobs/blob-store.js';
import type { Actor } from '../platform/database/actor.js';
import { badInput } from '../platform/errors.js';
import type { Artifact } from './artifact.entity.js';

const MIN_SECONDS = 30; // less would expire on its way to a slow client
const MAX_SECONDS = 24 * 60 * 60; // 1 day: whoever loses the right to see the artifact keeps the link for so long
export const DEFAULT_URL_SECONDS = 15 * 60; // 15 minutes

type DownloadCtx = { actor: Actor; services: { blobs: BlobStore } };

/** Errors: BAD_INPUT when the life asked for is out of bounds; FORBIDDEN for an API key that may not download. */
export async function downloadUrl(ctx: DownloadCtx, artifact: Artifact, expiresInSeconds: number): Promise<string> {
  requireScope(ctx.actor, 'ARTIFACTS_READ');
  if (expiresInSeconds < MIN_SECONDS || expiresInSeconds > MAX_SECONDS) {
    throw badInput(`\`expiresInSeconds\` is ${expiresInSeconds}. Ask for ${MIN_SECONDS} to ${MAX_SECONDS}.`, {
      argument: 'expiresInSeconds',
      min: MIN_SECONDS,
      max: MAX_SECONDS,
    });
  }
  const { tenantId, sha256, name: fileName, mediaType } = artifact;
  return ctx.services.blobs.signedGetUrl(contentKey(tenantId, sha256), { expiresInSeconds, fileName, mediaType });
}
