/**
 * A worker as it really runs, with one more kind (FAULT_TEST, whose stages do as the run's clientRequestId says) and
 * with places where it waits to be struck: HOLD_AT is `{clientRequestId: "stage.point"}`, and reaching a place is told
 * over IPC as `{type: 'held', request}`. Forked by tests; runs the product's code out of dist/.
 */
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { loadConfig } from '../../../src/config.js';
import { openBlobStore } from '../../../src/open-blob-store.js';
import { createLog } from '../../../src/platform/log.js';
import { prepareDatabase } from '../../../src/prepare-database.js';
import { runProcess } from '../../../src/run-process.js';
import { BLOB_NAMES } from '../../../worker/blob-names.js';
import { type DebugPoint, parseDebugPoint } from '../../../worker/engine/debug-point.js';
import type { Pipeline, Stage, StageContext } from '../../../worker/engine/stage.js';
import { PIPELINES } from '../../../worker/pipelines/pipelines.js';
import { startWorker } from '../../../worker/start-worker.js';

const EMIT_BATCH = 5;
const EMIT_EVERY_MS = 50;

/** By the first word of the clientRequestId; the second is `argument`. */
const BEHAVIOURS: Record<string, (ctx: StageContext, argument: number) => Promise<void>> = {
  quick: async () => undefined,
  /** Blocks the run until it is answered. */
  ask: async () => undefined,
  /** Emits so many lines, a few at a time, as a tool's output comes. */
  emit: async (ctx, lines) => {
    for (let line = 1; line <= lines; line++) {
      ctx.emit({ type: 'LOG_LINE', message: `line ${line}`, payload: {} });
      if (line % EMIT_BATCH === 0) await delay(EMIT_EVERY_MS, undefined, { signal: ctx.signal });
    }
  },
  /** Goes on at the second attempt; at the first it lasts until it is stopped. */
  stuck: async ({ attempt, signal }) => {
    if (attempt === 1 && !signal.aborted) await once(signal, 'abort');
    signal.throwIfAborted();
  },
  /** Takes so many milliseconds, unless it is stopped. */
  linger: async (ctx, ms) => void (await delay(ms, undefined, { signal: ctx.signal })),
  /** Takes its worker down, every time. */
  poison: async () => {
    process.kill(process.pid, 'SIGKILL');
    await new Promise(() => undefined);
  },
};

const stage: Stage = async (ctx) => {
  const [name = '', argument] = (ctx.run.clientRequestId ?? '').split(' ');
  await BEHAVIOURS[name]?.(ctx, Number(argument));
  if (name === 'ask') return { block: { kind: 'TEST', prompt: 'Go on?', proposal: { go: true } } };
  return { output: { stage: ctx.stage } };
};
const quick: Stage = async () => ({});
const FAULT_TEST: Pipeline = {
  kind: 'FAULT_TEST',
  stageNames: ['first', 'second'],
  stages: { first: stage, second: quick },
};

const holdAt = JSON.parse(process.env.HOLD_AT ?? '{}') as Record<string, string>;

const holding: DebugPoint = async ({ run, stage: at, attempt }, point) => {
  const request = run.clientRequestId ?? '';
  if (holdAt[request] !== `${at}.${point}` || attempt > 1) return;
  process.send?.({ type: 'held', request });
  await new Promise(() => undefined);
};

await runProcess(async () => {
  const config = loadConfig();
  const { urls } = await prepareDatabase(config.database.source);
  const { store } = await openBlobStore(config, () => 'http://localhost');
  const worker = await startWorker({
    ...config.worker,
    debugPoint: process.env.HOLD_AT ? holding : parseDebugPoint(config.worker.debugPoint),
    blobSweep: { names: BLOB_NAMES, ...config.blobSweep },
    urls,
    blobs: store,
    pipelines: [...PIPELINES, FAULT_TEST],
    log: createLog('worker', config.logLevel),
    version: 'test',
    shutdownMs: config.shutdownMs,
  });
  return { shutdownMs: config.shutdownMs, stop: () => worker.stop() };
});
