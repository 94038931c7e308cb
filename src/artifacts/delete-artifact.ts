/**
 * Deletes one version of an artifact. Its number is not given out again; its blob goes with a later sweep, unless another
 * row names the same content.
 */
import { type ActorCtx, requireRole } from '../identity/authorize.js';
import { runSql } from '../platform/database/sql.js';
import { notFound } from '../platform/errors.js';
import { loadArtifact } from './load-artifact.js';

/** Returns the public id. Errors: FORBIDDEN below RESEARCHER; NOT_FOUND. */
export async function deleteArtifact(ctx: ActorCtx, publicId: string): Promise<string> {
  requireRole(ctx.actor, 'RESEARCHER');
  const artifact = await loadArtifact(ctx, publicId);
  const deleted = await runSql(ctx.em, 'delete from artifacts where id = $1 returning id', [artifact.id]);
  if (deleted.length === 0) throw notFound('Artifact'); // somebody else was faster
  return publicId;
}
