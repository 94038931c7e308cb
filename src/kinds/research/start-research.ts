/** Starts a research run over the library of a project, and over what the connectors it names find besides. */

import { runSql } from '../../platform/database/sql.js';
import { badInput } from '../../platform/errors.js';
import type { ActorContext } from '../../platform/graphql/api-context.js';
import { decodeId } from '../../platform/ids.js';
import { type RequestedBudget, toLimits } from '../../runs/budget.js';
import type { Run } from '../../runs/run.entity.js';
import { startRun } from '../../runs/start-run.js';
import { storableText } from '../../runs/storable-text.js';
import { checkConnectors } from './check-connectors.js';
import type { ConnectorName } from './connector-name.js';
import { RESEARCH } from './research-kind.js';

export interface StartResearch {
  projectId: string; // public id
  question: string;
  clientRequestId?: string | null;
  approveOutline?: boolean | null;
  maxSources?: number | null;
  connectors?: readonly ConnectorName[] | null;
  budget?: RequestedBudget | null;
}

export const MAX_QUESTION_CHARS = 1_000; // a question of two hundred words; more is a document

/** Idempotent by clientRequestId. Fails with BAD_INPUT for the question or a connector, and as startRun does. */
export function startResearch(ctx: ActorContext, input: StartResearch): Promise<Run> {
  const projectId = decodeId('proj', input.projectId);
  const question = readableQuestion(input.question);
  const approveOutline = input.approveOutline ?? false;
  const connectors = checkConnectors(input.connectors, ctx.services.researchConnectors);
  const limits = toLimits({ ...input.budget, sources: input.maxSources ?? input.budget?.sources ?? null });
  return startRun(ctx, RESEARCH, {
    projectId,
    clientRequestId: input.clientRequestId ?? null,
    limits,
    // a request without connectors is the same as it was before there were any
    input: { question, approveOutline, limits, ...(connectors.length > 1 && { connectors }) },
    insertDetails: async (em, runId) => {
      await runSql(
        em,
        `insert into research_runs (run_id, tenant_id, project_id, question, approve_outline, connectors)
         values ($1, $2, $3, $4, $5, $6)`,
        [runId, ctx.actor.tenantId, projectId, question, approveOutline, connectors],
      );
    },
  });
}

/** White space folded, control characters gone; must hold a letter or a digit. */
export function readableQuestion(raw: string): string {
  const question = storableText(raw)
    .replace(/[\p{Cc}\p{Cf}\p{Z}]+/gu, ' ')
    .trim();
  if (question.length > MAX_QUESTION_CHARS) {
    throw badInput(
      `The question has ${question.length} characters; up to ${MAX_QUESTION_CHARS} are read. Ask for one thing at a time.`,
      {
        field: 'question',
        max: MAX_QUESTION_CHARS,
      },
    );
  }
  if (!/[\p{L}\p{N}]/u.test(question)) {
    throw badInput('The question is empty. Ask in a sentence, such as “How is retrieval evaluated?”.', {
      field: 'question',
    });
  }
  return question;
}
