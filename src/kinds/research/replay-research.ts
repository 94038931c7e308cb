/**
 * Runs a finished research run again from its record: the same input, the same answers of model, services and library,
 * nothing asked of anybody, nothing spent. The record is copied to the new run when it is made.
 */
import { requireRole, requireScope } from '../../identity/authorize.js';
import { runSql } from '../../platform/database/sql.js';
import { AppError } from '../../platform/errors.js';
import type { ActorContext } from '../../platform/graphql/api-context.js';
import { encodeId } from '../../platform/ids.js';
import type { Run } from '../../runs/run.entity.js';
import { copyExchanges } from '../../runs/run-exchange.js';
import { RunOriginEntity } from '../../runs/run-origin.entity.js';
import { RunStageEntity } from '../../runs/run-stage.entity.js';
import type { RunStatus } from '../../runs/run-status.js';
import { startRun } from '../../runs/start-run.js';
import { copyAnswer, noteOrigin, reusedEvents, takeOver } from './copy-run.js';
import { readStage, stagesBefore, stagesFrom } from './fork-changes.js';
import { loadResearchRun } from './load-research-run.js';
import { RESEARCH, RESEARCH_STAGES } from './research-kind.js';

export interface ReplayResearch {
  id: string; // public id of the run
  clientRequestId?: string | null;
}

/** How a run must have ended: what was stopped midway has no end that could be met again. */
const REPLAYABLE: readonly RunStatus[] = ['SUCCEEDED', 'FAILED'];

/**
 * Idempotent by clientRequestId. Errors: NOT_FOUND, BAD_INPUT (another kind), INVALID_STATE (not ended, or ended otherwise),
 * NOT_RECORDED, and those of startRun.
 */
export async function replayResearch(ctx: ActorContext, { id, clientRequestId }: ReplayResearch): Promise<Run> {
  requireRole(ctx.actor, 'RESEARCHER');
  requireScope(ctx.actor, 'RUNS_WRITE');
  const original = await loadResearchRun(ctx.em, id);
  if (!REPLAYABLE.includes(original.status)) throw notReplayable(original.status);
  await requireRecord(ctx, original);
  const { fromStage = null } = (await ctx.em.findOne(RunOriginEntity, { runId: original.id })) ?? {};
  const begin = readStage(fromStage ?? RESEARCH_STAGES[0]);
  const reused = stagesBefore(begin);
  const publicId = encodeId('run', original.id);
  return startRun(ctx, RESEARCH, {
    projectId: original.projectId,
    clientRequestId: clientRequestId ?? null,
    limits: original.limits,
    input: { replayOf: original.id },
    made: { action: 'RUN_REPLAYED', from: original.id },
    begin: {
      stage: begin,
      events: [
        {
          type: 'LOG_LINE',
          stage: null,
          message: `A replay of ${publicId}: every answer comes from its record, and nobody is asked.`,
          payload: { replayOf: publicId },
        },
        ...reusedEvents(reused, original.id),
      ],
    },
    insertDetails: async (em, runId) => {
      const place = { tenantId: original.tenantId, projectId: original.projectId, runId };
      await runSql(
        em,
        // nobody is asked about the outline either: the answer is copied
        `insert into research_runs (run_id, tenant_id, project_id, question, approve_outline, connectors, outline)
         select $2, tenant_id, project_id, question, false, connectors, case when $3 then outline end
         from research_runs where run_id = $1`,
        [original.id, runId, reused.includes('outline')],
      );
      await noteOrigin(em, { ...place, how: 'REPLAY', originId: original.id, fromStage: fromStage ?? null });
      await takeOver(em, original.id, place, reused);
      await copyExchanges(em, { from: original.id, to: runId, stages: stagesFrom(begin) });
      await copyAnswer(em, original.id, place);
    },
  });
}

/** Every stage that came to an end must have a record, the failed one too. */
async function requireRecord({ em }: ActorContext, { id }: Run): Promise<void> {
  const stages = await em.find(RunStageEntity, { runId: id, status: { $in: ['SUCCEEDED', 'FAILED'] } });
  const lacking = stages.find(({ exchanges }) => exchanges == null);
  if (stages.length > 0 && !lacking) return;
  throw new AppError('NOT_RECORDED', `The run has no record of the stage ${lacking?.name ?? RESEARCH_STAGES[0]}.`, {
    details: { stage: lacking?.name ?? RESEARCH_STAGES[0] },
    hint: 'It was made before runs were recorded, or its worker was lost. Start a new run of the same question.',
  });
}

const notReplayable = (status: RunStatus) =>
  new AppError('INVALID_STATE', `Only a SUCCEEDED or FAILED run can be replayed; this one is ${status}.`, {
    details: { status },
    hint: 'Wait until it has ended. A run that was stopped midway can be forked from the stage it had reached.',
  });
