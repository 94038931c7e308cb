/** Tenants, people and projects for tests below the API: made in the database as registration makes them. */
import { openSessionLookup } from '../../src/identity/sessions/session-lookup.js';
import type { Actor, Role } from '../../src/platform/database/actor.js';
import type { ActorContext } from '../../src/platform/graphql/api-context.js';
import { LoaderRegistry } from '../../src/platform/graphql/loader-registry.js';
import { newId } from '../../src/platform/ids.js';
import { createLog } from '../../src/platform/log.js';
import { createNotifier } from '../../src/platform/notifications/notifier.js';
import { RunFeed } from '../../src/runs/following/run-feed.js';
import { RUN_CHANNEL } from '../../src/runs/run-channel.js';
import { testAuth } from './auth.js';
import type { TestDatabase } from './database.js';

/** A new tenant with one member of the given role, whose session is live. */
export async function createActor(db: TestDatabase, role: Role = 'OWNER', tenantId = newId()): Promise<Actor> {
  const userId = newId();
  const credentialId = newId();
  await db.admin.query('insert into tenants (id, name) values ($1, $2) on conflict do nothing', [tenantId, 'Tenant']);
  await db.admin.query(`insert into users (id, email, display_name) values ($1, $2, 'Person')`, [
    userId,
    `${userId}@example.org`,
  ]);
  await db.admin.query('insert into memberships (id, tenant_id, user_id, roles) values ($1, $2, $3, $4)', [
    newId(),
    tenantId,
    userId,
    [role],
  ]);
  await db.admin.query(
    `insert into sessions (id, tenant_id, user_id, expires_at) values ($1, $2, $3, now() + interval '1 day')`,
    [credentialId, tenantId, userId],
  );
  return { tenantId, userId, credentialId, roles: [role] };
}

export async function createProjectRow(
  db: TestDatabase,
  actor: Actor,
  visibility: 'TENANT' | 'PRIVATE' = 'TENANT',
): Promise<string> {
  const id = newId();
  await db.admin.query('insert into projects (id, tenant_id, owner_id, name, visibility) values ($1, $2, $3, $4, $5)', [
    id,
    actor.tenantId,
    actor.userId,
    'Project',
    visibility,
  ]);
  return id;
}

/** A context for use cases; `services` are the parts a test needs beside the runs' own. */
export function contextFor(
  db: TestDatabase,
  actor: Actor,
  services: Partial<ActorContext['services']> = {},
): ActorContext {
  const runs = {
    notifier: createNotifier(db.database, RUN_CHANNEL, () => undefined),
    feed: new RunFeed({ database: db.database, listenUrl: db.urls.app }),
    queueLimit: 1_000,
    artifactBytes: 25_000_000,
    answerChecks: new Map(),
  };
  return {
    em: db.database.asActor(actor),
    actor,
    refusal: null,
    clock: () => new Date(),
    loaders: new LoaderRegistry(),
    services: {
      runs,
      uploads: { maxBytes: 50 * 1024 * 1024 },
      ingestion: { perHour: 100_000, engines: ['BUILTIN'] },
      database: db.database,
      log: createLog('test', 'silent'),
      signInFailures: { ofAccounts: 0, ofNobody: 0 },
      auth: testAuth(),
      findSession: openSessionLookup(db.database.nobody),
      ...services,
    } as ActorContext['services'],
    ip: '127.0.0.1',
    origin: { ip: '127.0.0.1', userAgent: null, requestId: null },
    refreshCookie: null,
    enter: () => undefined,
    writeBeforeAnswer: () => undefined,
  };
}
