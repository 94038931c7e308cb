/** One trace from a request over its run's stages to their blobs, ids in each log line, and figures for Prometheus. */

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { putContent } from '../../src/platform/blobs/blob-store.js';
import { openDiskBlobStore } from '../../src/platform/blobs/disk-blob-store.js';
import { createSignedUrls } from '../../src/platform/blobs/signed-urls.js';
import { AppError } from '../../src/platform/errors.js';
import type { ActorContext } from '../../src/platform/graphql/api-context.js';
import { encodeId } from '../../src/platform/ids.js';
import { addFacts, lineFacts } from '../../src/platform/telemetry/facts.js';
import { traceBlobs } from '../../src/platform/telemetry/trace-blobs.js';
import { inSpan, startTracing } from '../../src/platform/telemetry/tracing.js';
import type { Run } from '../../src/runs/run.entity.js';
import type { RunKindDeclaration } from '../../src/runs/run-kind.js';
import { startRun } from '../../src/runs/start-run.js';
import { createTestDatabase, type TestDatabase } from '../../tests/support/database.js';
import { contextFor, createActor, createProjectRow } from '../../tests/support/people.js';
import { startTestWorker } from '../../tests/support/start-test-worker.js';
import { attributeOf, collectTraces, type TraceCollector } from '../../tests/support/trace-collector.js';
import type { RunningWorker } from '../start-worker.js';
import type { Stage } from './stage.js';

const KIND: RunKindDeclaration = {
  kind: 'OBSERVED',
  stages: ['store', 'end'],
  limits: { wallMs: 60_000, modelTokens: null, costUsd: null, sources: null, artifactBytes: null },
};

let db: TestDatabase;
let ctx: ActorContext;
let projectId: string;
let folder: string;
let collector: TraceCollector;
let worker: RunningWorker;
let metrics: string;
let ended: Run;
const logged: Record<string, unknown>[] = [];

const store: Stage = async ({ services, tenantId }) => {
  addFacts({ paperId: 'paper_of_this_stage' });
  await putContent(services.blobs, tenantId, 'some text');
  services.log.info('stored');
  return {};
};
const end: Stage = async ({ run }) => {
  if (run.clientRequestId === 'fails') throw new AppError('BAD_INPUT', 'It cannot be done.');
  return {};
};

beforeAll(async () => {
  collector = await collectTraces();
  folder = await mkdtemp(path.join(tmpdir(), 'observed-'));
  const urls = createSignedUrls({
    secret: Buffer.alloc(32),
    publicUrl: () => 'http://localhost',
    clock: () => new Date(),
  });
  db = await createTestDatabase();
  const actor = await createActor(db);
  projectId = await createProjectRow(db, actor);
  ctx = contextFor(db, actor);
  worker = await startTestWorker({
    urls: db.urls,
    blobs: traceBlobs(await openDiskBlobStore({ root: folder, urls })),
    pipelines: [{ kind: KIND.kind, stageNames: KIND.stages, stages: { store, end } }],
    log: pino({ level: 'info', mixin: lineFacts }, { write: (line) => void logged.push(JSON.parse(line)) }),
    metrics: { host: '127.0.0.1', port: 0 },
  });

  const start = (clientRequestId: string) =>
    inSpan('mutation startObserved', { kind: 'server' }, () =>
      startRun(ctx, KIND, { projectId, clientRequestId, input: null, insertDetails: async () => undefined }),
    );
  ended = await start('succeeds');
  await start('fails');
  await vi.waitFor(
    async () => {
      metrics = await scrape();
      for (const status of ['SUCCEEDED', 'FAILED']) expect(metrics).toContain(`kind="OBSERVED",status="${status}"} 1`);
    },
    { timeout: 20_000, interval: 50 },
  );
  await worker.stop();
  await collector.flush();
});

afterAll(async () => {
  await db?.drop();
  await rm(folder, { recursive: true, force: true });
});

const scrape = async () => (await fetch(`http://127.0.0.1:${worker.metricsPort}/metrics`)).text();

describe('a run that was requested inside a span', () => {
  it('has its stages and their blobs in the trace of the request', () => {
    const request = collector.spans.find(({ name }) => name === 'mutation startObserved');
    const ofTrace = collector.spans.filter(({ traceId }) => traceId === request?.traceId);
    const stage = ofTrace.find(({ name }) => name === 'stage OBSERVED.store');
    expect(stage?.parentSpanId).toBe(request?.spanId);
    expect(ofTrace.find(({ name }) => name === 'stage OBSERVED.end')?.parentSpanId).toBe(request?.spanId);
    expect(ofTrace.find(({ name }) => name === 'blob put')?.parentSpanId).toBe(stage?.spanId);
  });

  it('names the run in its spans', () => {
    const stages = collector.spans.filter(({ name }) => name === 'stage OBSERVED.store'); // of two runs, in any order
    const runId = { stringValue: encodeId('run', ended.id) };
    const stage = stages.find((span) => isDeepStrictEqual(attributeOf(span, 'runId'), runId));
    expect(attributeOf(stage, 'stage.outcome')).toEqual({ stringValue: 'OK' });
  });

  it('puts tenant, run, stage, paper and trace into each log line', () => {
    const line = logged.find(({ msg, runId }) => msg === 'stored' && runId === encodeId('run', ended.id));
    expect(line).toMatchObject({
      tenantId: encodeId('ten', ctx.actor.tenantId),
      stage: 'store',
      attempt: 1,
      paperId: 'paper_of_this_stage',
      traceId: collector.spans.find(({ name }) => name === 'mutation startObserved')?.traceId,
    });
  });
});

describe('the metrics of a worker', () => {
  it('count stages by outcome and runs by status', () => {
    expect(metrics).toContain('paperwright_stage_duration_seconds_count{kind="OBSERVED",stage="store",outcome="OK"} 2');
    expect(metrics).toContain(
      'paperwright_stage_duration_seconds_count{kind="OBSERVED",stage="end",outcome="FAILED"} 1',
    );
    expect(metrics).toContain('paperwright_run_duration_seconds_count{kind="OBSERVED",status="SUCCEEDED"} 1');
    expect(metrics).toContain('paperwright_run_wait_seconds_count{kind="OBSERVED"} 2');
    expect(metrics).toContain('paperwright_queue_depth 0');
  });
});

describe('without a collector', () => {
  it('records nothing, and the work is done all the same', async () => {
    const off = startTracing({ name: 'test', version: '0' }, { endpoint: undefined, ratio: 1 });
    expect(await inSpan('anything', {}, async (span) => span.isRecording())).toBe(false);
    await off.stop();
  });
});
