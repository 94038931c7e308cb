/**
 * Deletes an ended run with its timeline, claims and artifacts; blobs that nobody names any more are swept later. A run
 * under way is refused: cancel it first. Takes RESEARCHER; of someone else's run ADMIN.
 */
import { recordAudit } from '../identity/audit/record-audit.js';
import { requireRole, requireScope } from '../identity/authorize.js';
import type { Em } from '../platform/database/database.js';
import { runSql } from '../platform/database/sql.js';
import { AppError } from '../platform/errors.js';
import type { ActorContext } from '../platform/graphql/api-context.js';
import { encodeId } from '../platform/ids.js';
import { loadRun } from './load-run.js';
import { isTerminal } from './run-status.js';

export async function deleteRun(ctx: ActorContext, publicId: string): Promise<string> {
  requireRole(ctx.actor, 'RESEARCHER');
  requireScope(ctx.actor, 'RUNS_WRITE');
  const run = await loadRun(ctx.em, publicId);
  if (run.createdBy !== ctx.actor.userId) requireRole(ctx.actor, 'ADMIN');
  if (!isTerminal(run.status)) throw underWay();
  await ctx.em.transactional(async (transaction) => {
    const em = transaction as Em;
    const statement = 'delete from runs where id = $1 and fence = $2 returning id';
    const deleted = await runSql(em, statement, [run.id, run.fence]);
    if (deleted.length === 0) throw underWay(); // retried meanwhile
    const metadata = { kind: run.kind, projectId: encodeId('proj', run.projectId) };
    await recordAudit(em, { action: 'RUN_DELETED', target: { type: 'Run', id: run.id }, metadata });
  });
  ctx.services.runs.notifier.touch(run.id);
  return encodeId('run', run.id);
}

const underWay = () =>
  new AppError('INVALID_STATE', 'A run that is under way cannot be deleted.', {
    hint: 'Cancel it first (`cancelRun`).',
  });
