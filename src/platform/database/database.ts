/**
 * The product's one way to Postgres: an ORM whose every statement carries the caller's tenant.
 *
 * Owns the pool of role `pw_app`. Never hands out a connection without a scope: `asTenant` for stage code, `asActor` for
 * people. The scope travels as session variables (`app.tenant`, `app.user`, `app.sees_all`) that the policies of
 * src/migrations read; a transaction sets them first, so a pooled connection never carries them to the next caller.
 * Fails with UNAVAILABLE (retryable) when no connection is free within `ACQUIRE_TIMEOUT_MS`.
 */
import {
  type EntityManager,
  type EntitySchema,
  MikroORM,
  PostgreSqlDriver,
} from '@mikro-orm/postgresql';
import type { Actor } from './actor.js';
import type { Em } from './em.js';
import { execute, type SqlRunner } from './sql.js';
import { freeBrokenConnections } from './free-broken-connections.js';

export type { Em } from './em.js';

export interface Database {
  /** Stage code: sees the whole tenant, acts for nobody. */
  asTenant(tenantId: string): Em;
  /** A person or an API key: sees their tenant less the private projects of others. */
  asActor(actor: Actor): Em;
  /** No tenant: reads nothing but what the SECURITY DEFINER functions return (authentication, sweeps, heads). */
  asNobody(): Em;
  /** The same without entities: single statements, each in one round trip. */
  readonly nobody: SqlRunner;
  /** A transaction of stage code that needs no entity: half the round trips of the entity manager's. */
  inTenant<T>(tenantId: string, work: (sql: SqlRunner) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

export interface DatabaseOptions {
  url: string; // of role pw_app
  entities: EntitySchema[];
  poolSize: number;
}

const ACQUIRE_TIMEOUT_MS = 5_000; // 5 seconds: shed load before a client's own time-out of 10

export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  const orm = await MikroORM.init<PostgreSqlDriver>({
    driver: PostgreSqlDriver,
    clientUrl: options.url,
    entities: options.entities,
    pool: { min: 0, max: options.poolSize },
    driverOptions: {
      connectionTimeoutMillis: ACQUIRE_TIMEOUT_MS,
      keepAlive: true,
      onPoolCreated: freeBrokenConnections,
    },
    discovery: { warnWhenNoEntities: false },
    forceUtcTimezone: true,
  });
  const scope = (variables: Record<string, string>): Em =>
    (orm.em as EntityManager<PostgreSqlDriver>).fork({ clear: true, session: { variables } }) as unknown as Em;
  const connection = orm.em.getConnection();
  const runnerOn = (executor: Parameters<typeof execute>[0]): SqlRunner => ({
    query: (statement, params) => execute(executor, statement, params),
  });
  return {
    nobody: { query: async (statement, params) => execute(await clientOf(connection), statement, params) },
    async inTenant(tenantId, work) {
      const begin = `begin; select set_config('app.tenant', '${uuidOf(tenantId)}', true), set_config('app.user', '', true), set_config('app.sees_all', 'off', true)`;
      return (await clientOf(connection)).connection().execute(async (reserved) => {
        await execute(reserved, begin, []);
        try {
          const value = await work(runnerOn(reserved));
          await execute(reserved, 'commit', []);
          return value;
        } catch (error) {
          await execute(reserved, 'rollback', []).catch(() => undefined); // the first fault is the one to tell
          throw error;
        }
      });
    },
    asTenant: (tenantId) => scope({ 'app.tenant': tenantId, 'app.user': '', 'app.sees_all': 'off' }),
    asActor: (actor) =>
      scope({
        'app.tenant': actor.tenantId,
        'app.user': actor.userId,
        'app.sees_all': actor.roles.includes('OWNER') ? 'on' : 'off',
      }),
    asNobody: () => scope({ 'app.tenant': '', 'app.user': '', 'app.sees_all': 'off' }),
    close: () => orm.close(true),
  };
}

async function clientOf(connection: ReturnType<Em['getConnection']>) {
  await connection.ensureConnection();
  return connection.getClient();
}

/** It becomes part of a statement's text: nothing but a UUID may pass. */
function uuidOf(text: string): string {
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text)) throw new TypeError('A tenant id must be a UUID.');
  return text;
}
