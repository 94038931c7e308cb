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
  type SqlEntityManager,
} from '@mikro-orm/postgresql';
import type { Actor } from './actor.js';
import { freeBrokenConnections } from './free-broken-connections.js';

export type Em = SqlEntityManager<PostgreSqlDriver>;

export interface Database {
  /** Stage code: sees the whole tenant, acts for nobody. */
  asTenant(tenantId: string): Em;
  /** A person or an API key: sees their tenant less the private projects of others. */
  asActor(actor: Actor): Em;
  /** No tenant: reads nothing but what the SECURITY DEFINER functions return (authentication, sweeps, heads). */
  asNobody(): Em;
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
  return {
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
