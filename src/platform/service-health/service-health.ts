/**
 * How the services outside of this product are doing, as the workers that call them find: one row a service, over all workers.
 * It holds no data of anyone and no address: any tenant may read it.
 */
import { runSql, type SqlScope } from '../database/sql.js';

export interface ServiceHealth {
  service: string; // capitals and underscores
  /** Of the last call: the model's name. */
  detail: string | null;
  lastSuccessAt: Date | null;
  lastFailureAt: Date | null;
  lastFailureCode: string | null; // capitals, digits and underscores: HTTP_429, TIMED_OUT
}

/** By the database's clock. `failureCode` null: it went well. */
export async function storeServiceHealth(
  sql: SqlScope,
  { service, failureCode, detail }: { service: string; failureCode: string | null; detail: string | null },
): Promise<void> {
  await runSql(
    sql,
    `insert into service_health as h (service, detail, last_success_at, last_failure_at, last_failure_code)
     select $1, $3, case when $2::text is null then now() end, case when $2::text is not null then now() end, $2
     on conflict (service) do update
     set detail = excluded.detail,
         last_success_at = coalesce(excluded.last_success_at, h.last_success_at),
         last_failure_at = coalesce(excluded.last_failure_at, h.last_failure_at),
         last_failure_code = coalesce(excluded.last_failure_code, h.last_failure_code)`,
    [service, failureCode, detail],
  );
}

/** Those of the named services that were ever called. */
export async function loadServiceHealth(sql: SqlScope, services: readonly string[]): Promise<ServiceHealth[]> {
  const rows = await runSql<{
    service: string;
    detail: string | null;
    last_success_at: Date | null;
    last_failure_at: Date | null;
    last_failure_code: string | null;
  }>(sql, 'select * from service_health where service = any ($1::text[])', [[...services]]);
  return rows.map((row) => ({
    service: row.service,
    detail: row.detail,
    lastSuccessAt: row.last_success_at && new Date(row.last_success_at),
    lastFailureAt: row.last_failure_at && new Date(row.last_failure_at),
    lastFailureCode: row.last_failure_code,
  }));
}
