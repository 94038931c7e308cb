/**
 * Stage jobs per second of the engine, from claim to completion, against plain graphile-worker with the same settings
 * whose task runs two equal transactions: as many round trips, each statement prepared, each writing as many rows, the
 * second adding the next job by the same call. What the baseline lacks is what the engine adds: fences, transitions checked
 * in the database, row security, references. And the time from the commit that queues a job to the moment its stage runs,
 * after the claim's own transaction.
 */
import { Logger, type Runner, type RunnerOptions, run as runGraphile } from 'graphile-worker';
import pg from 'pg';
import type { BlobStore } from '../src/platform/blobs/blob-store.js';
import { newId } from '../src/platform/ids.js';
import { createLog } from '../src/platform/log.js';
import { type RunningWorker, startWorker } from '../worker/start-worker.js';
import { type BenchDatabase, openBenchDatabase } from './support/bench-database.js';
import { openPlainChain, type PlainChain } from './support/plain-chain.js';
import { quantile } from './support/quantile.js';
import type { Measurement, Size } from './support/report.js';
import { interleave } from './support/rounds.js';

const CONCURRENCY = 4; // the default of a worker
const POLL_MS = 500;
const WARM_UP = 10; // pickups that open connections and prepare statements
const STAGES = ['s1', 's2', 's3', 's4', 's5'];
const SIZES = { full: { rounds: 7, runs: 150, pickups: 1_000 }, smoke: { rounds: 1, runs: 10, pickups: 10 } };

export async function measureStageJobs(size: Size): Promise<Measurement[]> {
  const { rounds, runs, pickups } = SIZES[size];
  const bench = await openBenchDatabase(8);
  const plain = await openPlainChain(bench, STAGES.length);
  try {
    const rates = await interleave(rounds, {
      engine: () => engineJobsPerSecond(bench, runs),
      plain: () => plainJobsPerSecond(bench, plain, runs),
    });
    const taken = await pickupMs(pickups, bench);
    const plainTaken = await plainPickupMs(pickups, bench, plain);
    return [
      {
        what: 'stage jobs per second',
        ours: `${rates.engine.toFixed(0)}/s`,
        baseline: `plain graphile-worker, equal transactions: ${rates.plain.toFixed(0)}/s`,
        ratio: rates.engine / rates.plain,
        wanted: '≥ 0.8',
        rounds,
      },
      {
        what: 'job pickup p99, in ms',
        ours: `${quantile(taken, 0.99).toFixed(1)} ms (p50 ${quantile(taken, 0.5).toFixed(1)})`,
        baseline: `plain graphile-worker: ${quantile(plainTaken, 0.99).toFixed(1)} ms (p50 ${quantile(plainTaken, 0.5).toFixed(1)})`,
        ratio: quantile(taken, 0.99),
        wanted: '≤ 5',
        rounds: pickups,
      },
    ];
  } finally {
    await plain.close();
    await bench.close();
  }
}

/** Counts the tasks of a round: from the first one taken up to the last one. */
function countTasks(total: number) {
  let done = 0;
  let first = 0;
  let finish: (perSecond: number) => void = () => undefined;
  const perSecond = new Promise<number>((resolve) => {
    finish = resolve;
  });
  const onTask = () => {
    if (++done === 1) first = performance.now();
    if (done === total) finish((total - 1) / ((performance.now() - first) / 1000));
  };
  return { onTask, perSecond };
}

async function engineJobsPerSecond(bench: BenchDatabase, runs: number): Promise<number> {
  await queueRuns(bench, runs);
  const { onTask, perSecond } = countTasks(runs * STAGES.length);
  const worker = await startEngine(bench, onTask);
  const rate = await perSecond;
  await worker.stop();
  return rate;
}

async function plainJobsPerSecond(bench: BenchDatabase, chain: PlainChain, runs: number): Promise<number> {
  await chain.queue(runs);
  const { onTask, perSecond } = countTasks(runs * STAGES.length);
  const { runner, end } = await startPlain(bench, (payload) => chain.work(payload, onTask));
  const rate = await perSecond;
  await runner.stop();
  await end();
  return rate;
}

async function pickupMs(samples: number, bench: BenchDatabase): Promise<number[]> {
  let onStage: () => void = () => undefined;
  const worker = await startEngine(bench, (stage) => stage === STAGES[0] && onStage());
  const taken = await sample(samples, async (started) => {
    onStage = started;
    await queueRuns(bench, 1);
  });
  await worker.stop();
  return taken;
}

async function plainPickupMs(samples: number, bench: BenchDatabase, chain: PlainChain): Promise<number[]> {
  let onTask: () => void = () => undefined;
  const { runner, end } = await startPlain(bench, (payload) =>
    chain.work(payload, () => {
      if (payload.stage === 1) onTask();
    }),
  );
  const taken = await sample(samples, async (started) => {
    onTask = started;
    await chain.queue(1);
  });
  await runner.stop();
  await end();
  return taken;
}

/** From the moment `queue` has committed; it is over by then when the task began before we heard of the commit. */
async function sample(samples: number, queue: (started: () => void) => Promise<void>): Promise<number[]> {
  const taken: number[] = [];
  for (let i = -WARM_UP; i < samples; i++) {
    let started: (at: number) => void = () => undefined;
    const at = new Promise<number>((resolve) => {
      started = resolve;
    });
    await queue(() => started(performance.now()));
    const committed = performance.now();
    const tookMs = Math.max(0, (await at) - committed);
    if (i >= 0) taken.push(tookMs);
    await settled();
  }
  return taken;
}

/** Until the four other stages of the run before are done, more or less: a pickup is measured on an idle worker. */
const settled = () => new Promise((resolve) => setTimeout(resolve, 60));

/** Runs with their plans and first jobs, in one transaction. */
async function queueRuns({ admin, actor, projectId }: BenchDatabase, count: number): Promise<void> {
  const ids = Array.from({ length: count }, newId);
  const client = await admin.connect();
  try {
    await client.query(`begin; select set_config('app.tenant', '${actor.tenantId}', true)`);
    await client.query(
      `with made as (
         insert into runs (id, tenant_id, project_id, kind, status, current_stage, limits, input_hash, created_by)
         select id, $2, $3, 'BENCH', 'QUEUED', 's1', '{"wallMs":null}', '', $4 from unnest($1::uuid[]) id returning id)
       insert into run_stages (run_id, tenant_id, name, position)
       select made.id, $2, s, n from made, unnest($5::text[]) with ordinality t(s, n)`,
      [ids, actor.tenantId, projectId, actor.userId, STAGES],
    );
    await client.query(`select enqueue_stage(id, 's1', 0) from unnest($1::uuid[]) id`, [ids]);
    await client.query('commit');
  } finally {
    client.release();
  }
}

function startEngine({ urls }: BenchDatabase, onStage: (name: string) => void): Promise<RunningWorker> {
  const stage = (name: string) => async () => {
    onStage(name);
    return { output: null };
  };
  return startWorker({
    urls,
    blobs: {} as BlobStore, // these stages store nothing
    pipelines: [
      { kind: 'BENCH', stageNames: STAGES, stages: Object.fromEntries(STAGES.map((name) => [name, stage(name)])) },
    ],
    log: createLog('bench', 'error'),
    version: 'bench',
    concurrency: CONCURRENCY,
    pollMs: POLL_MS,
    stageTimeoutMs: 60_000,
    maxStageAttempts: 3,
    leaseMs: 8_000,
    sweepMs: 60_000,
    shutdownMs: 1_000,
  });
}

/** The settings of worker/start-worker.ts. */
async function startPlain(
  { urls }: BenchDatabase,
  work: (payload: PlainPayload) => Promise<void>,
): Promise<{ runner: Runner; end: () => Promise<void> }> {
  const pgPool = new pg.Pool({ connectionString: urls.queue, max: CONCURRENCY + 3 });
  const quiet = () => undefined; // the server is stopped under idle connections at the end
  pgPool.on('error', quiet);
  pgPool.on('connect', (client) => void client.on('error', quiet));
  const options: RunnerOptions = {
    pgPool,
    concurrency: CONCURRENCY,
    pollInterval: POLL_MS,
    noHandleSignals: true,
    parsedCronItems: [],
    logger: new Logger(() => () => undefined),
    preset: { worker: { completeJobBatchDelay: 0, failJobBatchDelay: 0 } },
    taskList: { plain: (payload) => work(payload as PlainPayload) },
  };
  const runner = await runGraphile(options);
  return { runner, end: () => pgPool.end() };
}

type PlainPayload = Parameters<PlainChain['work']>[0];
