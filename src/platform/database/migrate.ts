/**
 * Applies src/migrations/*.sql in order of name, each in a transaction, as pw_owner; then graphile-worker's own
 * migrations as pw_queue. Append-only: an applied file whose text has changed is refused. Safe when several processes
 * start at once (one advisory lock), and a no-op when nothing is new.
 */
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { runMigrations as migrateGraphileWorker } from 'graphile-worker';
import { AppError } from '../errors.js';
import { withAdvisoryLock } from './advisory-lock.js';
import type { DatabaseUrls } from './roles.js';

const MIGRATION_LOCK = 7_310_002;
const MIGRATIONS_FOLDER = fileURLToPath(new URL('../../migrations/', import.meta.url));

export interface Migration {
  name: string;
  sql: string;
  sha256: string;
}

export async function readMigrations(folder = MIGRATIONS_FOLDER): Promise<Migration[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.sql')).sort();
  return Promise.all(
    names.map(async (name) => {
      const sql = await readFile(`${folder}/${name}`, 'utf8');
      return { name, sql, sha256: createHash('sha256').update(sql).digest('hex') };
    }),
  );
}

/** Returns the names that were applied by this call. */
export async function migrate(urls: Pick<DatabaseUrls, 'owner' | 'queue'>, folder?: string): Promise<string[]> {
  const migrations = await readMigrations(folder);
  return withAdvisoryLock(urls.owner, MIGRATION_LOCK, async (client) => {
    // graphile-worker first: functions of ours call its add_job
    await migrateGraphileWorker({ connectionString: urls.queue });
    await client.query(
      'create table if not exists schema_migrations (name text primary key, sha256 text not null, applied_at timestamptz not null default now())',
    );
    await client.query('grant select on schema_migrations to pw_app');
    const { rows } = await client.query<{ name: string; sha256: string }>('select name, sha256 from schema_migrations');
    const done = new Map(rows.map((row) => [row.name, row.sha256]));
    const applied: string[] = [];
    for (const migration of migrations) {
      const known = done.get(migration.name);
      if (known === migration.sha256) continue;
      if (known) {
        throw new AppError('CONFLICT', `Migration ${migration.name} was changed after it had been applied.`, {
          hint: 'Migrations are append-only: restore the file and add a new one.',
        });
      }
      await client.query('begin');
      try {
        // the body of an SQL function would be checked with the owner's row_security = off, which refuses every walled table
        await client.query('set local check_function_bodies = off');
        await client.query(migration.sql);
        await client.query('insert into schema_migrations (name, sha256) values ($1, $2)', [
          migration.name,
          migration.sha256,
        ]);
        await client.query('commit');
      } catch (cause) {
        await client.query('rollback');
        throw new AppError('INTERNAL', `Migration ${migration.name} failed: ${(cause as Error).message}`, { cause });
      }
      applied.push(migration.name);
    }
    return applied;
  });
}
