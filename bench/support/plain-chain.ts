/**
 * What the engine's stage jobs are measured against: a chain of plain jobs whose two transactions are those of a claim and
 * a completion, statement by statement, on tables with a primary key and nothing else.
 *
 *   claim       begin+settings · update run · update stage, update run, insert event · commit           4 round trips
 *   completion  begin+settings · update run, insert event · update stage · add_job · commit             5 round trips
 *
 * Each statement is awaited before the next, as such code is commonly written; the engine sends those of a transaction
 * together, which is part of what is measured.
 */
import pg from 'pg';
import { newId } from '../../src/platform/ids.js';
import type { BenchDatabase } from './bench-database.js';

export interface PlainChain {
  /** Queues the first job of that many runs, in one transaction. */
  queue(runs: number): Promise<void>;
  /** One job; `task` is called between its transactions. */
  work(payload: { id: string; stage: number }, task: () => void): Promise<void>;
  close(): Promise<void>;
}

const POOL = 12; // connections, as a worker of concurrency 4 has

const TABLES = `
  create table plain_runs (id uuid primary key, tenant_id uuid not null, status text not null, fence integer not null default 0,
    last_seq integer not null default 0, running_since timestamptz) with (fillfactor = 60);
  create table plain_stages (run_id uuid, name text, status text not null default 'PENDING', attempt integer not null default 0,
    started_at timestamptz, finished_at timestamptz, output jsonb, primary key (run_id, name)) with (fillfactor = 70);
  create table plain_events (run_id uuid, seq integer, tenant_id uuid not null, at timestamptz not null default clock_timestamp(),
    level text not null, stage text, type text not null, message text not null, payload jsonb not null, primary key (run_id, seq));
  grant all on plain_runs, plain_stages, plain_events to pw_queue`;

const INSERT_EVENT = `insert into plain_events (run_id, seq, tenant_id, level, stage, type, message, payload)
  select $1, last_seq, tenant_id, 'INFO', $2, 'STAGE', $2 || ' moved', '{"attempt": 1}' from head`;

const STATEMENTS = {
  take: `update plain_runs set status = 'RUNNING', fence = fence + 1, running_since = clock_timestamp() where id = $1 returning *`,
  begin: `with begun as (
      update plain_stages set status = 'RUNNING', attempt = attempt + 1, started_at = clock_timestamp() where run_id = $1 and name = $2
    ), head as (
      update plain_runs set last_seq = last_seq + 1 where id = $1 returning tenant_id, last_seq
    ), told as (${INSERT_EVENT}) select last_seq from head`,
  finish: `update plain_stages set status = 'SUCCEEDED', finished_at = clock_timestamp(), output = 'null' where run_id = $1 and name = $2`,
  move: `with head as (
      update plain_runs set fence = fence + 1, last_seq = last_seq + 1, running_since = clock_timestamp() where id = $1
      returning plain_runs.*
    ), told as (${INSERT_EVENT}) select * from head`,
  next: `select graphile_worker.add_job('plain', json_build_object('id', $1::text, 'stage', $2::integer),
    max_attempts => 5, job_key => 'plain:' || $1::text || ':' || $2::integer, priority => 0)`,
};

export async function openPlainChain({ admin, urls, actor }: BenchDatabase, stages: number): Promise<PlainChain> {
  await admin.query(TABLES);
  const pool = new pg.Pool({ connectionString: urls.queue, max: POOL });
  pool.on('error', () => undefined); // the server is stopped under idle connections at the end
  const begin = `begin; select set_config('app.tenant', '${actor.tenantId}', true), set_config('app.user', '', true), set_config('app.sees_all', 'off', true)`;

  async function transaction(statements: readonly [name: keyof typeof STATEMENTS, values: unknown[]][]): Promise<void> {
    const client = await pool.connect();
    try {
      await client.query(begin);
      for (const [name, values] of statements) await client.query({ name, text: STATEMENTS[name], values });
      await client.query('commit');
    } finally {
      client.release();
    }
  }

  return {
    async queue(runs) {
      const ids = Array.from({ length: runs }, newId);
      await admin.query(
        `with made as (insert into plain_runs (id, tenant_id, status) select id, $2, 'QUEUED' from unnest($1::uuid[]) id returning id),
           planned as (insert into plain_stages (run_id, name) select id, 's' || n from made, generate_series(1, $3::integer) n)
         select graphile_worker.add_job('plain', json_build_object('id', id, 'stage', 1), max_attempts => 5,
           job_key => 'plain:' || id || ':1', priority => 0) from made`,
        [ids, actor.tenantId, stages],
      );
    },
    async work({ id, stage }, task) {
      const name = `s${stage}`;
      await transaction([
        ['take', [id]],
        ['begin', [id, name]],
      ]);
      task();
      await transaction([
        ['move', [id, name]],
        ['finish', [id, name]],
        ...(stage < stages ? [['next', [id, stage + 1]] as ['next', unknown[]]] : []),
      ]);
    },
    close: () => pool.end(),
  };
}
