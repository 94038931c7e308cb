/**
 * Fills a database with timelines of runs that began over the last year, each in the partition of its month, as a product has
 * them that has run for so long. Made on the server, as the administrator and without foreign keys checked.
 */
import { v7 as uuidv7 } from 'uuid';
import type { BenchDatabase } from '../support/bench-database.js';

export const EVENTS_A_RUN = 1_000;
const MONTHS = 12;
const MONTH_MS = 30 * 24 * 60 * 60 * 1_000;
const RUNS_AT_ONCE = 200;

// As create_partitions() names and bounds them, but for months that have been.
const PARTITIONS = `
do $$
declare
  month timestamptz;
begin
  for i in 1..${MONTHS} loop
    month := date_trunc('month', now() at time zone 'utc') at time zone 'utc' - make_interval(months => i);
    execute format('create table public.%I partition of public.run_events for values from (%L) to (%L)',
      'run_events_' || to_char(month at time zone 'utc', 'YYYYMM'), uuid_floor(month), uuid_floor(month + interval '1 month'));
    execute format('alter table public.%I owner to pw_system', 'run_events_' || to_char(month at time zone 'utc', 'YYYYMM'));
  end loop;
end $$`;

/** Answers the runs, oldest first. */
export async function fillTimelines(bench: BenchDatabase, events: number): Promise<string[]> {
  const { admin, actor, projectId } = bench;
  await admin.query(PARTITIONS);
  const count = Math.ceil(events / EVENTS_A_RUN);
  const now = Date.now();
  const span = (MONTHS - 1) * MONTH_MS;
  const runs = Array.from({ length: count }, (_, i) => uuidv7({ msecs: now - span + Math.floor((span * i) / count) }));
  await admin.query(
    `insert into runs (id, tenant_id, project_id, kind, status, limits, input_hash, created_by, last_seq)
     select id, $2, $3, 'RESEARCH', 'SUCCEEDED', '{"wallMs":null}', '', $4, $5 from unnest($1::uuid[]) as r (id)`,
    [runs, actor.tenantId, projectId, actor.userId, EVENTS_A_RUN],
  );
  for (let at = 0; at < runs.length; at += RUNS_AT_ONCE) {
    await insertEvents(bench, runs.slice(at, at + RUNS_AT_ONCE), EVENTS_A_RUN);
  }
  await admin.query('vacuum (analyze) runs');
  await admin.query('vacuum (analyze) run_events');
  return runs;
}

async function insertEvents({ admin, actor }: BenchDatabase, runs: readonly string[], each: number): Promise<void> {
  const client = await admin.connect();
  try {
    await client.query('set session_replication_role = replica');
    await client.query(
      `insert into run_events (run_id, seq, tenant_id, level, stage, type, message, payload)
       select id, seq, $2, 'INFO', 'draft', 'LOG_LINE',
         'a line of output as long as those of most programs, so eighty characters or so: ' || seq, '{}'
       from unnest($1::uuid[]) as r (id), generate_series(1, $3::integer) as seq`,
      [runs, actor.tenantId, each],
    );
  } finally {
    await client.query('reset session_replication_role');
    client.release();
  }
}
