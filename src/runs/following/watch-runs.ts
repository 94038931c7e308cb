/**
 * Conflated views: whenever runs may have changed, read where they stand now, and give it only if it differs from what
 * the client saw last. A slow client simply sees fewer steps; nothing is queued for it.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import type { Em } from '../../platform/database/database.js';
import { loadSql, runSql } from '../../platform/database/sql.js';
import { notFound } from '../../platform/errors.js';
import type { ActorContext } from '../../platform/graphql/api-context.js';
import { encodeId } from '../../platform/ids.js';
import { isTransient } from '../../platform/transient.js';
import { requireProject } from '../../projects/load-project.js';
import type { StageProgress } from '../run-stage.entity.js';
import { isTerminal, type RunStatus } from '../run-status.js';
import { hasStopped, stoppable } from './stoppable.js';

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
  const { feed } = ctx.services.runs;
  const onChange = (beat: () => void) => feed.onRunChange(ctx.actor.tenantId, runId, beat);
  return watch(ctx, { runId, read, onChange, ended: (progress) => isTerminal(progress.status) });
}

/** Stays open until the client leaves, or may no longer see the project. */
export function watchProject(
  ctx: ActorContext,
  projectId: string,
): AsyncGenerator<{ runs: RunProgress[] }, void, void> {
  const read = async (em: Em) => {
    await requireProject({ em }, projectId); // it may have been deleted or made private since the last look
    return { runs: await readProgress(em, { projectId, runId: null }) };
  };
  const onChange = (beat: () => void) => ctx.services.runs.feed.onProjectChange(projectId, beat);
  return watch(ctx, { runId: null, read, onChange, ended: () => false });
}

interface View<T> {
  runId: string | null;
  read: (em: Em) => Promise<T>;
  onChange: (beat: () => void) => () => void;
  ended: (value: T) => boolean;
}

function watch<T>(ctx: ActorContext, view: View<T>): AsyncGenerator<T, void, void> {
  const stop = new AbortController();
  return stoppable(looks(ctx, view, stop), stop);
}

async function* looks<T>(ctx: ActorContext, view: View<T>, stop: AbortController): AsyncGenerator<T, void, void> {
  const pulse = new Pulse(stop.signal);
  const forgetChange = view.onChange(() => pulse.beat());
  const forgetAccess = ctx.services.runs.feed.watchAccess(ctx.actor, view.runId, stop);
  let shown: T | undefined;
  try {
    while (!hasStopped(stop.signal)) {
      const value = await readOrWait(() => view.read(ctx.services.database.asActor(ctx.actor)), shown !== undefined);
      if (hasStopped(stop.signal)) return;
      if (value !== null && !isDeepStrictEqual(value, shown)) {
        shown = value;
        yield value;
      }
      if (value !== null && view.ended(value)) return;
      if (value === null) pulse.beat(); // the database is away: look again after the usual pause
      await pulse.next();
    }
  } finally {
    forgetChange();
    forgetAccess();
  }
}

/** Null when the database is away for the moment and there is something to wait with. */
async function readOrWait<T>(read: () => Promise<T>, mayWait: boolean): Promise<T | null> {
  try {
    return await read();
  } catch (error) {
    if (mayWait && isTransient(error)) return null;
    throw error;
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
    while (!this.#pending && !this.#signal.aborted) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
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
