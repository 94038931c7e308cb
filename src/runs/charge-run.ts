/** Adds what a call of a model took to its run and to the stage that asked. The caller's transaction names the tenant. */
import { loadPreparedSql, runSql, type SqlScope } from '../platform/database/sql.js';

const CHARGE = loadPreparedSql(import.meta.url, './sql/charge-run.sql');

export interface Spending {
  tokens: number; // sent and answered together
  costUsd: number;
}

/** Of one call. */
export interface Charge {
  inputTokens: number;
  outputTokens: number;
  costUsd: number; // 0 when its price is not known
}

export async function chargeRun(
  sql: SqlScope,
  { runId, stage }: { runId: string; stage: string },
  { inputTokens, outputTokens, costUsd }: Charge,
): Promise<void> {
  await runSql(sql, CHARGE, [runId, stage, inputTokens, outputTokens, costUsd]);
}

/** What it has spent so far. */
export async function readSpending(sql: SqlScope, runId: string): Promise<Spending> {
  const [row] = await runSql<{ spent_tokens: number; spent_cost_usd: number }>(
    sql,
    'select spent_tokens, spent_cost_usd from runs where id = $1',
    [runId],
  );
  return { tokens: row?.spent_tokens ?? 0, costUsd: row?.spent_cost_usd ?? 0 };
}
