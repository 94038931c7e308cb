/**
 * What a replay or a fork takes over from the run it goes back to. Everything joins the transaction that makes the new run,
 * so the new one needs the old one no more: it may be retried or deleted at any time.
 */
import type { RunPlace } from '../../claims/store-claims.js';
import type { Em } from '../../platform/database/database.js';
import { runSql } from '../../platform/database/sql.js';
import { encodeId, newId } from '../../platform/ids.js';
import { InputRequestEntity } from '../../runs/input-request.entity.js';
import type { RunEventDraft } from '../../runs/run-event.js';
import { copyExchanges } from '../../runs/run-exchange.js';
import type { RunOrigin } from '../../runs/run-origin.entity.js';
import { copyClaims } from './copy-claims.js';
import type { ResearchStage } from './research-kind.js';
import { ResearchSourceEntity } from './research-source.entity.js';

export async function noteOrigin(em: Em, origin: RunOrigin): Promise<void> {
  const { runId, tenantId, projectId, how, originId, fromStage } = origin;
  await runSql(
    em,
    `insert into run_origins (run_id, tenant_id, project_id, how, origin_id, from_stage) values ($1, $2, $3, $4, $5, $6)`,
    [runId, tenantId, projectId, how, originId, fromStage],
  );
}

/** The checkpoints of the stages that the new run does not run itself, and the rows that go with them. */
export async function takeOver(em: Em, from: string, place: RunPlace, reused: readonly ResearchStage[]): Promise<void> {
  await copyStages(em, from, place.runId, reused);
  await copyExchanges(em, { from, to: place.runId, stages: reused });
  if (reused.includes('ingest')) await copySources(em, from, place);
  if (reused.includes('draft')) await copyClaims(em, from, place, reused.includes('factcheck'));
}

/** The stages stand as they did, with their outputs, but were never begun by this run: their attempt stays 0. */
async function copyStages(em: Em, from: string, to: string, stages: readonly ResearchStage[]): Promise<void> {
  await runSql(
    em,
    `update run_stages copy set status = 'SUCCEEDED', output = s.output, progress = s.progress,
       started_at = s.started_at, finished_at = s.finished_at
     from run_stages s where copy.run_id = $2 and s.run_id = $1 and s.name = copy.name and s.name = any ($3::text[])`,
    [from, to, stages],
  );
}

/** What a person answered to the outline, if they were asked. */
export async function copyAnswer(em: Em, from: string, to: Pick<RunPlace, 'runId' | 'tenantId'>): Promise<void> {
  const [request] = await em.find(
    InputRequestEntity,
    { runId: from, status: 'ANSWERED' },
    { orderBy: { answeredAt: 'desc' }, limit: 1 },
  );
  if (request) await insertAnswer(em, to, request);
}

export interface AnsweredRequest {
  stage: string;
  kind: string;
  prompt: string;
  proposal: unknown;
  answer?: unknown;
}

/** As if it had been asked and answered in this run. */
export async function insertAnswer(
  em: Em,
  { runId, tenantId }: Pick<RunPlace, 'runId' | 'tenantId'>,
  { stage, kind, prompt, proposal, answer }: AnsweredRequest,
): Promise<void> {
  await runSql(
    em,
    `insert into input_requests (id, tenant_id, run_id, stage, kind, prompt, proposal, status, answer, answered_at)
     values ($1, $2, $3, $4, $5, $6, $7, 'ANSWERED', $8, clock_timestamp())`,
    [newId(), tenantId, runId, stage, kind, prompt, JSON.stringify(proposal), JSON.stringify(answer)],
  );
}

/** In their order of rank. */
async function copySources(em: Em, from: string, { tenantId, projectId, runId }: RunPlace): Promise<void> {
  const rows = await em.find(ResearchSourceEntity, { runId: from }, { orderBy: { id: 'asc' } });
  await runSql(
    em,
    `insert into research_sources (id, tenant_id, project_id, run_id, source_id, score)
     select id, $1, $2, $3, source_id, score from unnest($4::uuid[], $5::uuid[], $6::float8[]) as copy (id, source_id, score)`,
    [
      tenantId,
      projectId,
      runId,
      rows.map(() => newId()),
      rows.map((row) => row.sourceId),
      rows.map((row) => row.score),
    ],
  );
}

/** What the stage left for the next ones. */
export async function readStageOutput(em: Em, runId: string, stage: ResearchStage): Promise<unknown> {
  const [row] = await runSql<{ output: unknown }>(em, 'select output from run_stages where run_id = $1 and name = $2', [
    runId,
    stage,
  ]);
  return row?.output ?? null;
}

/** How the timeline says it, an event a stage. */
export const reusedEvents = (reused: readonly ResearchStage[], from: string): RunEventDraft[] => {
  const reusedFrom = encodeId('run', from);
  return reused.map((stage) => ({
    type: 'LOG_LINE',
    stage,
    message: `${stage} is not run again: what it left in ${reusedFrom} is reused.`,
    payload: { reusedFrom },
  }));
};
