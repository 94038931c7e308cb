/**
 * A database for measuring: the embedded Postgres as the product ships it, with fsync on, in a folder of its own, with one
 * tenant, one person and one project.
 */
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { ENTITIES } from '../../src/entities.js';
import { createAccessTokens } from '../../src/identity/tokens/access-token.js';
import { secretKeys } from '../../src/identity/tokens/signing-keys.js';
import type { Actor } from '../../src/platform/database/actor.js';
import { type Database, openDatabase } from '../../src/platform/database/database.js';
import { migrate } from '../../src/platform/database/migrate.js';
import { bootstrapDatabase, type DatabaseUrls } from '../../src/platform/database/roles.js';
import { startEmbeddedPostgres } from '../../src/platform/embedded-postgres/start-embedded-postgres.js';
import { newId } from '../../src/platform/ids.js';

/** Of the API processes that are measured (api-process.ts), so that the token below is one of theirs. */
export const BENCH_SECRET_KEY = randomBytes(32).toString('hex');

const accessTokens = createAccessTokens({
  keys: secretKeys('access-token', { own: undefined, ownPrevious: [], root: BENCH_SECRET_KEY, rootPrevious: [] }),
  issuer: 'paperwright', // AUTH_JWT_ISSUER when unset
  lifetimeMs: 86_400_000, // a day: longer than any measurement
  clockSkewS: 0,
});

export interface BenchDatabase {
  database: Database;
  urls: DatabaseUrls;
  admin: pg.Pool; // superuser: for baselines and for making rows
  actor: Actor;
  token: string; // of the actor's session: registering through the API is throttled
  projectId: string;
  close(): Promise<void>;
}

export async function openBenchDatabase(poolSize: number): Promise<BenchDatabase> {
  const dataDir = await mkdtemp(join(tmpdir(), 'paperwright-bench-'));
  const postgres = await startEmbeddedPostgres({ dataDir, settings: { max_connections: '200' } });
  const urls = await bootstrapDatabase(postgres.adminUrl, 'bench');
  await migrate(urls);
  const adminUrl = new URL(postgres.adminUrl);
  adminUrl.pathname = '/bench';
  const admin = new pg.Pool({ connectionString: adminUrl.toString(), max: poolSize });
  admin.on('error', () => undefined); // the server is stopped under idle connections at the end
  const actor: Actor = { tenantId: newId(), userId: newId(), credentialId: newId(), roles: ['OWNER'] };
  const projectId = newId();
  await admin.query('insert into tenants (id, name) values ($1, $2)', [actor.tenantId, 'Bench']);
  await admin.query(
    `insert into users (id, email, display_name, password_hash) values ($1, 'bench@example.org', 'Bench', '-')`,
    [actor.userId],
  );
  await admin.query(`insert into memberships (id, tenant_id, user_id, roles) values ($1, $2, $3, '{OWNER}')`, [
    newId(),
    actor.tenantId,
    actor.userId,
  ]);
  await admin.query(
    `insert into sessions (id, tenant_id, user_id, expires_at) values ($1, $2, $3, now() + interval '1 day')`,
    [actor.credentialId, actor.tenantId, actor.userId],
  );
  await admin.query('insert into projects (id, tenant_id, owner_id, name) values ($1, $2, $3, $4)', [
    projectId,
    actor.tenantId,
    actor.userId,
    'Bench',
  ]);
  const database = await openDatabase({ url: urls.app, entities: ENTITIES, poolSize });
  return {
    database,
    urls,
    admin,
    actor,
    token: (await accessTokens.issue(actor)).text,
    projectId,
    async close() {
      await database.close();
      await admin.end();
      await postgres.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** A run that is RUNNING under fence 0, as if a worker held it. */
export async function insertRunningRun(
  { admin, actor, projectId }: BenchDatabase,
  stages: readonly string[] = ['only'],
): Promise<string> {
  const id = newId();
  await admin.query(
    `insert into runs (id, tenant_id, project_id, kind, status, current_stage, limits, input_hash, created_by)
     values ($1, $2, $3, 'RESEARCH', 'RUNNING', $4, '{"wallMs":null}', '', $5)`,
    [id, actor.tenantId, projectId, stages[0], actor.userId],
  );
  await admin.query(
    `insert into run_stages (run_id, tenant_id, name, position) select $1, $2, s, n from unnest($3::text[]) with ordinality t(s, n)`,
    [id, actor.tenantId, stages],
  );
  return id;
}
