/**
 * /healthz (and /health): this process runs; nothing else is asked, so that a database outage restarts no API.
 * /readyz: it can serve: the database answers, every migration of this build is applied, and some worker is alive. Each
 * check stands in the answer; 503 when one fails. A check that takes longer than `CHECK_TIMEOUT_MS` has failed.
 */
import type { FastifyInstance } from 'fastify';
import type { Database } from '../../platform/database/database.js';
import { readMigrations } from '../../platform/database/migrate.js';
import { runSql } from '../../platform/database/sql.js';

const CHECK_TIMEOUT_MS = 2_000; // 2 seconds: probes commonly wait 3

interface Check {
  ok: boolean;
  message: string;
}

export function registerHealth(app: FastifyInstance, database: Database, isDraining: () => boolean): void {
  const alive = async () => ({ status: 'ok' });
  app.get('/healthz', alive);
  app.get('/health', alive);
  app.get('/readyz', async (_request, reply) => {
    const checks = { accepting: accepting(isDraining()), ...(await checkDatabase(database)) };
    const ready = Object.values(checks).every((check) => check.ok);
    return reply
      .code(ready ? 200 : 503)
      .header('cache-control', 'no-store')
      .send({ status: ready ? 'ready' : 'not ready', checks });
  });
}

const accepting = (draining: boolean): Check =>
  draining ? { ok: false, message: 'This process is shutting down.' } : { ok: true, message: 'Takes requests.' };

async function checkDatabase(database: Database): Promise<Record<'database' | 'migrations' | 'worker', Check>> {
  const failed = (message: string): Check => ({ ok: false, message });
  try {
    const { applied, workers } = await withTimeout(readState(database));
    const missing = (await readMigrations())
      .map((migration) => migration.name)
      .filter((name) => !applied.includes(name));
    return {
      database: { ok: true, message: 'Answers.' },
      migrations:
        missing.length === 0
          ? { ok: true, message: `${applied.length} applied.` }
          : failed(`Not applied: ${missing.join(', ')}. Run \`npm run migrate\`.`),
      worker:
        workers > 0
          ? { ok: true, message: `${workers} alive.` }
          : failed('No worker is alive: runs wait. Start one with `npm run start:worker`.'),
    };
  } catch {
    const unknown = failed('Unknown while the database does not answer.');
    return { database: failed('Does not answer.'), migrations: unknown, worker: unknown };
  }
}

async function readState(database: Database): Promise<{ applied: string[]; workers: number }> {
  const [row] = await runSql<{ applied: string[]; workers: number }>(
    database.asNobody(),
    `select (select array_agg(name) from schema_migrations) as applied,
            (select count(*)::integer from workers where lease_until > clock_timestamp()) as workers`,
  );
  return { applied: row?.applied ?? [], workers: row?.workers ?? 0 };
}

function withTimeout<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error('timed out')), CHECK_TIMEOUT_MS);
  });
  return Promise.race([work, timeout]).finally(() => clearTimeout(timer));
}
