/** The run with this public id, if the actor may see it; the same NOT_FOUND for every reason it may not. */
import type { Em } from '../platform/database/database.js';
import { notFound } from '../platform/errors.js';
import { decodeId } from '../platform/ids.js';
import { type Run, RunEntity } from './run.entity.js';

/** Row security decides: other tenants' runs and those of hidden projects are not there. */
export async function loadRun(em: Em, publicId: string): Promise<Run> {
  return loadRunByUuid(em, decodeId('run', publicId));
}

export async function loadRunByUuid(em: Em, runId: string): Promise<Run> {
  const run = await em.findOne(RunEntity, { id: runId }, { refresh: true });
  if (!run) throw notFound('Run');
  return run;
}
