/**
 * A worker process, put together: its pools, its lease, the graphile-worker runner on role `pw_queue`, the sweeper and
 * the watch for cancels. Stopping drains: no new job is taken, stages under way may end within the time given, and what
 * is left is handed back without counting an attempt.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { Logger, type Runner, run } from 'graphile-worker';
import pg from 'pg';
import type { BlobNames } from '../src/artifacts/blob-names.js';
import { sweepBlobs } from '../src/artifacts/sweep-blobs.js';
import { ENTITIES } from '../src/entities.js';
import type { AuditHeadStore } from '../src/identity/audit/audit-head.js';
import { createHeadSigner } from '../src/identity/audit/sign-audit-heads.js';
import { resealAll } from '../src/identity/mfa/reseal.js';
import type { Sealer } from '../src/identity/mfa/sealed-secret.js';
import type { BlobStore } from '../src/platform/blobs/blob-store.js';
import { type Database, openDatabase } from '../src/platform/database/database.js';
import type { DatabaseUrls } from '../src/platform/database/roles.js';
import { runSql } from '../src/platform/database/sql.js';
import { newId } from '../src/platform/ids.js';
import type { Log } from '../src/platform/log.js';
import { Listener } from '../src/platform/notifications/listener.js';
import { createNotifier } from '../src/platform/notifications/notifier.js';
import { countWaiting } from '../src/runs/count-waiting.js';
import { RUN_CHANNEL } from '../src/runs/run-channel.js';
import { ActiveStages } from './engine/active-stages.js';
import type { DebugPoint } from './engine/debug-point.js';
import type { Engine } from './engine/engine.js';
import { executeStage } from './engine/execute-stage.js';
import { takeLease } from './engine/lease.js';
import type { Pipeline } from './engine/stage.js';
import { StageJobSchema } from './engine/stage-job.js';
import { sweep } from './engine/sweep.js';
import { indexDueLibraries } from './index-libraries.js';
import { standardPaperTools } from './open-paper-tools.js';
import { createStageMetrics, serveMetrics } from './stage-metrics.js';
import { type SharedLanes, shareLanes } from './tools/connectors/shared-lanes.js';
import type { EmbeddingModel } from './tools/model/embedding-model.js';
import type { LanguageModel } from './tools/model/language-model.js';
import type { PaperTools } from './tools/papers/paper-tools.js';
import { openHealthReport, type ReportHealth } from './tools/report-health.js';

const DAY_MS = 24 * 60 * 60 * 1000;
const RELEASE_MS = 2_000; // 2 seconds for stopped stages to be handed back

export interface WorkerOptions {
  urls: Pick<DatabaseUrls, 'app' | 'queue'>;
  blobs: BlobStore;
  pipelines: readonly Pipeline[];
  /** The builtin engine when absent; the lanes are what it shares with other workers. */
  papers?: (lanes: SharedLanes, reportHealth: ReportHealth) => PaperTools;
  model?: LanguageModel | null; // none when absent
  embedding?: EmbeddingModel | null; // none when absent
  log: Log;
  version: string;
  concurrency: number;
  pollMs: number;
  stageTimeoutMs: number;
  maxStageAttempts: number;
  leaseMs: number;
  sweepMs: number;
  shutdownMs: number;
  /** Which rows name blobs, and how often those that none names are deleted; absent: never by this worker. */
  blobSweep?: { names: readonly BlobNames[]; everyMs: number; graceMs: number };
  /** Where the signed ends of the audit logs are kept, and how often they are brought up to date; absent: never by this worker. */
  auditHeads?: { store: AuditHeadStore; everyMs: number };
  /** With which second factors are sealed; what an earlier key has sealed is sealed anew at the start. Absent: not by this worker. */
  sealer?: Sealer;
  /** How often it looks for libraries whose index is to be kept; absent: never by this worker. */
  indexing?: { everyMs: number };
  debugPoint?: DebugPoint; // nowhere when absent
  /** Where Prometheus finds this process; absent: it counts nothing. */
  metrics?: { host: string; port: number };
}

export interface RunningWorker {
  workerId: string;
  /** Undefined when metrics are off. */
  metricsPort: number | undefined;
  stop(): Promise<void>;
}

export async function startWorker(options: WorkerOptions): Promise<RunningWorker> {
  const { log } = options;
  const workerId = newId();
  // a stage holds at most one connection; lease, sweeper, notifier, cancel watch and indexing need theirs
  const database = await openDatabase({
    url: options.urls.app,
    entities: ENTITIES,
    poolSize: options.concurrency * 2 + 5,
  });
  const notifier = createNotifier(database, RUN_CHANNEL, (error) => log.debug({ err: error }, 'a hint was not sent'));
  const active = new ActiveStages(database, workerId);
  const metrics = options.metrics ? createStageMetrics(() => countWaiting(database.nobody)) : null;
  const reportHealth = openHealthReport(database.nobody, log);
  const engine: Engine = {
    ...options,
    database,
    workerId,
    notifier,
    active,
    metrics,
    debugPoint: options.debugPoint ?? (async () => undefined),
    pipelines: new Map(options.pipelines.map((pipeline) => [pipeline.kind, pipeline])),
    services: {
      blobs: options.blobs,
      papers: options.papers?.(shareLanes(database.nobody), reportHealth) ?? standardPaperTools(),
      model: options.model ?? null,
      embedding: options.embedding ?? null,
      reportHealth,
      log,
    },
  };
  const shown = metrics && options.metrics ? await serveMetrics(metrics, options.metrics) : undefined;
  await runSql(database.nobody, 'select create_partitions()');
  if (options.sealer) await resealAll({ scope: database.nobody, sealer: options.sealer, log });
  const lease = await takeLease(database, { ...options, workerId });
  const cancels = new Listener({
    url: options.urls.app,
    channel: RUN_CHANNEL,
    onIds: (ids) => active.hint(ids),
    onReconnect: () => undefined,
  });
  await cancels.start();
  const queuePool = openQueuePool(options);
  const runner = await startRunner(options, queuePool, (payload) =>
    executeStage(engine, StageJobSchema.parse(payload)),
  );
  const indexing = indexingLibraries(options, database, queuePool);
  const timers = [
    every(options.sweepMs, log, async () => void (await sweep({ database, notifier, workerId, active, log }))),
    ...sweepingBlobs(options, database),
    ...signingAuditHeads(options, database),
    ...indexing.timers,
    every(DAY_MS, log, async () => void (await runSql(database.nobody, 'select create_partitions()'))),
  ];

  return {
    workerId,
    metricsPort: shown?.port,
    async stop() {
      for (const timer of timers) clearInterval(timer);
      indexing.stop();
      const stopped = runner.stop();
      await Promise.race([stopped, delay(options.shutdownMs, undefined, { ref: false })]);
      active.abortAll('SHUTDOWN');
      await Promise.race([stopped, delay(RELEASE_MS, undefined, { ref: false })]);
      active.close();
      await shown?.close();
      metrics?.registry.clear();
      await cancels.stop();
      await notifier.flush().catch(() => undefined);
      await lease.end().catch(() => undefined); // it lapses by itself
      await indexing.ended();
      await queuePool.end().catch(() => undefined);
      await database.close();
    },
  };
}

function sweepingBlobs({ blobSweep, blobs, log }: WorkerOptions, database: Database): NodeJS.Timeout[] {
  if (!blobSweep) return [];
  const { names, everyMs, graceMs } = blobSweep;
  const context = { database, blobs, clock: () => new Date() };
  const work = async () => {
    const { deleted, deletedBytes } = await sweepBlobs(context, { names, graceMs });
    if (deleted > 0) log.info({ deleted, deletedBytes }, 'deleted blobs that nobody names');
  };
  return [every(everyMs, log, work)];
}

function signingAuditHeads({ auditHeads, log }: WorkerOptions, database: Database): NodeJS.Timeout[] {
  if (!auditHeads) return [];
  const signer = createHeadSigner({ database, heads: auditHeads.store, log });
  return [every(auditHeads.everyMs, log, async () => void (await signer.sign()))];
}

/** Of this worker; `ended` when nothing of it is under way. */
function indexingLibraries({ indexing, log }: WorkerOptions, database: Database, queuePool: pg.Pool) {
  const stopped = new AbortController();
  let work: Promise<void> = Promise.resolve();
  const look = () => {
    work = indexDueLibraries({ database, queuePool, log, signal: stopped.signal });
    return work;
  };
  return {
    timers: indexing ? [every(indexing.everyMs, log, look)] : [],
    stop: () => stopped.abort('SHUTDOWN'),
    ended: () => Promise.race([work.catch(() => undefined), delay(RELEASE_MS, undefined, { ref: false })]),
  };
}

function openQueuePool(options: WorkerOptions): pg.Pool {
  const pool = new pg.Pool({
    connectionString: options.urls.queue,
    max: options.concurrency + 4, // a library's index is kept beside the stages
    application_name: 'paperwright-queue',
  });
  const quiet = () => undefined; // a broken connection is replaced at the next use
  pool.on('error', quiet);
  pool.on('connect', (client) => void client.on('error', quiet));
  return pool;
}

function startRunner(
  options: WorkerOptions,
  pgPool: pg.Pool,
  work: (payload: unknown) => Promise<void>,
): Promise<Runner> {
  const { log } = options;
  return run({
    pgPool,
    concurrency: options.concurrency,
    pollInterval: options.pollMs,
    noHandleSignals: true,
    parsedCronItems: [], // else it looks for a crontab file in the working directory
    taskList: { stage: work },
    logger: new Logger(() => (level, message) => {
      if (level === 'error') log.warn(message);
      else log.trace(message);
    }),
    // with batches, a stop in 0.18.0 can end the pool before a finished job is written off, and it runs again
    preset: { worker: { completeJobBatchDelay: 0, failJobBatchDelay: 0 } },
  });
}

function every(ms: number, log: Log, work: () => Promise<void>): NodeJS.Timeout {
  let busy = false;
  return setInterval(() => {
    if (busy) return;
    busy = true;
    work()
      .catch((error) => log.warn({ err: error }, 'periodic work failed; it is tried again'))
      .finally(() => {
        busy = false;
      });
  }, ms);
}
