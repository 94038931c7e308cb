/**
 * Ends a stage: its rows, its events and the next job in one transaction, refused with STALE_FENCE if another worker, a
 * cancel or a retry has moved the fence. The last stage ends the run SUCCEEDED; one that asks for input blocks it.
 */
import type { Em } from '../../src/platform/database/database.js';
import { encodeId, newId } from '../../src/platform/ids.js';
import { staleFence } from '../../src/runs/append-events.js';
import { enqueueStage } from '../../src/runs/enqueue-stage.js';
import { lockRun } from '../../src/runs/lock-run.js';
import type { RunEventDraft } from '../../src/runs/run-event.js';
import { finishStage } from '../../src/runs/stage-rows.js';
import { storableText } from '../../src/runs/storable-text.js';
import { runSql } from '../../src/platform/database/sql.js';
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

export async function completeStage(em: Em, { claim, next, result, buffer, debugPoint }: Completion): Promise<void> {
  const { run, stage, fence } = claim;
  await em.transactional(async (inner) => {
    const scoped = inner as Em;
    const buffered = buffer.owed(await lockRun(scoped, run.id, fence));
    const written = (await result.write?.(scoped)) ?? [];
    await debugPoint('inside-transaction');
    const durationMs = await finishStage(scoped, run.id, stage, storableText(result.output));
    const finished: RunEventDraft = {
      type: 'STAGE_FINISHED',
      message: `${stage} finished`,
      payload: { attempt: claim.attempt, durationMs: Math.round(durationMs) },
    };
    const request = result.block && next ? await openRequest(scoped, claim, result.block) : [];
    const events = [...buffered, ...written, finished, ...request].map((event) => ({ ...event, stage: event.stage ?? stage }));
    const after = await transitionRun(scoped, run.id, { ...moveAfter(next, request.length > 0), fence, events });
    if (!after) throw staleFence(run.id);
    if (after.status === 'RUNNING' && next) await enqueueStage(scoped, { runId: run.id, stage: next, fence: after.fence });
  });
  await debugPoint('after-commit');
}

function moveAfter(next: string | null, blocked: boolean): Transition {
  if (next === null) return { to: 'SUCCEEDED', from: ['RUNNING'], patch: { raiseFence: true } };
  return { to: blocked ? 'BLOCKED' : 'RUNNING', from: ['RUNNING'], patch: { raiseFence: true, currentStage: next } };
}

async function openRequest(em: Em, claim: Claim, draft: InputRequestDraft): Promise<RunEventDraft[]> {
  const id = newId();
  await runSql(
    em,
    `insert into input_requests (id, tenant_id, run_id, stage, kind, prompt, proposal) values ($1, $2, $3, $4, $5, $6, $7)`,
    [id, claim.run.tenantId, claim.run.id, claim.stage, draft.kind, draft.prompt, JSON.stringify(storableText(draft.proposal))],
  );
  return [
    {
      type: 'INPUT_REQUESTED',
      message: draft.prompt,
      payload: { requestId: encodeId('req', id), kind: draft.kind, prompt: draft.prompt },
    },
  ];
}
