/**
 * The context a stage works with. What it emits is flushed every `FLUSH_MS`, always in order, always fenced; progress is
 * conflated to one event a flush.
 */
import type { Database, Em } from '../../src/platform/database/database.js';
import { runSql, type SqlRunner, type SqlScope } from '../../src/platform/database/sql.js';
import { AppError } from '../../src/platform/errors.js';
import type { Notifier } from '../../src/platform/notifications/notifier.js';
import { appendEvents } from '../../src/runs/append-events.js';
import { lockRun } from '../../src/runs/lock-run.js';
import type { RunEventDraft } from '../../src/runs/run-event.js';
import type { StageProgress } from '../../src/runs/run-stage.entity.js';
import type { Claim } from './claim-stage.js';
import type { DebugPoint } from './debug-point.js';
import { EventBuffer } from './event-buffer.js';
import type { DebugPointName, StageContext, StageServices } from './stage.js';

const FLUSH_MS = 100; // 0.1 seconds: what a person sees as at once

export interface OpenStage {
  context: StageContext;
  /** Stops the timer, waits for a flush under way and answers what is still owed. */
  close(): Promise<EventBuffer>;
}

export interface StageContextParts {
  claim: Claim;
  database: Database;
  signal: AbortSignal;
  services: StageServices;
  notifier: Notifier;
  debugPoint: DebugPoint;
}

export function openStageContext(parts: StageContextParts): OpenStage {
  const { claim, database, signal, services, notifier } = parts;
  const { run, stage, fence, attempt } = claim;
  const forkEm = () => database.asTenant(run.tenantId);
  const buffer = new EventBuffer(run.lastSeq);
  let latestProgress: StageProgress | null = null;
  let flushing: Promise<void> = Promise.resolve();

  function takeProgress(): StageProgress | null {
    const progress = latestProgress;
    latestProgress = null;
    if (progress) buffer.add(progressEvent(progress));
    return progress;
  }

  /** `inTransaction` opens one and hands its scope on. */
  async function writeFenced<Scope extends SqlScope, T>(
    inTransaction: (body: (scope: Scope) => Promise<T>) => Promise<T>,
    work: (scope: Scope) => Promise<T>,
  ): Promise<T> {
    signal.throwIfAborted();
    const progress = takeProgress();
    let sent = 0;
    try {
      const value = await inTransaction(async (scope) => {
        const events = buffer.owed(await lockRun(scope, run.id, fence));
        const made = await work(scope);
        if (progress) await saveProgress(scope, run.id, stage, progress);
        sent = events.length;
        await appendEvents(scope, run.id, events, fence, stage);
        return made;
      });
      buffer.stored(sent);
      notifier.touch(run.id);
      return value;
    } catch (error) {
      buffer.unknown(sent);
      throw error;
    }
  }

  const inEm = <T>(body: (em: Em) => Promise<T>): Promise<T> => forkEm().transactional((em) => body(em as Em));
  const inSql = <T>(body: (sql: SqlRunner) => Promise<T>): Promise<T> => database.inTenant(run.tenantId, body);

  /** One at a time, so that batches never overtake each other. */
  function serialised<T>(work: () => Promise<T>): Promise<T> {
    const turn = flushing.then(work);
    flushing = turn.then(
      () => undefined,
      () => undefined,
    );
    return turn;
  }

  const flush = () =>
    serialised(async () => {
      if ((!buffer.isEmpty || latestProgress) && !signal.aborted) await writeFenced(inSql, async () => undefined);
    }).catch(() => undefined); // kept in the buffer; the next flush or the completion writes it or fails for all to see
  const timer = setInterval(flush, FLUSH_MS);

  let lazyEm: Em | undefined;
  const context: StageContext = {
    run,
    tenantId: run.tenantId,
    stage,
    attempt,
    limits: run.limits,
    get em() {
      lazyEm ??= forkEm(); // many a stage needs no entity
      return lazyEm;
    },
    signal,
    services,
    emit: (event) => buffer.add(event),
    progress({ done, total = null, unit = null, message = null }) {
      latestProgress = { done, total, unit, message };
    },
    write: (work) => serialised(() => writeFenced(inEm, work)),
    output: (name) => inSql((sql) => readOutput(sql, run.id, name)),
    answer: () => inSql((sql) => readAnswer(sql, run.id)),
    debugPoint: (name: DebugPointName) => parts.debugPoint(claim, name),
  };

  return {
    context,
    async close() {
      clearInterval(timer);
      await flushing;
      takeProgress();
      return buffer;
    },
  };
}

const progressEvent = ({ done, total, unit, message }: StageProgress): RunEventDraft => ({
  type: 'STAGE_PROGRESSED',
  message: message ?? [done, total === null ? '' : `of ${total}`, unit ?? ''].filter((part) => part !== '').join(' '),
  payload: { done, total, unit },
});

const saveProgress = (sql: SqlScope, runId: string, stage: string, progress: StageProgress) =>
  runSql(sql, 'update run_stages set progress = $3 where run_id = $1 and name = $2', [
    runId,
    stage,
    JSON.stringify(progress),
  ]);

async function readOutput<T>(sql: SqlRunner, runId: string, stage: string): Promise<T> {
  const [row] = await runSql<{ output: T; status: string }>(
    sql,
    `select output, status from run_stages where run_id = $1 and name = $2 and status = 'SUCCEEDED'`,
    [runId, stage],
  );
  if (!row) throw new AppError('INTERNAL', `The stage ${stage} has left no output yet.`);
  return row.output;
}

async function readAnswer<T>(sql: SqlRunner, runId: string): Promise<T | null> {
  const [row] = await runSql<{ answer: T }>(
    sql,
    `select answer from input_requests where run_id = $1 and status = 'ANSWERED' order by answered_at desc limit 1`,
    [runId],
  );
  return row?.answer ?? null;
}
