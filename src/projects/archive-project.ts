import { recordAudit } from '../identity/audit/record-audit.js';
import type { ActorCtx } from '../identity/authorize.js';
import type { Em } from '../platform/database/em.js';
import { requireOwnProject } from './own-project.js';
import type { Project } from './project.entity.js';

/** The project keeps all it has and takes nothing new. Archiving twice changes nothing. Errors: NOT_FOUND; FORBIDDEN. */
export async function archiveProject(ctx: ActorCtx, publicId: string): Promise<Project> {
  return ctx.em.transactional(async (transaction) => {
    const em = transaction as Em;
    const project = await requireOwnProject({ ...ctx, em }, publicId);
    if (project.archivedAt) return project;
    project.archivedAt = ctx.clock();
    await em.flush();
    await recordAudit(em, { action: 'PROJECT_ARCHIVED', target: { type: 'Project', id: project.id } });
    return project;
  });
}
