/** From the API's filter to the ORM's. */
import type { FilterQuery } from '@mikro-orm/postgresql';
import { decodeId } from '../platform/ids.js';
import type { Run } from './run.entity.js';
import type { RunFilter } from './run.type.js';

export function runFilter(filter: RunFilter | null | undefined): FilterQuery<Run> {
  return {
    ...(filter?.statuses && { status: { $in: filter.statuses } }),
    ...(filter?.kinds && { kind: { $in: filter.kinds } }),
    ...(filter?.projectId && { projectId: decodeId('proj', filter.projectId) }),
  } as FilterQuery<Run>;
}
