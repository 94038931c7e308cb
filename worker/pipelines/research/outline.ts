/**
 * Plans the report from the question and the evidence. Ends the run with INSUFFICIENT_EVIDENCE when there is too little
 * to write from; with `approveOutline` the run waits here until a person has answered.
 */
import { OUTLINE_APPROVAL } from '../../../src/kinds/research/research-kind.js';
import { ResearchRunEntity, type StoredOutline } from '../../../src/kinds/research/research-run.entity.js';
import { runSql } from '../../../src/platform/database/sql.js';
import type { StageContext, StageResult } from '../../engine/stage.js';
import { applyOutline, outlineQuestion } from '../../tools/model/editing/propose-outline.js';
import { requireEvidence } from '../../tools/writer/assess-evidence.js';
import { type Outline, planOutline } from '../../tools/writer/outline.js';
import type { Ingested, Outlined } from './checkpoints.js';
import { openConsultant } from './consult-model.js';

export async function outline(ctx: StageContext): Promise<StageResult> {
  const { question, approveOutline } = await ctx.em.findOneOrFail(ResearchRunEntity, { runId: ctx.run.id });
  const { snippets } = await ctx.output<Ingested>('ingest');
  const plan = planOutline(question, snippets);
  const { assessment } = plan;
  ctx.emit({
    type: 'LOG_LINE',
    message: `${assessment.sentencesRead} sentences read, ${assessment.relevantSentences} bear on the question, from ${assessment.sources} sources.`,
    payload: { ...assessment },
  });
  requireEvidence(assessment, question);
  const planned: Outlined = await arrange(ctx, plan, snippets);
  ctx.emit({
    type: 'LOG_LINE',
    message: `Sections: ${planned.sections.map((section) => section.heading).join(' · ')}`,
    payload: { headings: planned.sections.map((section) => section.heading) },
  });
  const { title, sections } = planned;
  const block = {
    kind: OUTLINE_APPROVAL,
    prompt: 'Is this the report you want? Rename, reorder, remove or add sections, or approve the outline as it is.',
    proposal: { title, sections },
  };
  return {
    output: planned,
    write: async (em) => {
      await runSql(em, 'update research_runs set outline = $2 where run_id = $1', [
        ctx.run.id,
        JSON.stringify(shownOutline(planned)),
      ]);
      return undefined;
    },
    ...(approveOutline && { block }),
  };
}

/** The plan as a model arranges it; as it is where there is none, or where its proposal cannot be used. */
async function arrange(ctx: StageContext, plan: Outline, snippets: Ingested['snippets']): Promise<Outline> {
  const consultant = await openConsultant(ctx, 'outline', null);
  if (!consultant) return plan;
  const arranged = await consultant.ask(outlineQuestion(plan, snippets), (proposal) =>
    applyOutline(plan, proposal, snippets),
  );
  return { ...(arranged ?? plan), model: consultant.note() };
}

/** The outline as the API shows it: headings, what they answer, and how much each can draw on. */
export const shownOutline = ({ title, sections }: Outline): StoredOutline => ({
  title,
  sections: sections.map(({ heading, facet, evidence }) => ({ heading, facet, evidenceCount: evidence?.length ?? 0 })),
});
