/** How the last call of a model went, as the workers found. */
import type { Em } from '../../platform/database/database.js';
import { loadServiceHealth } from '../../platform/service-health/service-health.js';

export interface LastCall {
  ok: boolean;
  reason: string | null;
  model: string;
  at: Date;
}

/** Null until a worker has asked it. */
export async function loadLastCall(em: Em, service: 'MODEL' | 'EMBEDDING'): Promise<LastCall | null> {
  const [health] = await loadServiceHealth(em, [service]);
  if (!health) return null;
  const { detail, lastSuccessAt, lastFailureAt, lastFailureCode } = health;
  const ok = lastFailureAt === null || (lastSuccessAt !== null && lastSuccessAt >= lastFailureAt);
  const at = ok ? lastSuccessAt : lastFailureAt;
  return at && { ok, reason: ok ? null : lastFailureCode, model: detail ?? '', at };
}
