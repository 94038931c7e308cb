/**
 * Answers what a BLOCKED run waits for, and queues the run again. The answer names its request: the same answer again is
 * a no-op (a client may repeat a call whose reply it lost), a different one is CONFLICT.
 */
import { isDeepStrictEqual } from 'node:util';
import { recordAudit } from '../identity/audit/record-audit.js';
import { requireRole, requireScope } from '../identity/authorize.js';
import type { Em } from '../platform/database/database.js';
import { runSql } from '../platform/database/sql.js';
import { AppError, notFound } from '../platform/errors.js';
import type { ActorContext } from '../platform/graphql/api-context.js';
import { decodeId, encodeId } from '../platform/ids.js';
import { enqueueStage } from './enqueue-stage.js';
import { type InputRequest, InputRequestEntity } from './input-request.entity.js';
import { loadRunByUuid } from './load-run.js';
import { changedMeanwhile } from './retry-run.js';
import type { Run } from './run.entity.js';
import { storableText } from './storable-text.js';
import { transitionRun } from './transition-run.js';

/** Checks and normalises an answer for the kind of request it is given to; throws BAD_INPUT. Kinds register theirs. */
export type AnswerCheck = (answer: unknown, request: InputRequest) => unknown;

export async function answerInputRequest(
  ctx: ActorContext,
  input: { requestId: string; answer: unknown },
  checks: ReadonlyMap<string, AnswerCheck>,
): Promise<Run> {
  requireRole(ctx.actor, 'RESEARCHER');
  requireScope(ctx.actor, 'RUNS_WRITE');
  const request = await loadRequest(ctx, input.requestId);
  const check = checks.get(request.kind);
  const answer = storableText(check ? check(input.answer, request) : input.answer);
  if (request.status !== 'OPEN') return acceptRepeated(ctx, request, answer);
  const recorded = await ctx.em.transactional((em) => recordAnswer(em as Em, request, answer));
  if (!recorded) return acceptRepeated(ctx, await loadRequest(ctx, input.requestId), answer); // lost the race to answer it
  ctx.services.runs.notifier.touch(request.runId);
  return loadRunByUuid(ctx.em, request.runId);
}

/** For a request that is settled: nothing to do when by this very answer. */
async function acceptRepeated(ctx: ActorContext, request: InputRequest, answer: unknown): Promise<Run> {
  if (request.status === 'OPEN') throw changedMeanwhile();
  if (!isDeepStrictEqual(request.answer, answer)) throw alreadySettled(request);
  return loadRunByUuid(ctx.em, request.runId);
}

/** False, and nothing written, when the run waits no more. */
async function recordAnswer(em: Em, request: InputRequest, answer: unknown): Promise<boolean> {
  // the run's row first, as everywhere: one order of locks
  const queued = await transitionRun(em, request.runId, {
    to: 'QUEUED',
    from: ['BLOCKED'],
    patch: { raiseFence: true },
    events: [
      {
        type: 'INPUT_ANSWERED',
        message: 'The input request was answered; the run goes on.',
        payload: { requestId: encodeId('req', request.id) },
      },
    ],
  });
  if (!queued) return false;
  const settled = await runSql(
    em,
    `update input_requests set status = 'ANSWERED', answer = $2, answered_at = clock_timestamp()
     where id = $1 and status = 'OPEN' returning id`,
    [request.id, JSON.stringify(answer ?? null)],
  );
  if (settled.length === 0) throw changedMeanwhile();
  await enqueueStage(em, { runId: request.runId, stage: queued.currentStage ?? '', fence: queued.fence });
  const metadata = { kind: request.kind, requestId: encodeId('req', request.id) };
  await recordAudit(em, { action: 'RUN_ANSWERED', target: { type: 'Run', id: request.runId }, metadata });
  return true;
}

async function loadRequest(ctx: ActorContext, publicId: string): Promise<InputRequest> {
  const request = await ctx.em.findOne(InputRequestEntity, { id: decodeId('req', publicId) }, { refresh: true });
  if (!request) throw notFound('Input request');
  await loadRunByUuid(ctx.em, request.runId).catch(() => {
    throw notFound('Input request'); // of a run in a project hidden from the actor
  });
  return request;
}

const alreadySettled = (request: InputRequest) =>
  new AppError(
    'CONFLICT',
    request.status === 'ANSWERED'
      ? 'This request was answered before, with a different answer.'
      : 'This request was withdrawn: the run was canceled or retried.',
    {
      details: { requestStatus: request.status },
      hint: 'Read the run again; `pendingInput` says what it waits for now.',
    },
  );
