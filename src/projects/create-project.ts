import { type ActorCtx, requireRole } from '../identity/authorize.js';
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
  const now = ctx.clock();
  const project = ctx.em.create(ProjectEntity, {
    id: newId(),
    tenantId: ctx.actor.tenantId,
    ownerId: ctx.actor.userId,
    name: cleanLine(input.name, { field: 'name', max: MAX_PROJECT_NAME_LENGTH }),
    visibility: input.visibility,
    archivedAt: null,
    createdAt: now,
    lastActivityAt: now,
  });
  await ctx.em.persist(project).flush();
  return project;
}
