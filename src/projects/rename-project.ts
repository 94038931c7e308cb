import type { ActorCtx } from '../identity/authorize.js';
import { cleanLine } from '../platform/text-input.js';
import { MAX_PROJECT_NAME_LENGTH } from './create-project.js';
import { requireOwnProject } from './own-project.js';
import type { Project } from './project.entity.js';

/** Errors: NOT_FOUND; FORBIDDEN; BAD_INPUT. */
export async function renameProject(ctx: ActorCtx, publicId: string, name: string): Promise<Project> {
  const cleanName = cleanLine(name, { field: 'name', max: MAX_PROJECT_NAME_LENGTH });
  const project = await requireOwnProject(ctx, publicId);
  project.name = cleanName;
  await ctx.em.flush();
  return project;
}
