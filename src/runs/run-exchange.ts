/**
 * The record of a run: what its tools asked and were answered, stage by stage. Rows name blobs by their hash and are
 * written after them, in the transaction that settles the stage's attempt; a later attempt replaces them as a whole.
 * `run_stages.exchanges` says how many a stage has, so that a record with a gap is never taken for whole.
 */
import { runSql, type SqlScope } from '../platform/database/sql.js';
import type { ErrorCode } from '../platform/errors.js';
import { storableText } from './storable-text.js';

/** MODEL: a call of a language model. HTTP: a GET of a connector. LIBRARY: what the project's library had or took in. */
const EXCHANGE_KINDS = ['MODEL', 'HTTP', 'LIBRARY'] as const;
export type ExchangeKind = (typeof EXCHANGE_KINDS)[number];

/** An AppError as it is kept: what a tool was told in place of an answer. */
export interface RecordedFailure {
  code: ErrorCode;
  message: string;
  retryable: boolean;
  details: Record<string, unknown>;
  hint: string | null;
}

export interface RunExchange {
  occurrence: number; // 0 at the first request of this hash in the stage
  kind: ExchangeKind;
  requestSha256: string;
  request: Record<string, unknown>;
  status: number | null;
  response: Record<string, unknown> | null;
  responseSha256: string | null; // null: `failure` says why
  responseBytes: number | null;
  failure: RecordedFailure | null;
  recordedAt: string; // ISO 8601
}

interface Place {
  tenantId: string;
  projectId: string;
  runId: string;
  stage: string;
  attempt: number;
}

/** Replaces the record of the stage. Joins the caller's transaction, which holds the run's lock. */
export async function storeExchanges(sql: SqlScope, place: Place, exchanges: readonly RunExchange[]): Promise<void> {
  const { tenantId, projectId, runId, stage, attempt } = place;
  await runSql(sql, 'delete from run_exchanges where run_id = $1 and stage = $2', [runId, stage]);
  await runSql(
    sql,
    `insert into run_exchanges (run_id, tenant_id, project_id, stage, attempt, ordinal, occurrence, kind, request_sha256,
       request, status, response, response_sha256, response_bytes, failure, recorded_at)
     select $1, $2, $3, $4, $5, ordinality - 1, (e->>'occurrence')::integer, e->>'kind', e->>'requestSha256',
       e->'request', (e->>'status')::integer, nullif(e->'response', 'null'), e->>'responseSha256',
       (e->>'responseBytes')::bigint, nullif(e->'failure', 'null'), (e->>'recordedAt')::timestamptz
     from jsonb_array_elements($6::jsonb) with ordinality as list (e, ordinality)`,
    [runId, tenantId, projectId, stage, attempt, JSON.stringify(storableText(exchanges))],
  );
  await runSql(sql, 'update run_stages set exchanges = $3 where run_id = $1 and name = $2', [
    runId,
    stage,
    exchanges.length,
  ]);
}

/** In the order in which they were asked; null when the stage has no record, or one with a gap. */
export async function readExchanges(sql: SqlScope, runId: string, stage: string): Promise<RunExchange[] | null> {
  const [row] = await runSql<{ recorded: number | null; found: RunExchange[] | null }>(
    sql,
    `select s.exchanges as recorded, (
       select jsonb_agg(jsonb_build_object('occurrence', e.occurrence, 'kind', e.kind, 'requestSha256', e.request_sha256,
         'request', e.request, 'status', e.status, 'response', e.response, 'responseSha256', e.response_sha256,
         'responseBytes', e.response_bytes, 'failure', e.failure, 'recordedAt', e.recorded_at) order by e.ordinal)
       from run_exchanges e where e.run_id = s.run_id and e.stage = s.name) as found
     from run_stages s where s.run_id = $1 and s.name = $2`,
    [runId, stage],
  );
  const found = row?.found ?? [];
  return row && row.recorded === found.length ? found : null;
}

/** Gives a new run the record of these stages of another; the blobs are shared. Joins the caller's transaction. */
export async function copyExchanges(
  sql: SqlScope,
  { from, to, stages }: { from: string; to: string; stages: readonly string[] },
): Promise<void> {
  await runSql(
    sql,
    `insert into run_exchanges (run_id, tenant_id, project_id, stage, attempt, ordinal, occurrence, kind, request_sha256,
       request, status, response, response_sha256, response_bytes, failure, recorded_at)
     select $2, tenant_id, project_id, stage, attempt, ordinal, occurrence, kind, request_sha256,
       request, status, response, response_sha256, response_bytes, failure, recorded_at
     from run_exchanges where run_id = $1 and stage = any ($3::text[])`,
    [from, to, stages],
  );
  await runSql(
    sql,
    `update run_stages copy set exchanges = s.exchanges from run_stages s
     where copy.run_id = $2 and s.run_id = $1 and s.name = copy.name and s.name = any ($3::text[])`,
    [from, to, stages],
  );
}
