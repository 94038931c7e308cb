/** A worker in the test's own process, as the product starts it, with the patience of a test. */
import { createLog } from '../../src/platform/log.js';
import { type RunningWorker, startWorker, type WorkerOptions } from '../../worker/start-worker.js';

type Needed = Pick<WorkerOptions, 'urls' | 'blobs' | 'pipelines'>;

export const startTestWorker = (options: Needed & Partial<WorkerOptions>): Promise<RunningWorker> =>
  startWorker({
    log: createLog('test', 'silent'),
    version: 'test',
    concurrency: 4,
    pollMs: 200,
    stageTimeoutMs: 30_000,
    maxStageAttempts: 3,
    leaseMs: 8_000,
    sweepMs: 500,
    shutdownMs: 2_000,
    ...options,
  });
