/**
 * Drives the research stages against a real database and a real store without the engine: outputs pass through JSON as
 * checkpoints do, rows are written in one transaction a stage, events are collected, `strike` runs after a stage.
 */
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { captureSnapshot } from '../../../src/evidence/capture-snapshot.js';
import { indexSource } from '../../../src/evidence/index-source.js';
import { RESEARCH_STAGES, type ResearchStage } from '../../../src/kinds/research/research-kind.js';
import type { BlobStore } from '../../../src/platform/blobs/blob-store.js';
import { openDiskBlobStore } from '../../../src/platform/blobs/disk-blob-store.js';
import { createSignedUrls } from '../../../src/platform/blobs/signed-urls.js';
import type { Em } from '../../../src/platform/database/database.js';
import { createLog } from '../../../src/platform/log.js';
import { type BudgetLimits, RunEntity } from '../../../src/runs/run.entity.js';
import type { RunEventDraft } from '../../../src/runs/run-event.js';
import { createTestDatabase, type TestDatabase } from '../../../tests/support/database.js';
import { type SeededProject, seedProject } from '../../../tests/support/seed-project.js';
import { seedRun } from '../../../tests/support/seed-run.js';
import type { InputRequestDraft, StageContext } from '../../engine/stage.js';
import { standardPaperTools } from '../../open-paper-tools.js';
import { extractText } from '../../tools/documents/extract-text.js';
import type { EmbeddingModel } from '../../tools/model/embedding-model.js';
import type { LanguageModel } from '../../tools/model/language-model.js';
import { RESEARCH_PIPELINE } from './stages.js';

export interface LibraryFile {
  name: string;
  title?: string;
  authors?: string[];
  year?: number;
  content: string | Uint8Array;
}

export interface RunOptions {
  question: string;
  sources?: number;
  model?: LanguageModel;
  embedding?: EmbeddingModel;
  /** The last stage to run; all when absent. */
  until?: ResearchStage;
  budget?: Pick<Partial<BudgetLimits>, 'modelTokens' | 'costUsd'>;
  /** Strikes after a stage: may alter its output (what the next stages read) and the database. */
  strike?: (stage: string, outputs: Map<string, unknown>) => void | Promise<void>;
  /** Answers an outline request; the run is otherwise not asked. */
  answer?: (request: InputRequestDraft) => unknown;
}

export interface FinishedRun {
  runId: string;
  outputs: Map<string, unknown>;
  events: RunEventDraft[];
}

export interface ResearchBench {
  db: TestDatabase;
  blobs: BlobStore;
  /** Into `project`, or a new one of a new tenant. */
  addLibrary(
    files: readonly LibraryFile[],
    project?: Pick<SeededProject, 'tenantId' | 'projectId'>,
  ): Promise<SeededProject>;
  /** Runs all stages in order; rejects with what a stage rejects with. */
  run(project: SeededProject, options: RunOptions): Promise<FinishedRun>;
  close(): Promise<void>;
}

export async function openResearchBench(): Promise<ResearchBench> {
  const db = await createTestDatabase();
  const root = await mkdtemp(path.join(tmpdir(), 'paperwright-research-'));
  const urls = createSignedUrls({
    secret: randomBytes(32),
    publicUrl: () => 'http://localhost',
    clock: () => new Date(),
  });
  const blobs = await openDiskBlobStore({ root, urls });
  return {
    db,
    blobs,
    async addLibrary(files, into) {
      const project = into ? { userId: '', ...into } : await seedProject(db);
      await addLibrary(db, files, project);
      return project;
    },
    run: (project, options) => runStages(db, blobs, project, options),
    async close() {
      await db.drop();
      await rm(root, { recursive: true, force: true });
    },
  };
}

async function addLibrary(
  db: TestDatabase,
  files: readonly LibraryFile[],
  { tenantId, projectId }: SeededProject,
): Promise<void> {
  for (const file of files) {
    const bytes = typeof file.content === 'string' ? Buffer.from(file.content) : file.content;
    const document = await extractText({ bytes, fileName: file.name, signal: new AbortController().signal });
    await db.database.asTenant(tenantId).transactional(async (inner) => {
      const em = inner as Em;
      const { extractor, mediaType } = document;
      const snapshotId = await captureSnapshot(em, {
        tenantId,
        projectId,
        document,
        originalSha256: null,
        extractor,
        mediaType,
        capturedAt: new Date(),
      });
      const facts = {
        title: file.title ?? document.title ?? file.name,
        authors: file.authors ?? [],
        year: file.year ?? null,
        connector: 'TEXT' as const,
        retrievedAt: new Date(),
      };
      await indexSource(em, { tenantId, projectId, snapshotId, document, facts });
    });
  }
}

async function runStages(
  db: TestDatabase,
  blobs: BlobStore,
  project: SeededProject,
  options: RunOptions,
): Promise<FinishedRun> {
  const { tenantId, projectId } = project;
  const runId = await seedRun(db, project, { sources: options.sources ?? null, ...options.budget });
  await db.admin.query(
    'insert into research_runs (run_id, tenant_id, project_id, question, approve_outline) values ($1, $2, $3, $4, $5)',
    [runId, tenantId, projectId, options.question, options.answer !== undefined],
  );
  await db.admin.query(
    `insert into run_stages (run_id, tenant_id, name, position)
     select $1, $2, name, position - 1 from unnest($3::text[]) with ordinality as stage (name, position)`,
    [runId, tenantId, RESEARCH_STAGES],
  );
  const run = await db.database.asTenant(tenantId).findOneOrFail(RunEntity, { id: runId });
  const outputs = new Map<string, unknown>();
  const events: RunEventDraft[] = [];
  let answer: unknown = null;
  for (const stage of RESEARCH_STAGES) {
    const transaction = <T>(work: (em: Em) => Promise<T>) =>
      db.database.asTenant(tenantId).transactional((em) => work(em as Em));
    const context: StageContext = {
      run,
      tenantId,
      stage,
      attempt: 1,
      limits: run.limits,
      em: db.database.asTenant(tenantId),
      signal: new AbortController().signal,
      services: {
        blobs,
        papers: standardPaperTools(),
        model: options.model ?? null,
        embedding: options.embedding ?? null,
        log: createLog('test', 'silent'),
      },
      emit: (event) => void events.push(event),
      progress: () => undefined,
      write: transaction,
      output: async <T>(name: string) => structuredClone(outputs.get(name)) as T,
      answer: async <T>() => answer as T | null,
      debugPoint: async () => undefined,
    };
    const result = await RESEARCH_PIPELINE.stages[stage]?.(context);
    outputs.set(stage, JSON.parse(JSON.stringify(result?.output ?? null)));
    if (result?.write) events.push(...((await transaction(result.write)) ?? []));
    if (result?.block && options.answer) answer = options.answer(result.block);
    await options.strike?.(stage, outputs);
    if (stage === options.until) break;
  }
  return { runId, outputs, events };
}
