/**
 * Deletes one version of an artifact. Its number is not given out again; its blob goes with a later sweep, unless another
 * row names the same content.
 */
import { recordAudit } from '../identity/audit/record-audit.js';
import { type ActorCtx, requireRole, requireScope } from '../identity/authorize.js';
import type { Em } from '../platform/database/em.js';
import { runSql } from '../platform/database/sql.js';
import { notFound } from '../platform/errors.js';
import { encodeId } from '../platform/ids.js';
import { loadArtifact } from './load-artifact.js';

/** Returns the public id. Errors: FORBIDDEN below RESEARCHER; NOT_FOUND. */
export async function deleteArtifact(ctx: ActorCtx, publicId: string): Promise<string> {
  requireRole(ctx.actor, 'RESEARCHER');
  requireScope(ctx.actor, 'RUNS_WRITE');
  const artifact = await loadArtifact(ctx, publicId);
  await ctx.em.transactional(async (transaction) => {
    const em = transaction as Em;
    const deleted = await runSql(em, 'delete from artifacts where id = $1 returning id', [artifact.id]);
    if (deleted.length === 0) throw notFound('Artifact'); // somebody else was faster
    const metadata = { runId: encodeId('run', artifact.runId), version: artifact.version };
    await recordAudit(em, { action: 'ARTIFACT_DELETED', target: { type: 'Artifact', id: artifact.id }, metadata });
  });
  return publicId;
}
