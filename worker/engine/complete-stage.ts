/**
 * Ends a stage: its rows, its events and the next job in one transaction, refused with STALE_FENCE if another worker, a
 * cancel or a retry has moved the fence. The last stage ends the run SUCCEEDED; one that asks for input blocks it.
 */
import type { Database, Em } from '../../src/platform/database/database.js';
import { runSql, type SqlRunner } from '../../src/platform/database/sql.js';
import { encodeId, newId } from '../../src/platform/ids.js';
import { staleFence } from '../../src/runs/append-events.js';
import { enqueueStage } from '../../src/runs/enqueue-stage.js';
import { lockRun } from '../../src/runs/lock-run.js';
import type { RunEventDraft } from '../../src/runs/run-event.js';
import { storableText } from '../../src/runs/storable-text.js';
import { type Transition, transitionRun } from '../../src/runs/transition-run.js';
import type { Claim } from './claim-stage.js';
import type { EventBuffer } from './event-buffer.js';
import type { DebugPointName, InputRequestDraft, StageResult } from './stage.js';

export interface Completion {
  claim: Claim;
  next: string | null; // null after the last stage
  result: StageResult;
  buffer: EventBuffer;
  debugPoint: (name: DebugPointName) => Promise<void>;
}

export async function completeStage(database: Database, completion: Completion): Promise<void> {
  const { claim, result, buffer } = completion;
  const { tenantId } = claim.run;
  if (result.write || result.block || buffer.isUncertain) {
    await database.asTenant(tenantId).transactional((em) => completeInSteps(em as Em, completion));
  } else {
    await database.inTenant(tenantId, (sql) => completeAtOnce(sql, completion));
  }
  await completion.debugPoint('after-commit');
}

/** A stage that wrote all it had to write before: every statement is sent before the first is answered. */
async function completeAtOnce(sql: SqlRunner, { claim, next, result, buffer, debugPoint }: Completion): Promise<void> {
  const { run, stage, fence } = claim;
  const events = inStage([...buffer.events, finishedEvent(claim)], stage);
  const finished = { stage, output: storableText(result.output) };
  const [after] = await Promise.all([
    transitionRun(sql, run.id, { ...moveAfter(next, false), fence, events, finished }),
    next === null ? undefined : enqueueStage(sql, { runId: run.id, stage: next, fence: fence + 1 }),
  ]);
  if (!after) throw staleFence(run.id); // and what stood behind it is rolled back
  await debugPoint('inside-transaction');
}

/** A stage with rows to write under the run's lock, with a question to ask, or after a batch whose fate is unknown. */
async function completeInSteps(em: Em, { claim, next, result, buffer, debugPoint }: Completion): Promise<void> {
  const { run, stage, fence } = claim;
  const buffered = buffer.owed(await lockRun(em, run.id, fence));
  const written = (await result.write?.(em)) ?? [];
  await debugPoint('inside-transaction');
  const request = result.block && next ? await openRequest(em, claim, result.block) : [];
  const events = inStage([...buffered, ...written, finishedEvent(claim), ...request], stage);
  const finished = { stage, output: storableText(result.output) };
  const after = await transitionRun(em, run.id, { ...moveAfter(next, request.length > 0), fence, events, finished });
  if (!after) throw staleFence(run.id);
  if (after.status === 'RUNNING' && next) await enqueueStage(em, { runId: run.id, stage: next, fence: after.fence });
}

const finishedEvent = ({ stage, attempt, begunAt }: Claim): RunEventDraft => ({
  type: 'STAGE_FINISHED',
  message: `${stage} finished`,
  payload: { attempt, durationMs: Math.round(performance.now() - begunAt) },
});

const inStage = (events: readonly RunEventDraft[], stage: string): RunEventDraft[] =>
  events.map((event) => ({ ...event, stage: event.stage ?? stage }));

function moveAfter(next: string | null, blocked: boolean): Transition {
  if (next === null) return { to: 'SUCCEEDED', from: ['RUNNING'], patch: { raiseFence: true } };
  return { to: blocked ? 'BLOCKED' : 'RUNNING', from: ['RUNNING'], patch: { raiseFence: true, currentStage: next } };
}

async function openRequest(sql: Em, claim: Claim, draft: InputRequestDraft): Promise<RunEventDraft[]> {
  const id = newId();
  await runSql(
    sql,
    `insert into input_requests (id, tenant_id, run_id, stage, kind, prompt, proposal) values ($1, $2, $3, $4, $5, $6, $7)`,
    [
      id,
      claim.run.tenantId,
      claim.run.id,
      claim.stage,
      draft.kind,
      draft.prompt,
      JSON.stringify(storableText(draft.proposal)),
    ],
  );
  return [
    {
      type: 'INPUT_REQUESTED',
      message: draft.prompt,
      payload: { requestId: encodeId('req', id), kind: draft.kind, prompt: draft.prompt },
    },
  ];
}
