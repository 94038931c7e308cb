/**
 * One database, one folder of blobs, one person with a project, and real worker processes that can be struck. Runs are
 * started by the product's own use cases; what became of them is read from the tables, behind the walls.
 */
import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { expect, vi } from 'vitest';
import { ingestPaper } from '../../../src/kinds/ingestion/ingest-paper.js';
import { startResearch } from '../../../src/kinds/research/start-research.js';
import { prepareUpload } from '../../../src/papers/prepare-upload.js';
import { uploadKey } from '../../../src/platform/blobs/blob-key.js';
import type { BlobStore } from '../../../src/platform/blobs/blob-store.js';
import { openDiskBlobStore } from '../../../src/platform/blobs/disk-blob-store.js';
import { createSignedUrls } from '../../../src/platform/blobs/signed-urls.js';
import type { Actor } from '../../../src/platform/database/actor.js';
import type { ActorContext } from '../../../src/platform/graphql/api-context.js';
import { encodeId } from '../../../src/platform/ids.js';
import type { Run, RunFailure } from '../../../src/runs/run.entity.js';
import type { RunKindDeclaration } from '../../../src/runs/run-kind.js';
import { isTerminal, type RunStatus } from '../../../src/runs/run-status.js';
import { startRun } from '../../../src/runs/start-run.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { contextFor, createActor, createProjectRow } from '../../support/people.js';
import { type ProductProcess, processSettings, startChild } from '../../support/product.js';

const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../..');
const WORKER = 'dist/worker/main.js';
/** What a test waits for comes within seconds; on a busy machine it may take longer. */
export const WITHIN = { timeout: 50_000, interval: 50 };

export const FAULT_TEST: RunKindDeclaration = {
  kind: 'FAULT_TEST',
  stages: ['first', 'second'],
  limits: { wallMs: null, modelTokens: null, costUsd: null, sources: null, artifactBytes: null },
};

export interface Person {
  actor: Actor;
  projectId: string; // uuid
}

export interface TimelineRow {
  seq: number;
  at: Date;
  type: string;
  stage: string | null;
  message: string;
  payload: Record<string, unknown>;
}

export interface RunRow {
  status: RunStatus;
  current_stage: string;
  fence: number;
  last_seq: number;
  worker_id: string | null;
  failure: RunFailure | null;
}

export interface FaultLab {
  db: TestDatabase;
  blobs: BlobStore;
  dataDir: string;
  person: Person;
  newPerson(): Promise<Person>;
  contextOf(person?: Person): ActorContext & { services: { blobs: BlobStore } };
  /** dist/worker/main.js with the product's defaults, but for what `env` says. */
  startWorker(env?: Record<string, string>): Promise<ProductProcess>;
  /** The same with the stages of test-worker.ts. */
  startTestWorker(env?: Record<string, string>): Promise<ProductProcess>;
  /** A FAULT_TEST run; `behaviour` as test-worker.ts knows it. */
  start(behaviour: string, person?: Person): Promise<Run>;
  /** Answers the public id of what was uploaded. */
  upload(text: string, person?: Person): Promise<string>;
  ingest(text: string, clientRequestId?: string, person?: Person): Promise<Run>;
  ask(question: string, clientRequestId?: string, person?: Person): Promise<Run>;
  run(runId: string): Promise<RunRow>;
  timeline(runId: string): Promise<TimelineRow[]>;
  /** Waits until the run has the status, or fails with what it has. */
  reach(runId: string, status: RunStatus): Promise<void>;
  stop(): Promise<void>;
}

export interface FaultLabOptions {
  db?: TestDatabase; // a database of the suite's server when absent
  env?: Record<string, string>; // for every worker
}

export async function openFaultLab(options: FaultLabOptions = {}): Promise<FaultLab> {
  const db = options.db ?? (await createTestDatabase());
  const dataDir = await mkdtemp(path.join(tmpdir(), 'paperwright-faults-'));
  const urls = createSignedUrls({
    secret: randomBytes(32),
    publicUrl: () => 'http://localhost',
    clock: () => new Date(),
  });
  const blobs = await openDiskBlobStore({ root: path.join(dataDir, 'blobs'), urls });
  const workers: ProductProcess[] = [];
  const env = { ...processSettings(db, dataDir), ...options.env };
  const startScript = async (script: string, extra: Record<string, string> = {}) => {
    const started = await startChild(script, { ...env, ...extra }, dataDir);
    workers.push(started);
    return started;
  };
  const newPerson = async (): Promise<Person> => {
    const actor = await createActor(db);
    return { actor, projectId: await createProjectRow(db, actor) };
  };
  const person = await newPerson();
  const contextOf = ({ actor } = person) => {
    const context = contextFor(db, actor, { blobs });
    return { ...context, services: { ...context.services, blobs } };
  };
  const one = async <Row>(sql: string, runId: string): Promise<Row> =>
    (await db.admin.query(sql, [runId])).rows[0] as Row;

  const lab: FaultLab = {
    db,
    blobs,
    dataDir,
    person,
    newPerson,
    contextOf,
    startWorker: (extra) => startScript(WORKER, extra),
    startTestWorker: async (extra) => startScript(await buildTestWorker(), extra),
    start: (behaviour, who = person) =>
      startRun(contextOf(who), FAULT_TEST, {
        projectId: who.projectId,
        clientRequestId: `${behaviour} ${randomUUID()}`,
        input: behaviour,
        insertDetails: async () => undefined,
      }),
    async upload(text, who = person) {
      const bytes = Buffer.from(text);
      const file = { fileName: 'a.md', bytes: bytes.length, mediaType: 'text/markdown' };
      const { uploadId } = await prepareUpload(contextOf(who), { projectId: who.projectId, ...file });
      await blobs.put(uploadKey(who.actor.tenantId, uploadId), bytes);
      return encodeId('upl', uploadId);
    },
    async ingest(text, clientRequestId = randomUUID(), who = person) {
      const uploadId = await lab.upload(text, who);
      return ingestPaper(contextOf(who), { projectId: encodeId('proj', who.projectId), uploadId, clientRequestId });
    },
    ask: (question, clientRequestId = randomUUID(), who = person) =>
      startResearch(contextOf(who), { projectId: encodeId('proj', who.projectId), question, clientRequestId }),
    run: (runId) => one<RunRow>('select * from runs where id = $1', runId),
    async timeline(runId) {
      const found = await db.admin.query('select * from run_events where run_id = $1 order by seq', [runId]);
      return found.rows as TimelineRow[];
    },
    async reach(runId, status) {
      const row = await vi.waitFor(async () => {
        const now = await lab.run(runId);
        const settled = now.status === status || isTerminal(now.status);
        expect(settled, `${now.status} ${now.current_stage}`).toBe(true);
        return now;
      }, WITHIN);
      expect(row.status, JSON.stringify(row.failure)).toBe(status);
    },
    async stop() {
      await Promise.all(workers.map((worker) => worker.kill('SIGKILL')));
      await db.drop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
  return lab;
}

/** SUCCEEDED, seq dense from 1, each of its stages finished once. */
export async function expectWhole(lab: FaultLab, runId: string, stages: readonly string[]): Promise<TimelineRow[]> {
  const [row, events] = [await lab.run(runId), await lab.timeline(runId)];
  expect(row.status, JSON.stringify(row.failure)).toBe('SUCCEEDED');
  expectDense(row, events);
  expect(events.filter((event) => event.type === 'STAGE_FINISHED').map((event) => event.stage)).toEqual(stages);
  return events;
}

export function expectDense(row: RunRow, events: readonly TimelineRow[]): void {
  expect(events.map((event) => event.seq)).toEqual(events.map((_, index) => index + 1));
  expect(row.last_seq).toBe(events.length);
}

let built: Promise<string> | undefined;

/** The script alone; whatever it imports of the product comes out of dist/, as for a real worker. */
function buildTestWorker(): Promise<string> {
  const outfile = path.join(ROOT, 'node_modules/.cache/paperwright-tests', `test-worker-${process.pid}.mjs`);
  built ??= build({
    entryPoints: [path.join(ROOT, 'tests/faults/support/test-worker.ts')],
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'es2022',
    packages: 'external',
    outfile,
    plugins: [
      {
        name: 'product-from-dist',
        setup: ({ onResolve }) =>
          onResolve({ filter: /\/(src|worker)\// }, ({ path: wanted, resolveDir }) => ({
            path: path.join(ROOT, 'dist', path.relative(ROOT, path.resolve(resolveDir, wanted))),
            external: true,
          })),
      },
    ],
  }).then(() => outfile);
  return built;
}
