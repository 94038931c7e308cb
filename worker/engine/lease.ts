/**
 * The lease of this worker process: one row, renewed every third of its length by the database's clock. While it holds,
 * the runs this process works on are its own; when it lapses, the sweeper gives them to others.
 */
import { hostname } from 'node:os';
import type { Database } from '../../src/platform/database/database.js';
import { runSql } from '../../src/platform/database/sql.js';
import type { Log } from '../../src/platform/log.js';

export interface Lease {
  /** Gives the lease up at once: what this process left behind need not wait for it to lapse. */
  end(): Promise<void>;
}

export async function takeLease(
  database: Database,
  options: { workerId: string; leaseMs: number; version: string; log: Log },
): Promise<Lease> {
  const renew = () =>
    runSql(
      database.nobody,
      `insert into workers (id, host, pid, version, lease_until)
       values ($1, $2, $3, $4, clock_timestamp() + make_interval(secs => $5 / 1000.0))
       on conflict (id) do update set lease_until = excluded.lease_until`,
      [options.workerId, hostname(), process.pid, options.version, options.leaseMs],
    );
  await renew();
  const timer = setInterval(
    () =>
      void renew().catch((error) => options.log.warn({ err: error }, 'the lease could not be renewed; trying again')),
    options.leaseMs / 3,
  );
  return {
    async end() {
      clearInterval(timer);
      await runSql(database.nobody, 'delete from workers where id = $1', [options.workerId]);
    },
  };
}
