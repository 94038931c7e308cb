/**
 * Tells the database how the calls of outside services go, for `serverInfo`. An outcome of another kind than the last is
 * written at once, one of the same kind every few seconds; what cannot be written does not matter to the run.
 */
import type { SqlRunner } from '../../src/platform/database/sql.js';
import type { AppError } from '../../src/platform/errors.js';
import type { Log } from '../../src/platform/log.js';
import { storeServiceHealth } from '../../src/platform/service-health/service-health.js';

export interface CallOutcome {
  service: string; // MODEL, EMBEDDING, or a connector's name
  failureCode: string | null; // null: it went well
  detail?: string; // the model's name
}

/** Never rejects. */
export type ReportHealth = (outcome: CallOutcome) => Promise<void>;

const EVERY_MS = 5_000; // 5 seconds: how late the time of a success may be

export function openHealthReport(sql: SqlRunner, log: Log, now: () => number = Date.now): ReportHealth {
  const written = new Map<string, { what: string; at: number }>();
  return async ({ service, failureCode, detail = null }) => {
    const what = `${failureCode} ${detail}`;
    const last = written.get(service);
    if (last?.what === what && now() - last.at < EVERY_MS) return;
    written.set(service, { what, at: now() });
    await storeServiceHealth(sql, { service, failureCode, detail }).catch((error: unknown) => {
      log.debug({ err: error, service }, 'the health of a service was not recorded');
    });
  };
}

/** Null for what says nothing against the service: it answered that it does not have the thing. */
export function failureCodeOf(error: AppError): string | null {
  if (error.code === 'NOT_FOUND') return null;
  const { status, reason } = error.details;
  if (typeof status === 'number') return `HTTP_${status}`;
  return typeof reason === 'string' ? reason : error.code;
}
