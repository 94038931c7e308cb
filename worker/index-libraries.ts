/**
 * Keeps the indexes of libraries beside the runs. Jobs come through the queue, one a library, but not through the runner that
 * has the stages: one at a time is taken on a timer, so a stage never waits for one. A job works for `SLICE_MS` and hands over
 * to its successor, so libraries take turns. The successor is queued before the work begins, at a time when the work is
 * surely over: should this worker die, that job goes on where it was left. Whatever fails, searches only take longer.
 */
import { Logger, runTaskListOnce, type WorkerPool } from 'graphile-worker';
import type pg from 'pg';
import { z } from 'zod';
import { isIndexed, keepLibraryIndex } from '../src/evidence/keep-library-index.js';
import { wantLibraryIndexIn } from '../src/evidence/want-library-index.js';
import type { Database } from '../src/platform/database/database.js';
import type { Log } from '../src/platform/log.js';

export interface LibraryIndexing {
  database: Database;
  queuePool: pg.Pool; // of role pw_queue
  log: Log;
  signal: AbortSignal; // breaks off what is under way
}

const SLICE_MS = 20_000; // 20 seconds, and the step that is under way then
const SUCCEEDED_BY_MS = 120_000; // 2 minutes: a slice is over by then on a machine that is much slower
const AFTER_FAILURE_MS = 600_000; // 10 minutes

const JobSchema = z.object({ tenantId: z.uuid(), projectId: z.uuid() });
type Job = z.infer<typeof JobSchema>;

/** Works off the jobs that are due, one after the other. */
export async function indexDueLibraries(indexing: LibraryIndexing): Promise<void> {
  const { queuePool, log, signal } = indexing;
  if (signal.aborted) return;
  const client = await queuePool.connect();
  let pool: WorkerPool | undefined;
  const stop = () => void Promise.resolve(pool?.gracefulShutdown()).catch(() => undefined);
  signal.addEventListener('abort', stop);
  try {
    pool = runTaskListOnce(
      {
        noHandleSignals: true,
        logger: new Logger(() => (level, message) => {
          if (level === 'error') log.warn(message);
        }),
        preset: { worker: { completeJobBatchDelay: 0, failJobBatchDelay: 0 } },
      },
      { index_library: (payload) => indexLibrary(indexing, JobSchema.parse(payload)) },
      client,
    );
    await pool.promise;
  } finally {
    signal.removeEventListener('abort', stop);
    client.release();
  }
}

async function indexLibrary({ database, log, signal }: LibraryIndexing, library: Job): Promise<void> {
  const { tenantId, projectId } = library;
  const em = () => database.asTenant(tenantId);
  if (await isIndexed(em(), projectId)) return;
  const goOnIn = (ms: number) => wantLibraryIndexIn(em(), projectId, ms);
  await goOnIn(SUCCEEDED_BY_MS);
  try {
    const isDone = await keepLibraryIndex(em(), library, { signal, until: performance.now() + SLICE_MS });
    if (!isDone) await goOnIn(0);
  } catch (error) {
    if (!signal.aborted)
      log.warn({ err: error, projectId }, 'the index of a library could not be kept; it is tried again');
    await goOnIn(signal.aborted ? 0 : AFTER_FAILURE_MS);
  }
}
