/**
 * A worker takes up the stage a job names: QUEUED or waiting → RUNNING, fence raised. Null when the job is stale. When an
 * earlier try broke off at its commit, the claim may stand already: then it is found by its worker and fence.
 */
import type { Database } from '../../src/platform/database/database.js';
import { runSql, type SqlRunner } from '../../src/platform/database/sql.js';
import type { Run } from '../../src/runs/run.entity.js';
import { type RunRow, toRun } from '../../src/runs/run-row.js';
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

export async function claimStage(
  database: Database,
  job: StageJob,
  { workerId, tries }: Claimant,
): Promise<Claim | null> {
  return database.inTenant(job.tenantId, async (sql) => {
    const run = await transitionRun(sql, job.runId, {
      to: 'RUNNING',
      from: ['QUEUED', 'RUNNING'],
      fence: job.fence,
      patch: { workerId, raiseFence: true, claim: true },
    });
    if (!run) return tries > 1 ? findOwnClaim(sql, job, workerId) : null;
    const { attempt, lastSeq } = await beginStage(sql, job.runId, job.stage);
    return { run: { ...run, lastSeq }, stage: job.stage, fence: run.fence, attempt };
  });
}

async function findOwnClaim(sql: SqlRunner, job: StageJob, workerId: string): Promise<Claim | null> {
  const [row] = await runSql<RunRow & { stage_attempt: number }>(
    sql,
    `select r.*, s.attempt as stage_attempt from runs r join run_stages s on s.run_id = r.id and s.name = $4
     where r.id = $1 and r.worker_id = $2 and r.fence = $3 and r.status = 'RUNNING'`,
    [job.runId, workerId, job.fence + 1, job.stage],
  );
  return row ? { run: toRun(row), stage: job.stage, fence: row.fence, attempt: row.stage_attempt } : null;
}
