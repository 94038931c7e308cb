/**
 * The product's one way to Postgres: an ORM whose every statement carries the caller's tenant.
 *
 * Owns the pool of role `pw_app`. Never hands out a connection without a scope: `asTenant` for stage code, `asActor` for
 * people. The scope travels as session variables (`app.tenant`, `app.user`, `app.sees_all`) that the policies of
 * src/migrations read, and `app.origin`, which the audit log reads; a transaction sets them first, so a pooled connection
 * never carries them to the next caller.
 * Fails with UNAVAILABLE (retryable) when no connection is free within `ACQUIRE_TIMEOUT_MS`.
 */
import { type EntityManager, type EntitySchema, MikroORM, PostgreSqlDriver } from '@mikro-orm/postgresql';
import type pg from 'pg';
import type { Actor } from './actor.js';
import type { Em } from './em.js';
import { freeBrokenConnections } from './free-broken-connections.js';
import type { RequestOrigin } from './origin.js';
import { inTransaction, onClient, queryInTransaction } from './pooled-transaction.js';
import type { SqlRunner } from './sql.js';

export type { Em } from './em.js';

export interface Database {
  /** Stage code: sees the whole tenant, acts for nobody. */
  asTenant(tenantId: string): Em;
  /** A person or an API key: sees their tenant less the private projects of others. */
  asActor(actor: Actor, origin?: RequestOrigin): Em;
  /** No tenant: reads nothing but what the SECURITY DEFINER functions return (authentication, sweeps, heads). */
  asNobody(origin?: RequestOrigin): Em;
  /** The same without entities: single statements, each in one round trip. */
  readonly nobody: SqlRunner;
  /** A transaction of stage code that needs no entity: half the round trips of the entity manager's. */
  inTenant<T>(tenantId: string, work: (sql: SqlRunner) => Promise<T>): Promise<T>;
  /** The same for statements that each stand alone: a transaction and one round trip each. */
  eachInTenant(tenantId: string): SqlRunner;
  /** Connections of the pool now: open, open but unused, and callers that wait for one. */
  connections(): Promise<{ open: number; idle: number; waiting: number }>;
  close(): Promise<void>;
}

export interface DatabaseOptions {
  url: string; // of role pw_app
  entities: EntitySchema[];
  poolSize: number;
}

const ACQUIRE_TIMEOUT_MS = 2_500; // 2.5 seconds: an operation that waits twice is still shed before a client's own 10

export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  const orm = await MikroORM.init<PostgreSqlDriver>({
    driver: PostgreSqlDriver,
    clientUrl: options.url,
    entities: options.entities,
    pool: { min: 0, max: options.poolSize },
    driverOptions: {
      connectionTimeoutMillis: ACQUIRE_TIMEOUT_MS,
      keepAlive: true,
      pipeline: true, // pooled-transaction.ts; it rules out cursors, which nothing here uses
      onPoolCreated: freeBrokenConnections,
    },
    discovery: { warnWhenNoEntities: false },
    forceUtcTimezone: true,
  });
  const scope = (variables: Record<string, string>): Em =>
    (orm.em as EntityManager<PostgreSqlDriver>).fork({ clear: true, session: { variables } }) as unknown as Em;
  const connection = (orm.em as EntityManager<PostgreSqlDriver>).getConnection();
  const pool = () => connection.getNativeClient() as Promise<pg.Pool>;
  return {
    nobody: { query: async (statement, params) => onClient(await pool()).query(statement, params) },
    inTenant: async (tenantId, work) => inTransaction(await pool(), tenantSettings(tenantId), work),
    eachInTenant: (tenantId) => ({
      query: async (statement, params) =>
        queryInTransaction(await pool(), tenantSettings(tenantId), { statement, params }),
    }),
    asTenant: (tenantId) => scope({ 'app.tenant': tenantId, 'app.user': '', 'app.sees_all': 'off' }),
    asActor: (actor, origin) =>
      scope({
        'app.tenant': actor.tenantId,
        'app.user': actor.userId,
        'app.sees_all': actor.roles.includes('OWNER') ? 'on' : 'off',
        'app.origin': JSON.stringify({ ...origin, credentialId: actor.credentialId }),
      }),
    asNobody: (origin) =>
      scope({
        'app.tenant': '',
        'app.user': '',
        'app.sees_all': 'off',
        'app.origin': origin ? JSON.stringify(origin) : '',
      }),
    connections: async () => {
      const { totalCount, idleCount, waitingCount } = await pool();
      return { open: totalCount, idle: idleCount, waiting: waitingCount };
    },
    close: () => orm.close(true),
  };
}

const tenantSettings = (tenantId: string): string =>
  `select set_config('app.tenant', '${uuidOf(tenantId)}', true), set_config('app.user', '', true), set_config('app.sees_all', 'off', true)`;

/** It becomes part of a statement's text: nothing but a UUID may pass. */
function uuidOf(text: string): string {
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text)) throw new TypeError('A tenant id must be a UUID.');
  return text;
}
