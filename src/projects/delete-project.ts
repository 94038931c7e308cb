/**
 * Deletes a project with everything in it (the foreign keys cascade); blobs that no row names any more are swept later.
 * A project with a run under way is refused: its worker would write into nothing.
 */
import { recordAudit } from '../identity/audit/record-audit.js';
import type { ActorCtx } from '../identity/authorize.js';
import type { Em } from '../platform/database/database.js';
import { runSql } from '../platform/database/sql.js';
import { AppError } from '../platform/errors.js';
import { requireOwnProject } from './own-project.js';

/** Returns the public id. Errors: NOT_FOUND; FORBIDDEN; INVALID_STATE while a run is under way. */
export async function deleteProject(ctx: ActorCtx, publicId: string): Promise<string> {
  await ctx.em.transactional(async (transaction) => {
    const em = transaction as Em;
    const project = await requireOwnProject({ ...ctx, em }, publicId);
    // FOR UPDATE waits for starting runs (they hold a key share of the project) and holds off new ones.
    await runSql(em, 'select 1 from projects where id = $1 for update', [project.id]);
    await assertNoActiveRuns(em, project.id);
    await runSql(em, 'delete from projects where id = $1', [project.id]);
    await recordAudit(em, { action: 'PROJECT_DELETED', target: { type: 'Project', id: project.id } });
  });
  return publicId;
}

/** Runs are a later slice; their table is asked by name. A waiting or blocked run counts: someone expects its end. */
async function assertNoActiveRuns(em: Em, projectId: string): Promise<void> {
  const [row] = await runSql<{ active: number }>(
    em,
    `select count(*)::integer as active from runs
      where project_id = $1 and status in ('CREATED', 'QUEUED', 'RUNNING', 'BLOCKED')`,
    [projectId],
  );
  const active = row?.active ?? 0;
  if (active === 0) return;
  throw new AppError('INVALID_STATE', `${active} run${active === 1 ? ' is' : 's are'} under way in this project.`, {
    hint: 'Cancel them with `cancelRun`, or wait for their end, then delete the project.',
    details: { activeRuns: active },
  });
}
