/** A link to an artifact's bytes that works without credentials until it expires. */
import { recordAudit } from '../identity/audit/record-audit.js';
import { requireScope } from '../identity/authorize.js';
import { contentKey } from '../platform/blobs/blob-key.js';
import type { BlobStore } from '../platform/blobs/blob-store.js';
import type { Em } from '../platform/database/em.js';
import { badInput } from '../platform/errors.js';
import type { ActorContext } from '../platform/graphql/api-context.js';
import type { Artifact } from './artifact.entity.js';

const MIN_SECONDS = 30; // less would expire on its way to a slow client
const MAX_SECONDS = 24 * 60 * 60; // 1 day: whoever loses the right to see the artifact keeps the link for so long
export const DEFAULT_URL_SECONDS = 15 * 60; // 15 minutes

type DownloadCtx = Pick<ActorContext, 'actor' | 'clock' | 'writeBeforeAnswer'> & { services: { blobs: BlobStore } };

/**
 * Who was given the link is recorded before the answer goes out. Errors: BAD_INPUT when the life asked for is out of bounds;
 * FORBIDDEN for an API key that may not download.
 */
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
  const url = await ctx.services.blobs.signedGetUrl(contentKey(tenantId, sha256), {
    expiresInSeconds,
    fileName,
    mediaType,
  });
  const expiresAt = new Date(ctx.clock().getTime() + expiresInSeconds * 1000);
  ctx.writeBeforeAnswer(recordLinks, { artifactId: artifact.id, sha256, expiresAt });
  return url;
}

interface IssuedLink {
  artifactId: string; // uuid
  sha256: string;
  expiresAt: Date;
}

const recordLinks = (em: Em, links: readonly IssuedLink[]): Promise<void> =>
  recordAudit(
    em,
    links.map(({ artifactId, sha256, expiresAt }) => ({
      action: 'DOWNLOAD_LINK_ISSUED',
      target: { type: 'Artifact', id: artifactId },
      metadata: { sha256, expiresAt },
    })),
  );
