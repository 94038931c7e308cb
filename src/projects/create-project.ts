import { recordAudit } from '../identity/audit/record-audit.js';
import { type ActorCtx, requireRole, requireScope } from '../identity/authorize.js';
import type { Em } from '../platform/database/em.js';
import { newId } from '../platform/ids.js';
import { cleanLine } from '../platform/text-input.js';
import { type Project, ProjectEntity, type ProjectVisibility } from './project.entity.js';

export const MAX_PROJECT_NAME_LENGTH = 200;

/** The caller becomes its owner. Errors: FORBIDDEN below RESEARCHER; BAD_INPUT. */
export async function createProject(
  ctx: ActorCtx,
  input: { name: string; visibility: ProjectVisibility },
): Promise<Project> {
  requireRole(ctx.actor, 'RESEARCHER');
  requireScope(ctx.actor, 'PROJECTS_WRITE');
  const now = ctx.clock();
  const name = cleanLine(input.name, { field: 'name', max: MAX_PROJECT_NAME_LENGTH });
  return ctx.em.transactional(async (transaction) => {
    const em = transaction as Em;
    const project = em.create(ProjectEntity, {
      id: newId(),
      tenantId: ctx.actor.tenantId,
      ownerId: ctx.actor.userId,
      name,
      visibility: input.visibility,
      archivedAt: null,
      createdAt: now,
      lastActivityAt: now,
    });
    await em.persist(project).flush();
    const { id, visibility } = project;
    await recordAudit(em, { action: 'PROJECT_CREATED', target: { type: 'Project', id }, metadata: { visibility } });
    return project;
  });
}
