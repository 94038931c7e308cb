/**
 * Ends a stage: its rows, its events and the next job in one transaction, refused with STALE_FENCE if another worker, a
 * cancel or a retry has moved the fence. The last stage ends the run SUCCEEDED; one that asks for input blocks it.
 */
import type { Database, Em } from '../../src/platform/database/database.js';
import { runSql, type SqlScope } from '../../src/platform/database/sql.js';
import { encodeId, newId } from '../../src/platform/ids.js';
import { staleFence } from '../../src/runs/append-events.js';
import { enqueueStage } from '../../src/runs/enqueue-stage.js';
import { lockRun } from '../../src/runs/lock-run.js';
import type { RunEventDraft } from '../../src/runs/run-event.js';
import { finishStage } from '../../src/runs/stage-rows.js';
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
  const { claim, result } = completion;
  if (result.write) {
    const { write } = result;
    await database
      .asTenant(claim.run.tenantId)
      .transactional((em) => complete(em as Em, completion, () => write(em as Em)));
  } else {
    await database.inTenant(claim.run.tenantId, (sql) => complete(sql, completion, async () => undefined));
  }
  await completion.debugPoint('after-commit');
}

async function complete(
  sql: SqlScope,
  { claim, next, result, buffer, debugPoint }: Completion,
  write: () => Promise<RunEventDraft[] | undefined>,
): Promise<void> {
  const { run, stage, fence } = claim;
  const buffered = buffer.owed(await lockRun(sql, run.id, fence));
  const written = (await write()) ?? [];
  await debugPoint('inside-transaction');
  const durationMs = await finishStage(sql, run.id, stage, storableText(result.output));
  const finished: RunEventDraft = {
    type: 'STAGE_FINISHED',
    message: `${stage} finished`,
    payload: { attempt: claim.attempt, durationMs: Math.round(durationMs) },
  };
  const request = result.block && next ? await openRequest(sql, claim, result.block) : [];
  const events = [...buffered, ...written, finished, ...request].map((event) => ({
    ...event,
    stage: event.stage ?? stage,
  }));
  const after = await transitionRun(sql, run.id, { ...moveAfter(next, request.length > 0), fence, events });
  if (!after) throw staleFence(run.id);
  if (after.status === 'RUNNING' && next) await enqueueStage(sql, { runId: run.id, stage: next, fence: after.fence });
}

function moveAfter(next: string | null, blocked: boolean): Transition {
  if (next === null) return { to: 'SUCCEEDED', from: ['RUNNING'], patch: { raiseFence: true } };
  return { to: blocked ? 'BLOCKED' : 'RUNNING', from: ['RUNNING'], patch: { raiseFence: true, currentStage: next } };
}

async function openRequest(sql: SqlScope, claim: Claim, draft: InputRequestDraft): Promise<RunEventDraft[]> {
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
