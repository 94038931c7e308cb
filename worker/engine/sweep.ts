/**
 * Finds runs that nobody works on and gives them a new job under a new fence (law 4): stages whose worker's lease has
 * lapsed, and waiting runs whose job is gone. A stage that loses its worker `MAX_LOSSES` times ends FAILED WORKER_LOST.
 * Any number of workers sweep at once: the fence in the locking statement lets one of them win.
 */
import type { Database } from '../../src/platform/database/database.js';
import { runSql, type SqlRunner } from '../../src/platform/database/sql.js';
import type { Log } from '../../src/platform/log.js';
import type { Notifier } from '../../src/platform/notifications/notifier.js';
import { finishCancel } from '../../src/runs/cancel-run.js';
import { enqueueStage } from '../../src/runs/enqueue-stage.js';
import type { RunFailure } from '../../src/runs/run.entity.js';
import type { RunEventDraft } from '../../src/runs/run-event.js';
import { endStage, requeueStage } from '../../src/runs/stage-rows.js';
import { transitionRun } from '../../src/runs/transition-run.js';
import type { ActiveStages } from './active-stages.js';

const MAX_LOSSES = 3; // workers; one crash is bad luck, three are the stage's own doing
const BATCH = 100; // runs a sweep
const LANES = 4; // runs moved at a time, a connection each: one behind a lock waits three seconds (lock_timeout)

interface Stranded {
  tenant_id: string;
  run_id: string;
  fence: number;
  reason: 'LOST' | 'STRANDED';
}

export interface Sweeper {
  database: Database;
  notifier: Notifier;
  workerId: string;
  active: Pick<ActiveStages, 'runIds'>;
  log: Log;
}

/** Answers how many runs it moved. One that cannot be moved now (its row is locked) holds none of the others up. */
export async function sweep({ database, notifier, workerId, active, log }: Sweeper): Promise<number> {
  const found = await runSql<Stranded>(database.nobody, 'select * from find_stranded_runs($1, $2, $3, $4)', [
    BATCH,
    MAX_LOSSES,
    workerId,
    active.runIds,
  ]);
  let moved = 0;
  const move = async (stranded: Stranded) => {
    try {
      if (!(await database.inTenant(stranded.tenant_id, (sql) => takeUpAgain(sql, stranded)))) return;
      notifier.touch(stranded.run_id);
      moved += 1;
    } catch (error) {
      log.debug({ err: error, runId: stranded.run_id }, 'a run could not be taken up again; the next sweep tries');
    }
  };
  const lane = async () => {
    for (let next = found.shift(); next; next = found.shift()) await move(next);
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  return moved;
}

async function takeUpAgain(sql: SqlRunner, { run_id: runId, fence, reason }: Stranded): Promise<boolean> {
  const [run] = await runSql<{ status: 'QUEUED' | 'RUNNING'; current_stage: string; cancel: boolean; losses: number }>(
    sql,
    `select r.status, r.current_stage, r.cancel_requested_at is not null as cancel, s.losses
     from runs r join run_stages s on s.run_id = r.id and s.name = r.current_stage
     where r.id = $1 and r.fence = $2 and r.status in ('QUEUED', 'RUNNING')`,
    [runId, fence],
  );
  if (!run) return false;
  if (run.cancel) return finishCancel(sql, runId, fence);
  const lost = reason === 'LOST';
  if (lost && run.losses + 1 >= MAX_LOSSES) return failLost(sql, runId, fence, run.current_stage);
  const after = await transitionRun(sql, runId, {
    to: run.status,
    from: [run.status],
    fence,
    patch: { raiseFence: true },
    events: lost ? [lostEvent(run.current_stage, run.losses + 1)] : [],
  });
  if (!after) return false;
  await requeueStage(sql, runId, run.current_stage, lost);
  await runSql(sql, 'select drop_stale_jobs($1, $2)', [runId, after.fence]);
  await enqueueStage(sql, { runId, stage: run.current_stage, fence: after.fence });
  return true;
}

async function failLost(sql: SqlRunner, runId: string, fence: number, stage: string): Promise<boolean> {
  const failure: RunFailure = {
    code: 'WORKER_LOST',
    stage,
    message: `The worker died ${MAX_LOSSES} times during the stage ${stage}.`,
    retryable: true,
    hint: 'Look into the workers’ logs for memory or crashes; then retry the run.',
    details: { losses: MAX_LOSSES },
  };
  const after = await transitionRun(sql, runId, {
    to: 'FAILED',
    from: ['RUNNING'],
    fence,
    patch: { raiseFence: true, failure },
    events: [
      {
        type: 'ERROR_RAISED',
        level: 'ERROR',
        stage,
        message: failure.message,
        payload: { code: failure.code, retryable: true, attempt: MAX_LOSSES, retryInMs: null, hint: failure.hint },
      },
    ],
  });
  if (!after) return false;
  await requeueStage(sql, runId, stage, true);
  await endStage(sql, runId, stage, 'FAILED');
  await runSql(sql, 'select drop_stale_jobs($1, $2)', [runId, after.fence]);
  return true;
}

const lostEvent = (stage: string, losses: number): RunEventDraft => ({
  type: 'ERROR_RAISED',
  level: 'WARN',
  stage,
  message: `The worker was lost during ${stage}; another one takes it up again.`,
  payload: { code: 'WORKER_LOST', retryable: true, attempt: losses, retryInMs: 0, hint: null },
});
