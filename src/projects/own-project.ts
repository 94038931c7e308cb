/** Changing a project takes its owner, or an ADMIN of the tenant (who sees PRIVATE ones only as OWNER). */
import { type ActorCtx, hasRole, requireRole, requireScope } from '../identity/authorize.js';
import { AppError } from '../platform/errors.js';
import { decodeId } from '../platform/ids.js';
import { requireProject } from './load-project.js';
import type { Project } from './project.entity.js';

/** Errors: NOT_FOUND; FORBIDDEN. */
export async function requireOwnProject(ctx: ActorCtx, publicId: string): Promise<Project> {
  requireRole(ctx.actor, 'RESEARCHER');
  requireScope(ctx.actor, 'PROJECTS_WRITE');
  const project = await requireProject(ctx, decodeId('proj', publicId));
  if (project.ownerId === ctx.actor.userId || hasRole(ctx.actor.roles, 'ADMIN')) return project;
  throw new AppError('FORBIDDEN', 'Only the owner of a project, or an administrator, may change it.', {
    hint: 'Ask the owner of the project.',
  });
}
