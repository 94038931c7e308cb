/** Stores the trust score of a run, replacing an earlier one: a stage that runs twice leaves one. */
import type { Em } from '../platform/database/database.js';
import { runSql } from '../platform/database/sql.js';
import type { Trust } from './score-trust.js';

/** Joins the caller's transaction. */
export async function storeTrust(
  em: Em,
  place: { tenantId: string; projectId: string; runId: string },
  trust: Trust,
  computedAt: Date,
): Promise<void> {
  await runSql(
    em,
    `insert into trust_scores (run_id, tenant_id, project_id, overall, components, flags, computed_at)
     values ($1, $2, $3, $4, $5, $6, $7)
     on conflict (run_id) do update set overall = excluded.overall, components = excluded.components,
       flags = excluded.flags, computed_at = excluded.computed_at`,
    [
      place.runId,
      place.tenantId,
      place.projectId,
      trust.overall,
      JSON.stringify(trust.components),
      JSON.stringify(trust.flags),
      computedAt,
    ],
  );
}
