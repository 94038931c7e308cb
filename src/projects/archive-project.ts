import type { ActorCtx } from '../identity/authorize.js';
import { requireOwnProject } from './own-project.js';
import type { Project } from './project.entity.js';

/** The project keeps all it has and takes nothing new. Archiving twice changes nothing. Errors: NOT_FOUND; FORBIDDEN. */
export async function archiveProject(ctx: ActorCtx, publicId: string): Promise<Project> {
  const project = await requireOwnProject(ctx, publicId);
  project.archivedAt ??= ctx.clock();
  await ctx.em.flush();
  return project;
}
