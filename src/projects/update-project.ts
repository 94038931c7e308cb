/**
 * Changes the name of a project, who sees it, or both. Takes its owner, or an OWNER of the tenant: making it PRIVATE takes it
 * from everybody else. Whoever follows a run of it and may no longer see it is cut off within two seconds
 * (src/runs/following/access-watch.ts); runs under way go on; links to files that were handed out work until they expire.
 */
import { recordAudit } from '../identity/audit/record-audit.js';
import { type ActorCtx, hasRole } from '../identity/authorize.js';
import type { Em } from '../platform/database/em.js';
import { AppError, badInput } from '../platform/errors.js';
import { cleanLine } from '../platform/text-input.js';
import { MAX_PROJECT_NAME_LENGTH } from './create-project.js';
import { requireOwnProject } from './own-project.js';
import type { Project, ProjectVisibility } from './project.entity.js';

export interface ProjectUpdate {
  id: string; // public
  name?: string | null;
  visibility?: ProjectVisibility | null;
}

/** What is as it was already is not recorded. Errors: NOT_FOUND; FORBIDDEN; BAD_INPUT (the name, or nothing to change). */
export async function updateProject(ctx: ActorCtx, input: ProjectUpdate): Promise<Project> {
  if (input.name == null && input.visibility == null)
    throw badInput('There is nothing to change: give `name` or `visibility`.');
  const name = input.name == null ? null : cleanLine(input.name, { field: 'name', max: MAX_PROJECT_NAME_LENGTH });
  return ctx.em.transactional(async (transaction) => {
    const em = transaction as Em;
    const project = await requireOwnProject({ ...ctx, em }, input.id);
    if (project.ownerId !== ctx.actor.userId && !hasRole(ctx.actor.roles, 'OWNER')) throw notYours();
    const target = { type: 'Project', id: project.id } as const;
    const before = { name: project.name, visibility: project.visibility };
    project.name = name ?? before.name;
    project.visibility = input.visibility ?? before.visibility;
    await em.flush();
    if (project.name !== before.name) await recordAudit(em, { action: 'PROJECT_RENAMED', target });
    if (project.visibility !== before.visibility) {
      const metadata = { before: before.visibility, after: project.visibility };
      await recordAudit(em, { action: 'PROJECT_VISIBILITY_CHANGED', target, metadata });
    }
    return project;
  });
}

const notYours = () =>
  new AppError('FORBIDDEN', 'Only the owner of a project, or an OWNER of the tenant, may change who sees it.', {
    hint: 'Ask one of them. An administrator can rename it (`renameProject`).',
  });
