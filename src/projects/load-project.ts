/** Finding a project the caller may see. Row security has hidden the others: they do not exist here. */
import type { Em } from '../platform/database/database.js';
import { AppError, notFound } from '../platform/errors.js';
import { type Project, ProjectEntity } from './project.entity.js';

/** Errors: NOT_FOUND. `id` is a uuid. */
export async function requireProject(ctx: { em: Em }, id: string): Promise<Project> {
  const project = await ctx.em.findOne(ProjectEntity, { id });
  if (!project) throw notFound('Project');
  return project;
}

/** A project that takes new papers and runs. Errors: NOT_FOUND; INVALID_STATE when it is archived. */
export async function requireWritableProject(ctx: { em: Em }, id: string): Promise<Project> {
  const project = await requireProject(ctx, id);
  if (project.archivedAt) {
    throw new AppError('INVALID_STATE', 'This project is archived and takes nothing new.', {
      hint: 'Use another project, or create one with `createProject`.',
    });
  }
  return project;
}
