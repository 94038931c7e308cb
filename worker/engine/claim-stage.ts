/**
 * A worker takes up the stage a job names: QUEUED or waiting → RUNNING, fence raised. Null when the job is stale. When an
 * earlier try broke off at its commit, the claim may stand already: then it is found by its worker and fence.
 */
import type { Database } from '../../src/platform/database/database.js';
import { runSql, type SqlRunner } from '../../src/platform/database/sql.js';
import type { Run } from '../../src/runs/run.entity.js';
import { type RunRow, toRun } from '../../src/runs/run-row.js';
import { transitionRun } from '../../src/runs/transition-run.js';
import type { StageJob } from './stage-job.js';

export interface Claim {
  run: Run;
  stage: string;
  fence: number;
  attempt: number;
  begunAt: number; // performance.now()
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
  const { runId, stage } = job;
  const sql = database.eachInTenant(job.tenantId);
  const run = await transitionRun(sql, runId, {
    to: 'RUNNING',
    from: ['QUEUED', 'RUNNING'],
    fence: job.fence,
    patch: { workerId, raiseFence: true, claim: stage },
  });
  if (!run) return tries > 1 ? findOwnClaim(sql, job, workerId) : null;
  return { run, stage, fence: run.fence, attempt: run.stageAttempt ?? 1, begunAt: performance.now() };
}

async function findOwnClaim(sql: SqlRunner, job: StageJob, workerId: string): Promise<Claim | null> {
  const [row] = await runSql<RunRow & { stage_attempt: number }>(
    sql,
    `select r.*, s.attempt as stage_attempt from runs r join run_stages s on s.run_id = r.id and s.name = $4
     where r.id = $1 and r.worker_id = $2 and r.fence = $3 and r.status = 'RUNNING'`,
    [job.runId, workerId, job.fence + 1, job.stage],
  );
  return row
    ? { run: toRun(row), stage: job.stage, fence: row.fence, attempt: row.stage_attempt, begunAt: performance.now() }
    : null;
}
