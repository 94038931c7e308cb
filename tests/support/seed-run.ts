/** A run of a seeded project, written behind the walls: for tests of slices that build on runs. */
import { newId } from '../../src/platform/ids.js';
import type { BudgetLimits } from '../../src/runs/run.entity.js';
import type { TestDatabase } from './database.js';
import type { SeededProject } from './seed-project.js';

const NO_LIMITS: BudgetLimits = { wallMs: null, modelTokens: null, costUsd: null, sources: null, artifactBytes: null };

/** Returns the run's uuid. It is RUNNING and nobody works on it. */
export async function seedRun(
  db: TestDatabase,
  { tenantId, projectId, userId }: SeededProject,
  limits: Partial<BudgetLimits> = {},
): Promise<string> {
  const runId = newId();
  await db.admin.query(
    `insert into runs (id, tenant_id, project_id, kind, status, limits, input_hash, created_by)
     values ($1, $2, $3, 'RESEARCH', 'RUNNING', $4, 'seeded', $5)`,
    [runId, tenantId, projectId, JSON.stringify({ ...NO_LIMITS, ...limits }), userId],
  );
  return runId;
}
