/** A worker takes up the stage a job names: QUEUED or waiting → RUNNING, fence raised. Null when the job is stale. */
import type { Em } from '../../src/platform/database/database.js';
import { appendEvents } from '../../src/runs/append-events.js';
import { loadRunByUuid } from '../../src/runs/load-run.js';
import type { Run } from '../../src/runs/run.entity.js';
import { beginStage } from '../../src/runs/stage-rows.js';
import { transitionRun } from '../../src/runs/transition-run.js';
import type { StageJob } from './stage-job.js';

export interface Claim {
  run: Run;
  stage: string;
  fence: number;
  attempt: number;
}

export async function claimStage(em: Em, job: StageJob, workerId: string): Promise<Claim | null> {
  return em.transactional(async (inner) => {
    const scoped = inner as Em;
    const taken = await transitionRun(scoped, job.runId, {
      to: 'RUNNING',
      from: ['QUEUED', 'RUNNING'],
      fence: job.fence,
      patch: { workerId, raiseFence: true, claim: true },
    });
    if (!taken) return null;
    const attempt = await beginStage(scoped, job.runId, job.stage);
    await appendEvents(
      scoped,
      job.runId,
      [{ type: 'STAGE_STARTED', message: attempt === 1 ? job.stage : `${job.stage}, attempt ${attempt}`, payload: { attempt } }],
      taken.fence,
      job.stage,
    );
    return { run: await loadRunByUuid(scoped, job.runId), stage: job.stage, fence: taken.fence, attempt };
  });
}
