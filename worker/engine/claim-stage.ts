/**
 * A worker takes up the stage a job names: QUEUED or waiting → RUNNING, fence raised. Null when the job is stale. When an
 * earlier try broke off at its commit, the claim may stand already: then it is found by its worker and fence.
 */
import type { Em } from '../../src/platform/database/database.js';
import { appendEvents } from '../../src/runs/append-events.js';
import { loadRunByUuid } from '../../src/runs/load-run.js';
import { type Run, RunEntity } from '../../src/runs/run.entity.js';
import { RunStageEntity } from '../../src/runs/run-stage.entity.js';
import { beginStage } from '../../src/runs/stage-rows.js';
import { transitionRun } from '../../src/runs/transition-run.js';
import type { StageJob } from './stage-job.js';

export interface Claim {
  run: Run;
  stage: string;
  fence: number;
  attempt: number;
}

export interface Claimant {
  workerId: string;
  tries: number; // 1 at the first
}

export async function claimStage(em: Em, job: StageJob, { workerId, tries }: Claimant): Promise<Claim | null> {
  return em.transactional(async (inner) => {
    const scoped = inner as Em;
    const taken = await transitionRun(scoped, job.runId, {
      to: 'RUNNING',
      from: ['QUEUED', 'RUNNING'],
      fence: job.fence,
      patch: { workerId, raiseFence: true, claim: true },
    });
    if (!taken) return tries > 1 ? findOwnClaim(scoped, job, workerId) : null;
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

async function findOwnClaim(em: Em, job: StageJob, workerId: string): Promise<Claim | null> {
  const run = await em.findOne(RunEntity, { id: job.runId, workerId, fence: job.fence + 1, status: 'RUNNING' });
  const stage = run && (await em.findOne(RunStageEntity, { runId: run.id, name: job.stage }));
  return run && stage ? { run, stage: job.stage, fence: run.fence, attempt: stage.attempt } : null;
}
