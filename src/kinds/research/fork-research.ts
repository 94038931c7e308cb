/**
 * A new research run that begins at a stage of an ended one: what the stages before it left is taken over, what comes after
 * is made anew, with the changes asked for. The original stays as it is.
 */
import { z } from 'zod';
import { requireRole, requireScope } from '../../identity/authorize.js';
import type { Em } from '../../platform/database/database.js';
import { runSql } from '../../platform/database/sql.js';
import { AppError } from '../../platform/errors.js';
import type { ActorContext } from '../../platform/graphql/api-context.js';
import { toLimits } from '../../runs/budget.js';
import type { Run } from '../../runs/run.entity.js';
import { RunStageEntity } from '../../runs/run-stage.entity.js';
import { isTerminal } from '../../runs/run-status.js';
import { startRun } from '../../runs/start-run.js';
import { storableText } from '../../runs/storable-text.js';
import { checkConnectors } from './check-connectors.js';
import { checkOutlineAnswer, type OutlineAnswer } from './check-outline-answer.js';
import { copyAnswer, insertAnswer, noteOrigin, readStageOutput, reusedEvents, takeOver } from './copy-run.js';
import { checkChanges, type ForkChanges, type ForkOutline, readStage, stagesBefore } from './fork-changes.js';
import { loadResearchRun } from './load-research-run.js';
import { OUTLINE_APPROVAL, RESEARCH, type ResearchStage } from './research-kind.js';
import { readableQuestion } from './start-research.js';

export interface ForkResearch {
  id: string; // public id of the run
  fromStage: string;
  changes?: ForkChanges | null;
  clientRequestId?: string | null;
}

/**
 * Idempotent by clientRequestId. Errors: NOT_FOUND; BAD_INPUT (another kind, no stage, a change that is too late for the
 * stage or of no use); INVALID_STATE (not ended, or the stage was not reached); those of startRun.
 */
export async function forkResearch(ctx: ActorContext, input: ForkResearch): Promise<Run> {
  requireRole(ctx.actor, 'RESEARCHER');
  requireScope(ctx.actor, 'RUNS_WRITE');
  const fromStage = readStage(input.fromStage);
  const changes = readChanges(ctx, input.changes ?? {}, fromStage);
  const original = await loadResearchRun(ctx.em, input.id);
  const reused = stagesBefore(fromStage);
  await requireReached(ctx.em, original, fromStage, reused);
  const answer = changes.outline ? await answerWith(ctx.em, original.id, changes.outline) : null;
  const { limits, question, connectors, approveOutline } = changes;
  return startRun(ctx, RESEARCH, {
    projectId: original.projectId,
    clientRequestId: input.clientRequestId ?? null,
    limits: { ...original.limits, ...limits },
    input: { forkedFrom: original.id, fromStage, changes },
    made: { action: 'RUN_FORKED', from: original.id },
    begin: { stage: fromStage, events: reusedEvents(reused, original.id) },
    insertDetails: async (em, runId) => {
      const { tenantId, projectId } = original;
      const place = { tenantId, projectId, runId };
      await runSql(
        em,
        `insert into research_runs (run_id, tenant_id, project_id, question, approve_outline, connectors, outline)
         select $2, tenant_id, project_id, coalesce($3, question), coalesce($4, approve_outline), coalesce($5, connectors),
           case when $6 then outline end
         from research_runs where run_id = $1`,
        [original.id, runId, question, approveOutline, connectors, reused.includes('outline')],
      );
      await noteOrigin(em, { ...place, how: 'FORK', originId: original.id, fromStage });
      await takeOver(em, original.id, place, reused);
      if (answer) await insertAnswer(em, place, answer);
      else if (reused.includes('outline')) await copyAnswer(em, original.id, place);
    },
  });
}

/** In the form in which they are hashed and stored; null for what stays as it was. */
function readChanges({ services }: ActorContext, changes: ForkChanges, fromStage: ResearchStage) {
  checkChanges(changes, fromStage);
  const { question, connectors, maxSources, approveOutline, budget, outline } = changes;
  return {
    question: question == null ? null : readableQuestion(question),
    connectors: connectors == null ? null : checkConnectors(connectors, services.researchConnectors),
    limits: toLimits({ ...budget, sources: maxSources ?? budget?.sources ?? null }),
    approveOutline: approveOutline ?? null,
    outline: storableText(outline ?? null),
  };
}

async function requireReached(
  em: Em,
  original: Run,
  fromStage: ResearchStage,
  reused: readonly ResearchStage[],
): Promise<void> {
  if (!isTerminal(original.status)) {
    throw new AppError('INVALID_STATE', `Only a run that has ended can be forked; this one is ${original.status}.`, {
      details: { status: original.status },
      hint: 'Wait until it has ended, or cancel it first.',
    });
  }
  const done = await em.find(RunStageEntity, { runId: original.id, status: 'SUCCEEDED' });
  const missing = reused.find((stage) => !done.some(({ name }) => name === stage));
  if (!missing) return;
  throw new AppError('INVALID_STATE', `The run never came to ${fromStage}: it did not complete the stage ${missing}.`, {
    details: { fromStage, reached: missing },
    hint: `Fork from ${missing} or from a stage before it.`,
  });
}

const Proposal = z.object({
  title: z.string(),
  sections: z.array(
    z.object({ heading: z.string(), facet: z.string().nullish(), evidence: z.array(z.string()).nullish() }),
  ),
});

/** The outline as an answer to the original's proposal: a section that keeps its heading keeps its evidence. */
async function answerWith(em: Em, originalId: string, outline: ForkOutline) {
  const proposal = Proposal.parse(await readStageOutput(em, originalId, 'outline'));
  const evidence = new Map(proposal.sections.map((section) => [section.heading, section.evidence ?? null]));
  const given = {
    title: outline.title ?? proposal.title,
    sections: outline.sections.map(({ heading, facet }) => ({
      heading,
      facet: facet ?? null,
      evidence: evidence.get(heading) ?? null,
    })),
  };
  const answer: OutlineAnswer = checkOutlineAnswer(given, { proposal });
  const prompt = 'The outline of a fork, given when it was started.';
  return { stage: 'outline', kind: OUTLINE_APPROVAL, prompt, proposal, answer };
}
