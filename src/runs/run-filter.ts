/** From the API's filter to the ORM's. */
import type { FilterQuery } from '@mikro-orm/postgresql';
import type { Em } from '../platform/database/database.js';
import { decodeId } from '../platform/ids.js';
import { requireProject } from '../projects/load-project.js';
import type { Run } from './run.entity.js';
import type { RunFilter } from './run.type.js';

/** Errors: NOT_FOUND for a project that is not there for the caller: an empty list would read as "it has no runs". */
export async function runFilter(em: Em, filter: RunFilter | null | undefined): Promise<FilterQuery<Run>> {
  const project = filter?.projectId == null ? null : await requireProject({ em }, decodeId('proj', filter.projectId));
  return {
    ...(filter?.statuses && { status: { $in: filter.statuses } }),
    ...(filter?.kinds && { kind: { $in: filter.kinds } }),
    ...(project && { projectId: project.id }),
  } as FilterQuery<Run>;
}
