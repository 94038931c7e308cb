import { EventEmitter, once } from 'node:events';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { BlobStore } from '../../src/platform/blobs/blob-store.js';
import type { Actor } from '../../src/platform/database/actor.js';
import { AppError } from '../../src/platform/errors.js';
import type { ActorContext } from '../../src/platform/graphql/api-context.js';
import { encodeId } from '../../src/platform/ids.js';
import { answerInputRequest } from '../../src/runs/answer-input-request.js';
import { cancelRun } from '../../src/runs/cancel-run.js';
import { readEvents } from '../../src/runs/following/read-events.js';
import { retryRun } from '../../src/runs/retry-run.js';
import type { Run } from '../../src/runs/run.entity.js';
import type { RunKindDeclaration } from '../../src/runs/run-kind.js';
import { type StartRunInput, startRun } from '../../src/runs/start-run.js';
import { createTestDatabase, type TestDatabase } from '../../tests/support/database.js';
import { contextFor, createActor, createProjectRow } from '../../tests/support/people.js';
import { startTestWorker } from '../../tests/support/start-test-worker.js';
import type { RunningWorker } from '../start-worker.js';
import type { Stage, StageContext } from './stage.js';

const KIND: RunKindDeclaration = {
  kind: 'ENGINE_TEST',
  stages: ['first', 'second'],
  limits: { wallMs: 60_000, modelTokens: null, costUsd: null, sources: null, artifactBytes: null },
};

let db: TestDatabase;
let actor: Actor;
let ctx: ActorContext;
let projectId: string;
let worker: RunningWorker;
const signals = new EventEmitter();
/** Behaviour of the stages, by the run's input. */
const behaviours = new Map<string, Partial<Record<'first' | 'second', Stage>>>();

const stage =
  (name: 'first' | 'second'): Stage =>
  (context) =>
    behaviours.get(context.run.clientRequestId ?? '')?.[name]?.(context) ??
    Promise.resolve({ output: { stage: name } });

beforeAll(async () => {
  db = await createTestDatabase({ poolSize: 20 });
  actor = await createActor(db);
  projectId = await createProjectRow(db, actor);
  ctx = contextFor(db, actor);
  await ctx.services.runs.feed.start();
  worker = await startTestWorker({
    urls: db.urls,
    blobs: {} as BlobStore, // no stage of this kind stores anything
    pipelines: [
      { kind: KIND.kind, stageNames: KIND.stages, stages: { first: stage('first'), second: stage('second') } },
    ],
  });
});

afterAll(async () => {
  await worker?.stop();
  await ctx?.services.runs.feed.stop();
  await db?.drop();
});

const start = (id: string, stages: Partial<Record<'first' | 'second', Stage>>, input: Partial<StartRunInput> = {}) => {
  behaviours.set(id, stages);
  return startRun(ctx, KIND, {
    projectId,
    clientRequestId: id,
    input: id,
    insertDetails: async () => undefined,
    ...input,
  });
};

/** Follows the run to its end and answers all it saw. */
async function follow(run: Run) {
  const seen: { seq: number; type: string; message: string; payload: Record<string, unknown> }[] = [];
  for await (const batch of ctx.services.runs.feed.follow({ actor, runId: run.id, after: 0 }))
    seen.push(...batch.events);
  const slice = await readEvents(db.database.asTenant(actor.tenantId), run.id, 0, 10_000);
  expect(seen.map((event) => event.seq)).toEqual(slice?.events.map((event) => event.seq));
  expect(seen.map((event) => event.seq)).toEqual(seen.map((_, index) => index + 1));
  return { types: seen.map((event) => event.type), events: seen, status: slice?.status };
}

const untilAborted = (context: StageContext) => {
  signals.emit(`working ${context.run.clientRequestId}`);
  return new Promise<never>((_, reject) =>
    context.signal.addEventListener('abort', () => reject(context.signal.reason)),
  );
};

test('a run goes through its stages, and a subscriber sees every event once and in order', async () => {
  const run = await start('whole', {
    first: async (context) => {
      for (let i = 1; i <= 50; i++) context.emit({ type: 'LOG_LINE', message: `line ${i}`, payload: {} });
      context.progress({ done: 1, total: 2, unit: 'steps' });
      await context.write(async () => undefined);
      return { output: { answer: 42 } };
    },
    second: async (context) => {
      expect(await context.output<{ answer: number }>('first')).toEqual({ answer: 42 });
      return {};
    },
  });
  expect(run.status).toBe('QUEUED');
  expect(run.currentStage).toBe('first');
  const { types, status } = await follow(run);
  expect(status).toBe('SUCCEEDED');
  expect(types.filter((type) => type === 'LOG_LINE')).toHaveLength(50);
  expect(types.filter((type) => type === 'STAGE_FINISHED')).toHaveLength(2);
  expect(types.at(-1)).toBe('STATE_CHANGED');
});

test('the same clientRequestId fifty times in parallel makes one run; another input is IDEMPOTENCY_CONFLICT', async () => {
  behaviours.set('same', {});
  const once50 = () =>
    startRun(contextFor(db, actor), KIND, {
      projectId,
      clientRequestId: 'same',
      input: 1,
      insertDetails: async () => undefined,
    });
  const runs = await Promise.all(Array.from({ length: 50 }, once50));
  expect(new Set(runs.map((run) => run.id)).size).toBe(1);
  await expect(start('same', {}, { input: 2 })).rejects.toMatchObject({ code: 'IDEMPOTENCY_CONFLICT' });
});

test('a transient error is tried again with back-off, an event each time, and a lasting one ends FAILED', async () => {
  const flaky = await start('flaky', {
    first: async (context) => {
      if (context.attempt < 3) throw new AppError('UNAVAILABLE', 'The source did not answer.', { retryable: true });
      return {};
    },
  });
  const { events, status } = await follow(flaky);
  expect(status).toBe('SUCCEEDED');
  const raised = events.filter((event) => event.type === 'ERROR_RAISED');
  expect(raised.map((event) => event.payload.retryInMs)).toEqual([500, 1000]);

  const poison = await start('poison', {
    second: async () => {
      throw new AppError('GATE_FAILED', 'Sentence 3 does not stand on its quote.', { hint: 'Look at it.' });
    },
  });
  expect((await follow(poison)).status).toBe('FAILED');
  const [row] = (await db.admin.query('select failure, current_stage from runs where id = $1', [poison.id])).rows;
  expect(row).toMatchObject({
    current_stage: 'second',
    failure: { code: 'GATE_FAILED', stage: 'second', hint: 'Look at it.' },
  });
});

/** A stage that fails with this, up to the event that tells so. */
async function failAsking(id: string, retryAfterMs: number) {
  const run = await start(id, {
    first: async () => {
      throw new AppError('UNAVAILABLE', 'The source is busy.', { retryable: true, details: { retryAfterMs } });
    },
  });
  for await (const batch of ctx.services.runs.feed.follow({ actor, runId: run.id, after: 0 })) {
    const raised = batch.events.find((event) => event.type === 'ERROR_RAISED');
    if (raised) return { run, raised };
  }
  throw new Error('It told of no failure.');
}

test('a stage that is asked to wait is not tried again sooner', async () => {
  const { run, raised } = await failAsking('asked to wait', 20_000);
  expect(raised.payload.retryInMs).toBe(20_000);
  const [job] = (
    await db.admin.query(
      `select extract(epoch from j.run_at - e.at) * 1000 as wait_ms
       from graphile_worker._private_jobs j join run_events e on e.run_id::text = j.payload->>'runId'
       where e.run_id = $1 and e.type = 'ERROR_RAISED'
       order by j.run_at desc limit 1`, // the job that failed may not have been cleared away yet
      [run.id],
    )
  ).rows;
  expect(Number(job.wait_ms)).toBeGreaterThanOrEqual(20_000 - 1); // both by the database's clock, within one transaction
  await cancelRun(contextFor(db, actor), encodeId('run', run.id));
  expect((await follow(run)).status).toBe('CANCELED');
});

test('a stage that is asked to wait for longer than it may ends FAILED, and says when to retry', async () => {
  const { run, raised } = await failAsking('asked for too much', 3_600_000);
  expect(raised.payload).toMatchObject({ retryInMs: null, hint: expect.stringContaining('3600 seconds') });
  expect((await follow(run)).status).toBe('FAILED');
});

test('a failed run goes on, when retried, at the stage it was in, and its failure is cleared', async () => {
  let broken = true;
  const calls: string[] = [];
  const run = await start('retried', {
    first: async () => {
      calls.push('first');
      return {};
    },
    second: async () => {
      calls.push('second');
      if (broken) throw new AppError('GATE_FAILED', 'no');
      return {};
    },
  });
  await follow(run);
  broken = false;
  const again = await retryRun(contextFor(db, actor), encodeId('run', run.id));
  expect(again).toMatchObject({ retryCount: 1, failure: null, finishedAt: null });
  expect((await follow(again)).status).toBe('SUCCEEDED');
  expect(calls).toEqual(['first', 'second', 'second']);
  await expect(retryRun(contextFor(db, actor), encodeId('run', run.id))).rejects.toMatchObject({
    code: 'INVALID_STATE',
  });
});

test('a cancel reaches a running stage, and nothing the stage does afterwards changes the run', async () => {
  const working = once(signals, 'working canceled');
  const run = await start('canceled', { first: untilAborted });
  await working;
  const acknowledged = await cancelRun(contextFor(db, actor), encodeId('run', run.id));
  expect(acknowledged.cancelRequestedAt).not.toBeNull();
  expect((await follow(run)).status).toBe('CANCELED');
  const unchanged = await cancelRun(contextFor(db, actor), encodeId('run', run.id));
  expect(unchanged.status).toBe('CANCELED');
});

test('a stage that ignores its signal is abandoned, and its late write is refused', async () => {
  const working = once(signals, 'deaf works');
  let release: () => void = () => undefined;
  const late = new Promise<unknown>((resolve) => {
    behaviours.set('deaf', {
      first: async (context) => {
        signals.emit('deaf works');
        await new Promise<void>((go) => {
          release = go;
        });
        resolve(await context.write(async () => 'written').catch((error) => error));
        return {};
      },
    });
  });
  const run = await start('deaf', behaviours.get('deaf') ?? {});
  await working;
  await cancelRun(contextFor(db, actor), encodeId('run', run.id));
  expect((await follow(run)).status).toBe('CANCELED');
  release();
  expect(await late).not.toBe('written');
});

async function raceOnce(id: string) {
  const run = await start(id, {});
  const answered = await cancelRun(contextFor(db, actor), encodeId('run', run.id));
  const { events, status } = await follow(run);
  const ends = events.filter(
    (event) => event.type === 'STATE_CHANGED' && ['SUCCEEDED', 'CANCELED', 'FAILED'].includes(String(event.payload.to)),
  );
  expect(ends, id).toHaveLength(1);
  if (answered.cancelRequestedAt) expect(status, id).toBe('CANCELED');
  return status;
}

test('cancel races finish two hundred times: one terminal state, never SUCCEEDED after the cancel was acknowledged', async () => {
  const outcomes: unknown[] = [];
  for (let batch = 0; batch < 10; batch++) {
    outcomes.push(...(await Promise.all(Array.from({ length: 20 }, (_, index) => raceOnce(`race ${batch}.${index}`)))));
  }
  expect(outcomes.filter((status) => status !== 'CANCELED' && status !== 'SUCCEEDED')).toEqual([]);
});

test('a stage that asks for input blocks the run until it is answered; the same answer again is a no-op, another a CONFLICT', async () => {
  const run = await start('asks', {
    first: async () => ({ block: { kind: 'TEST', prompt: 'Go on?', proposal: { go: true } } }),
    second: async (context) => ({ output: await context.answer() }),
  });
  let requestId = '';
  for await (const batch of ctx.services.runs.feed.follow({ actor, runId: run.id, after: 0 })) {
    const asked = batch.events.find((event) => event.type === 'INPUT_REQUESTED');
    if (asked) {
      requestId = String(asked.payload.requestId);
      break;
    }
  }
  const answer = (value: unknown) => answerInputRequest(contextFor(db, actor), { requestId, answer: value }, new Map());
  await Promise.all([answer({ go: 'yes' }), answer({ go: 'yes' }), answer({ go: 'yes' })]);
  await answer({ go: 'yes' });
  await expect(answer({ go: 'no' })).rejects.toMatchObject({ code: 'CONFLICT' });
  expect((await follow(run)).status).toBe('SUCCEEDED');
  const [row] = (await db.admin.query(`select output from run_stages where run_id = $1 and name = 'second'`, [run.id]))
    .rows;
  expect(row.output).toEqual({ go: 'yes' });
});

test('the wall budget ends a run TIMED_OUT with a label', async () => {
  const run = await start('slow', { first: untilAborted }, { limits: { wallMs: 1_000 } });
  expect((await follow(run)).status).toBe('TIMED_OUT');
  const [row] = (await db.admin.query('select failure from runs where id = $1', [run.id])).rows;
  expect(row.failure).toMatchObject({ code: 'BUDGET_EXCEEDED', details: { wallMs: 1_000 } });
});

test('a new run is refused with QUEUE_FULL and a retry hint when too many wait', async () => {
  const full = contextFor(db, actor);
  full.services.runs.queueLimit = 0;
  await expect(
    startRun(full, KIND, { projectId, input: 1, insertDetails: async () => undefined }),
  ).rejects.toMatchObject({ code: 'QUEUE_FULL', retryable: true, details: { retryInMs: expect.any(Number) } });
});

test('hostile text in events and outputs is stored, not refused', async () => {
  const run = await start('hostile', {
    first: async (context) => {
      context.emit({ type: 'LOG_LINE', message: 'a\u0000b\ud800c 🧪', payload: { 'k\u0000': '\u0000' } });
      return { output: { text: '\u0000\udfff' } };
    },
  });
  const { events, status } = await follow(run);
  expect(status).toBe('SUCCEEDED');
  expect(events.find((event) => event.type === 'LOG_LINE')?.message).toBe('a\ufffdb\ufffdc 🧪');
});
