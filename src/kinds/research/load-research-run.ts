/** The run that another one is to be made from. */
import type { Em } from '../../platform/database/database.js';
import { badInput } from '../../platform/errors.js';
import { encodeId } from '../../platform/ids.js';
import { loadRun } from '../../runs/load-run.js';
import type { Run } from '../../runs/run.entity.js';
import { RESEARCH } from './research-kind.js';

/** Errors: NOT_FOUND, whatever the reason; BAD_INPUT for a run of another kind. */
export async function loadResearchRun(em: Em, publicId: string): Promise<Run> {
  const run = await loadRun(em, publicId);
  if (run.kind === RESEARCH.kind) return run;
  throw badInput(
    `${encodeId('run', run.id)} is of the kind ${run.kind}: only RESEARCH runs are recorded, replayed and forked.`,
    {
      field: 'id',
      kind: run.kind,
    },
  );
}
