/**
 * Starts a run of any kind: run, plan, the kind's own rows, events and first job in one transaction, idempotent by
 * `clientRequestId` (unique per tenant). The same id with the same input gives the same run back; with another kind or
 * input IDEMPOTENCY_CONFLICT. Refuses with QUEUE_FULL and a retry hint when too many runs wait already.
 */
import { createHash } from 'node:crypto';
import { type AuditDraft, recordAudit } from '../identity/audit/record-audit.js';
import { requireRole, requireScope } from '../identity/authorize.js';
import type { Em } from '../platform/database/database.js';
import { prepared, runSql } from '../platform/database/sql.js';
import { AppError, badInput } from '../platform/errors.js';
import type { ActorContext } from '../platform/graphql/api-context.js';
import { encodeId, newId } from '../platform/ids.js';
import { currentTraceParent } from '../platform/telemetry/tracing.js';
import { requireWritableProject } from '../projects/load-project.js';
import { appendEvents } from './append-events.js';
import { enqueueStage } from './enqueue-stage.js';
import { type BudgetLimits, type Run, RunEntity } from './run.entity.js';
import type { RunEventDraft } from './run-event.js';
import type { RunKindDeclaration } from './run-kind.js';
import { transitionRun } from './transition-run.js';

export interface StartRunInput {
  projectId: string; // uuid
  clientRequestId?: string | null;
  limits?: Partial<BudgetLimits>;
  /** What makes two requests the same: hashed with kind and project. */
  input: unknown;
  /** Writes the kind's own rows, in the run's transaction. */
  insertDetails: (em: Em, runId: string) => Promise<void>;
  /** How it came from another run (uuid), for the audit log; absent: it did not. */
  made?: { action: 'RUN_REPLAYED' | 'RUN_FORKED'; from: string };
  /** Where it begins, when that is not at the first stage, and what the timeline says of it first. */
  begin?: { stage: string; events: readonly RunEventDraft[] };
}

// Planned once a connection: with row security planning is a good part of what they cost.
const INSERT_RUN = prepared(
  `insert into runs (id, tenant_id, project_id, kind, status, current_stage, limits, client_request_id, input_hash, created_by, priority,
     trace_parent)
   values ($1, $2, $3, $4, 'CREATED', $5, $6, $7, $8, $9, $10, $11)
   on conflict (tenant_id, client_request_id) where client_request_id is not null do nothing returning id`,
);
const INSERT_STAGES = prepared(
  `insert into run_stages (run_id, tenant_id, name, position)
   select $1, $2, stage, position from unnest($3::text[]) with ordinality as plan (stage, position)`,
);
const TOUCH_PROJECT = prepared('update projects set last_activity_at = now() where id = $1');
const QUEUE_DEPTH = prepared('select * from queue_depth($1)');

const MAX_REQUEST_ID_CHARS = 200;
const RETRY_HINT_MS = 5_000; // 5 seconds: a stage of the default engine takes less

export async function startRun(ctx: ActorContext, declaration: RunKindDeclaration, input: StartRunInput): Promise<Run> {
  requireRole(ctx.actor, 'RESEARCHER');
  requireScope(ctx.actor, declaration.keyScope ?? 'RUNS_WRITE');
  const requestId = checkRequestId(input.clientRequestId);
  const inputHash = hashInput(declaration.kind, input.projectId, input.input);
  const runId = newId();
  const started = await ctx.em.transactional(async (inner) => {
    const em = inner as Em;
    await requireWritableProject({ ...ctx, em }, input.projectId);
    const known = requestId && (await findByRequestId(em, requestId));
    if (known) return { run: known, isNew: false };
    const waiting = await requireRoom(em, ctx.services.runs.queueLimit);
    const begin = input.begin ?? { stage: declaration.stages[0] ?? '', events: [] };
    const made = { runId, requestId, inputHash, priority: waiting, stage: begin.stage };
    const inserted = await insertRun(em, ctx, declaration, input, made);
    if (!inserted) return { run: null, isNew: false }; // lost the race for this clientRequestId
    await input.insertDetails(em, runId);
    await queueRun(em, runId, declaration, begin);
    const run = await em.findOneOrFail(RunEntity, { id: runId });
    await recordAudit(em, startedEntry(run, input.made));
    return { run, isNew: true };
  });
  const run = started.run ?? (requestId ? await findByRequestId(ctx.em, requestId) : null);
  if (!run) throw new AppError('UNAVAILABLE', 'The run could not be started just now. Try again.', { retryable: true });
  if (!started.isNew && run.inputHash !== inputHash) throw idempotencyConflict();
  if (started.isNew) ctx.services.runs.notifier.touch(run.id);
  return run;
}

function startedEntry({ id, kind, projectId }: Run, made: StartRunInput['made']): AuditDraft {
  const original = made && { original: encodeId('run', made.from) };
  const metadata = { kind, projectId: encodeId('proj', projectId), ...original };
  return { action: made?.action ?? 'RUN_STARTED', target: { type: 'Run', id }, metadata };
}

async function insertRun(
  em: Em,
  ctx: ActorContext,
  declaration: RunKindDeclaration,
  input: StartRunInput,
  made: { runId: string; requestId: string | null; inputHash: string; priority: number; stage: string },
): Promise<boolean> {
  const artifactBytes = declaration.limits.artifactBytes ?? ctx.services.runs.artifactBytes;
  const limits: BudgetLimits = { ...declaration.limits, artifactBytes, ...input.limits };
  const rows = await runSql(em, INSERT_RUN, [
    made.runId,
    ctx.actor.tenantId,
    input.projectId,
    declaration.kind,
    made.stage,
    JSON.stringify(limits),
    made.requestId,
    made.inputHash,
    ctx.actor.userId,
    Math.min(made.priority, 1_000),
    currentTraceParent(),
  ]);
  if (rows.length === 0) return false;
  await runSql(em, INSERT_STAGES, [made.runId, ctx.actor.tenantId, declaration.stages]);
  await runSql(em, TOUCH_PROJECT, [input.projectId]);
  return true;
}

async function queueRun(
  em: Em,
  runId: string,
  declaration: RunKindDeclaration,
  { stage, events }: NonNullable<StartRunInput['begin']>,
): Promise<void> {
  await appendEvents(
    em,
    runId,
    [
      {
        type: 'RUN_CREATED',
        message: `${declaration.kind.toLowerCase()} run created`,
        payload: { kind: declaration.kind },
        stage: null,
      },
      ...events,
    ],
    null,
  );
  const queued = await transitionRun(em, runId, {
    to: 'QUEUED',
    events: [{ type: 'RUN_QUEUED', message: `Waiting for a worker to start ${stage}.`, payload: { stage } }],
  });
  if (queued) await enqueueStage(em, { runId, stage, fence: queued.fence });
}

/** Answers how many runs of this tenant are under way: the priority of its next (law 8: smaller goes first). */
async function requireRoom(em: Em, queueLimit: number): Promise<number> {
  const [depth] = await runSql<{ waiting: string; of_tenant: string }>(em, QUEUE_DEPTH, [queueLimit]);
  if (Number(depth?.waiting ?? 0) >= queueLimit) {
    throw new AppError('QUEUE_FULL', `${queueLimit} runs wait already; this one was not started.`, {
      retryable: true,
      details: { limit: queueLimit, retryInMs: RETRY_HINT_MS },
      hint: 'Try again in a few seconds, or start more workers.',
    });
  }
  return Number(depth?.of_tenant ?? 0);
}

const findByRequestId = (em: Em, clientRequestId: string): Promise<Run | null> =>
  em.findOne(RunEntity, { clientRequestId });

function checkRequestId(value: string | null | undefined): string | null {
  if (value == null) return null;
  const id = value.trim();
  if (id === '' || id.length > MAX_REQUEST_ID_CHARS || id.includes('\u0000') || !id.isWellFormed()) {
    throw badInput(
      `clientRequestId must be 1 to ${MAX_REQUEST_ID_CHARS} characters, without NUL or halves of characters; a UUID does well.`,
    );
  }
  return id;
}

const hashInput = (kind: string, projectId: string, input: unknown): string =>
  createHash('sha256')
    .update(JSON.stringify([kind, projectId, input]))
    .digest('hex');

const idempotencyConflict = () =>
  new AppError(
    'IDEMPOTENCY_CONFLICT',
    'This clientRequestId was used before for another kind of run or another input.',
    {
      hint: 'Use a new clientRequestId for a new request, and the same one only to repeat the very same request.',
    },
  );
