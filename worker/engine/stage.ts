/**
 * What a stage is. A stage is a function: it reads through `ctx.em`, does its work outside any transaction, and returns
 * what the next stages need. Everything it writes goes through `ctx.write` or `result.write`, where the fence is checked
 * under the run's lock; so a stage that was overtaken, canceled or timed out can finish late and change nothing.
 *
 * A stage may run more than once (a worker died, a transient error): store blobs first, named by content, then rows.
 * It fails by throwing an AppError: `retryable: true` tries again with back-off, anything else ends the run FAILED.
 */
import type { BlobStore } from '../../src/platform/blobs/blob-store.js';
import type { Em } from '../../src/platform/database/database.js';
import type { Log } from '../../src/platform/log.js';
import type { BudgetLimits, Run } from '../../src/runs/run.entity.js';
import type { RunEventDraft } from '../../src/runs/run-event.js';
import type { StageProgress } from '../../src/runs/run-stage.entity.js';
import type { EmbeddingModel } from '../tools/model/embedding-model.js';
import type { LanguageModel } from '../tools/model/language-model.js';
import type { PaperTools } from '../tools/papers/paper-tools.js';
import type { ReportHealth } from '../tools/report-health.js';

export interface StageServices {
  blobs: BlobStore;
  papers: PaperTools;
  /** Absent or null: there is none, and stages do without. */
  model?: LanguageModel | null;
  /** The same of vectors: passages are then found by their words. */
  embedding?: EmbeddingModel | null;
  /** Absent: nobody asks how services do. */
  reportHealth?: ReportHealth;
  log: Log;
}

export interface StageContext {
  readonly run: Readonly<Run>;
  readonly tenantId: string;
  readonly stage: string;
  readonly attempt: number; // 1 at the first try of this stage
  readonly limits: Readonly<BudgetLimits>;
  readonly em: Em; // reads, scoped to the tenant
  readonly signal: AbortSignal; // hand it to every fetch, child process and model call
  readonly services: StageServices;
  /** Into the timeline, in order; written within a moment, and at the latest with the stage's completion. */
  emit(event: RunEventDraft): void;
  /** Latest wins: at most a few a second reach the timeline. */
  progress(progress: Partial<StageProgress> & { done: number }): void;
  /** One transaction, fenced: the rows of a stage that is not finished yet. */
  write<T>(work: (em: Em) => Promise<T>): Promise<T>;
  /** What an earlier stage of this run returned as its output. */
  output<T>(stage: string): Promise<T>;
  /** The answer to the latest input request of this run, or null. */
  answer<T>(): Promise<T | null>;
  /** Where fault tests strike; does nothing in ordinary life. */
  debugPoint(name: DebugPointName): Promise<void>;
}

export type DebugPointName = 'before-blob' | 'after-blob' | 'inside-transaction' | 'after-commit' | 'working';

export interface InputRequestDraft {
  kind: string; // OUTLINE_APPROVAL
  prompt: string;
  proposal: unknown; // what is proposed, in the form an answer takes
}

export interface StageResult {
  /** JSON-safe checkpoint; null when later stages need nothing. */
  output?: unknown;
  /** Rows written in the completion's own transaction; the events it returns follow those emitted. */
  write?: (em: Em) => Promise<RunEventDraft[] | undefined>;
  /** The run goes BLOCKED after this stage until it is answered. */
  block?: InputRequestDraft;
}

export type Stage = (ctx: StageContext) => Promise<StageResult>;

/** A kind's stages by name: `{…} satisfies Record<StageName, Stage>` makes the compiler demand each. */
export interface Pipeline {
  kind: string;
  stageNames: readonly string[];
  stages: Readonly<Record<string, Stage>>;
}
