import { recordAudit } from '../identity/audit/record-audit.js';
import type { ActorCtx } from '../identity/authorize.js';
import type { Em } from '../platform/database/em.js';
import { cleanLine } from '../platform/text-input.js';
import { MAX_PROJECT_NAME_LENGTH } from './create-project.js';
import { requireOwnProject } from './own-project.js';
import type { Project } from './project.entity.js';

/** Errors: NOT_FOUND; FORBIDDEN; BAD_INPUT. */
export async function renameProject(ctx: ActorCtx, publicId: string, name: string): Promise<Project> {
  const cleanName = cleanLine(name, { field: 'name', max: MAX_PROJECT_NAME_LENGTH });
  return ctx.em.transactional(async (transaction) => {
    const em = transaction as Em;
    const project = await requireOwnProject({ ...ctx, em }, publicId);
    project.name = cleanName;
    await em.flush();
    await recordAudit(em, { action: 'PROJECT_RENAMED', target: { type: 'Project', id: project.id } });
    return project;
  });
}
