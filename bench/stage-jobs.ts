/**
 * Stage jobs per second of the engine, from claim to completion with its events, against plain graphile-worker with the
 * same settings, whose task runs the same two transactions as bare statements of equal number. And the time from the
 * commit that queues a job to the moment a worker takes it up.
 */
import { Logger, run as runGraphile } from 'graphile-worker';
import pg from 'pg';
import type { BlobStore } from '../src/platform/blobs/blob-store.js';
import { runSql } from '../src/platform/database/sql.js';
import { newId } from '../src/platform/ids.js';
import { createLog } from '../src/platform/log.js';
import { startWorker } from '../worker/start-worker.js';
import { type BenchDatabase, openBenchDatabase } from './support/bench-database.js';
import { type Measurement, quantile } from './support/report.js';

const CONCURRENCY = 4;
const STAGE_NAMES = ['s1', 's2', 's3', 's4', 's5'];

export async function measureStageJobs(runs: number): Promise<Measurement[]> {
  const bench = await openBenchDatabase(16);
  try {
    const ours = await engineJobsPerSecond(bench, runs);
    const plain = await plainJobsPerSecond(bench, runs * STAGE_NAMES.length);
    const pickups = await pickupMs(bench, Math.min(200, runs));
    return [
      {
        what: 'stage jobs per second',
        ours: `${ours.toFixed(0)}/s`,
        baseline: `plain graphile-worker, equal transactions: ${plain.toFixed(0)}/s`,
        ratio: ours / plain,
        wanted: '≥ 0.8',
      },
      {
        what: 'job pickup p99 (ms)',
        ours: `${quantile(pickups, 0.99).toFixed(1)} ms (p50 ${quantile(pickups, 0.5).toFixed(1)})`,
        baseline: '1 ms',
        ratio: quantile(pickups, 0.99),
        wanted: '≤ 5',
      },
    ];
  } finally {
    await bench.close();
  }
}

async function queueRuns({ admin, actor, projectId }: BenchDatabase, count: number): Promise<void> {
  await admin.query(
    `with made as (
       insert into runs (id, tenant_id, project_id, kind, status, current_stage, limits, input_hash, created_by)
       select id, $2, $3, 'BENCH', 'QUEUED', 's1', '{"wallMs":null}', '', $4 from unnest($1::uuid[]) id returning id)
     insert into run_stages (run_id, tenant_id, name, position)
     select made.id, $2, s, n from made, unnest($5::text[]) with ordinality t(s, n)`,
    [Array.from({ length: count }, newId), actor.tenantId, projectId, actor.userId, STAGE_NAMES],
  );
}

async function startBenchWorker({ urls }: BenchDatabase, onStage: () => void) {
  const stage = async () => {
    onStage();
    return { output: null };
  };
  return startWorker({
    urls,
    blobs: {} as BlobStore, // these stages store nothing
    pipelines: [{ kind: 'BENCH', stageNames: STAGE_NAMES, stages: Object.fromEntries(STAGE_NAMES.map((name) => [name, stage])) }],
    log: createLog('bench', 'error'),
    version: 'bench',
    concurrency: CONCURRENCY,
    pollMs: 500,
    stageTimeoutMs: 60_000,
    maxStageAttempts: 3,
    leaseMs: 8_000,
    sweepMs: 60_000,
    shutdownMs: 1_000,
  });
}

async function engineJobsPerSecond(bench: BenchDatabase, runs: number): Promise<number> {
  await queueRuns(bench, runs);
  const total = runs * STAGE_NAMES.length;
  let done = 0;
  let finish: () => void = () => undefined;
  const finished = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const em = bench.database.asTenant(bench.actor.tenantId);
  await runSql(em, `select enqueue_stage(id, 's1', fence) from runs where kind = 'BENCH' and status = 'QUEUED'`);
  const began = performance.now();
  const worker = await startBenchWorker(bench, () => {
    if (++done === total) finish();
  });
  await finished;
  const seconds = (performance.now() - began) / 1000;
  await worker.stop();
  return total / seconds;
}

/** The statements of a claim and a completion, as bare as they can be, in two transactions per job. */
async function plainJobsPerSecond(bench: BenchDatabase, jobs: number): Promise<number> {
  await bench.admin.query('create table if not exists plain_runs (id uuid primary key, n integer not null default 0)');
  await bench.admin.query('create table if not exists plain_events (run_id uuid, seq integer, payload jsonb, primary key (run_id, seq))');
  await bench.admin.query('grant all on plain_runs, plain_events to pw_app');
  const app = new pg.Pool({ connectionString: bench.urls.app, max: CONCURRENCY * 2 + 4 });
  const queue = new pg.Pool({ connectionString: bench.urls.queue, max: CONCURRENCY + 3 });
  for (const pool of [app, queue]) pool.on('error', () => undefined);
  const transaction = async (statements: [string, unknown[]][]) => {
    const client = await app.connect();
    await client.query('begin');
    await client.query(`select set_config('app.tenant', $1, true), set_config('app.user', '', true), set_config('app.sees_all', 'off', true)`, [bench.actor.tenantId]);
    for (const [sql, params] of statements) await client.query(sql, params);
    await client.query('commit');
    client.release();
  };
  let done = 0;
  let finish: () => void = () => undefined;
  const finished = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const update = 'update plain_runs set n = n + 1 where id = $1 returning n';
  const insert = 'insert into plain_events values ($1, $2, $3)';
  await bench.admin.query(
    `select graphile_worker.add_job('plain', json_build_object('i', i), max_attempts => 5) from generate_series(1, $1::int) i`,
    [jobs],
  );
  const began = performance.now();
  const runner = await runGraphile({
    pgPool: queue,
    concurrency: CONCURRENCY,
    pollInterval: 500,
    noHandleSignals: true,
    parsedCronItems: [],
    logger: new Logger(() => () => undefined),
    preset: { worker: { completeJobBatchDelay: 0, failJobBatchDelay: 0 } },
    taskList: {
      plain: async () => {
        const id = newId();
        const event = JSON.stringify({ type: 'STAGE_STARTED' });
        await transaction([
          ['insert into plain_runs (id) values ($1)', [id]],
          [insert, [id, 1, event]],
          [update, [id]],
          [update, [id]],
          ['select * from plain_runs where id = $1', [id]],
        ]);
        await transaction([
          ['select n from plain_runs where id = $1 for no key update', [id]],
          [update, [id]],
          [insert, [id, 2, event]],
          [insert, [id, 3, event]],
          ['select 1', []],
        ]);
        if (++done === jobs) finish();
      },
    },
  });
  await finished;
  const seconds = (performance.now() - began) / 1000;
  await runner.stop();
  await app.end();
  await queue.end();
  return jobs / seconds;
}

async function pickupMs(bench: BenchDatabase, samples: number): Promise<number[]> {
  let pickedUp: (at: number) => void = () => undefined;
  const worker = await startBenchWorker(bench, () => pickedUp(performance.now()));
  const em = bench.database.asTenant(bench.actor.tenantId);
  const taken: number[] = [];
  for (let i = 0; i < samples; i++) {
    await queueRuns(bench, 1);
    const at = new Promise<number>((resolve) => {
      pickedUp = resolve;
    });
    await runSql(
      em,
      `select enqueue_stage(id, 's1', fence) from runs where kind = 'BENCH' and status = 'QUEUED' and fence = 0 order by id desc limit 1`,
    );
    const committed = performance.now();
    taken.push((await at) - committed);
    await runSql(em, `update runs set status = 'CANCELED' where kind = 'BENCH' and status in ('QUEUED', 'RUNNING')`).catch(() => undefined);
  }
  await worker.stop();
  return taken;
}
