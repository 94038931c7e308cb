/**
 * Conflated views: whenever runs may have changed, read where they stand now, and give it only if it differs from what
 * the client saw last. A slow client simply sees fewer steps; nothing is queued for it.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import type { Em } from '../platform/database/database.js';
import { loadSql, runSql } from '../platform/database/sql.js';
import { notFound } from '../platform/errors.js';
import type { ActorContext } from '../platform/graphql/api-context.js';
import { encodeId } from '../platform/ids.js';
import type { StageProgress } from './run-stage.entity.js';
import { isTerminal, type RunStatus } from './run-status.js';
import { stoppable } from './stoppable.js';

const READ = loadSql(import.meta.url, './sql/run-progress.sql');
const PROJECT_RUNS = 20; // the latest
const CONFLATE_MS = 200; // 0.2 seconds between two looks

export interface RunProgress {
  runId: string; // public
  kind: string;
  status: RunStatus;
  stage: string | null;
  stagesDone: number;
  stagesTotal: number;
  progress: StageProgress | null;
  lastSeq: number;
}

/** Ends when the run has ended. */
export function watchRun(ctx: ActorContext, runId: string): AsyncGenerator<RunProgress, void, void> {
  const read = async (em: Em) => {
    const [progress] = await readProgress(em, { projectId: null, runId });
    if (!progress) throw notFound('Run');
    return progress;
  };
  return watch(ctx, { runId, read, ended: (progress) => isTerminal(progress.status) });
}

/** Stays open until the client leaves. */
export function watchProject(ctx: ActorContext, projectId: string): AsyncGenerator<{ runs: RunProgress[] }, void, void> {
  const read = async (em: Em) => ({ runs: await readProgress(em, { projectId, runId: null }) });
  return watch(ctx, { runId: null, read, ended: () => false });
}

interface View<T> {
  runId: string | null;
  read: (em: Em) => Promise<T>;
  ended: (value: T) => boolean;
}

function watch<T>(ctx: ActorContext, view: View<T>): AsyncGenerator<T, void, void> {
  const stop = new AbortController();
  return stoppable(looks(ctx, view, stop), stop);
}

async function* looks<T>(ctx: ActorContext, view: View<T>, stop: AbortController): AsyncGenerator<T, void, void> {
  const { feed } = ctx.services.runs;
  const pulse = new Pulse(stop.signal);
  const forgetChange = feed.onAnyChange(() => pulse.beat());
  const forgetAccess = feed.watchAccess(ctx.actor, view.runId, stop);
  let shown: T | undefined;
  try {
    while (!stop.signal.aborted) {
      const value = await view.read(ctx.em.fork());
      if (!isDeepStrictEqual(value, shown)) yield value;
      shown = value;
      if (view.ended(value)) return;
      await pulse.next();
    }
    if (stop.signal.reason instanceof Error && stop.signal.reason.name === 'AppError') throw stop.signal.reason;
  } finally {
    forgetChange();
    forgetAccess();
  }
}

/** Many beats between two looks count as one, and two looks are at least `CONFLATE_MS` apart. */
class Pulse {
  readonly #signal: AbortSignal;
  #pending = false;
  #wake: (() => void) | undefined;

  constructor(signal: AbortSignal) {
    this.#signal = signal;
    signal.addEventListener('abort', () => this.#wake?.(), { once: true });
  }

  beat(): void {
    this.#pending = true;
    this.#wake?.();
  }

  async next(): Promise<void> {
    await delay(CONFLATE_MS, undefined, { signal: this.#signal }).catch(() => undefined);
    while (!this.#pending && !this.#signal.aborted) await new Promise<void>((resolve) => { this.#wake = resolve; });
    this.#pending = false;
  }
}

interface Row {
  id: string;
  kind: string;
  status: RunStatus;
  stage: string | null;
  last_seq: number;
  stages_done: number;
  stages_total: number;
  progress: StageProgress | null;
}

async function readProgress(em: Em, which: { projectId: string | null; runId: string | null }): Promise<RunProgress[]> {
  const rows = await runSql<Row>(em, READ, [which.projectId, which.runId, which.runId ? 1 : PROJECT_RUNS]);
  return rows.map((row) => ({
    runId: encodeId('run', row.id),
    kind: row.kind,
    status: row.status,
    stage: row.stage,
    stagesDone: row.stages_done,
    stagesTotal: row.stages_total,
    progress: row.progress,
    lastSeq: row.last_seq,
  }));
}
