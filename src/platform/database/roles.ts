/**
 * The four database roles, made once per server by whoever may create roles. After this no connection of the product is
 * a superuser: a superuser connection would hide every fault of row-level security.
 *
 *   pw_owner   owns tables, runs migrations; `row_security = off`, so that a filtered backfill fails loudly
 *   pw_app     the API and stage code: sees one tenant at a time
 *   pw_queue   owns the graphile_worker schema, runs its migrations and its runner on its own pool
 *   pw_system  NOLOGIN; owns the closed list of SECURITY DEFINER functions
 *
 * Passwords are derived (HMAC-SHA256) from the administrator's password, so that any number of processes started with
 * the same DATABASE_URL agree on them without shared state. Safe when several processes do it at once.
 */
import { createHmac } from 'node:crypto';
import pg from 'pg';
import { AppError } from '../errors.js';
import { withAdvisoryLock } from './advisory-lock.js';

export interface DatabaseUrls {
  owner: string;
  app: string;
  queue: string;
}

const BOOTSTRAP_LOCK = 7_310_001; // any constant of our own; held on the server for the length of the bootstrap
const IDLE_IN_TRANSACTION = '5s'; // a stopped process inside a transaction must not hold off the sweeper
const LOCK_TIMEOUT = '3s';
const INVALID_CATALOG_NAME = '3D000'; // the database does not exist

/** The URLs of the product's own roles on the server and database that `adminUrl` names. */
export function roleUrls(adminUrl: string, databaseName?: string): DatabaseUrls {
  const urlOf = (role: string) => {
    const url = new URL(adminUrl);
    url.username = role;
    url.password = rolePassword(adminUrl, role);
    if (databaseName) url.pathname = `/${databaseName}`;
    return url.toString();
  };
  return { owner: urlOf('pw_owner'), app: urlOf('pw_app'), queue: urlOf('pw_queue') };
}

/** Creates roles, the database (when missing) and its grants. Errors: UNAVAILABLE, with what to do, when the role of `adminUrl` may not. */
export async function bootstrapDatabase(adminUrl: string, databaseName: string): Promise<DatabaseUrls> {
  try {
    await withAdvisoryLock(await reachableUrl(adminUrl), BOOTSTRAP_LOCK, async (client) => {
      for (const statement of roleStatements(adminUrl)) await client.query(statement);
      const found = await client.query('select 1 from pg_database where datname = $1', [databaseName]);
      if (found.rowCount === 0) {
        await client.query(
          `create database ${pg.escapeIdentifier(databaseName)} owner pw_owner encoding 'UTF8' template template0`,
        );
      }
      await grantInside(adminUrl, databaseName);
    });
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    throw new AppError('UNAVAILABLE', `The database roles could not be prepared: ${(cause as Error).message}.`, {
      cause,
      hint: 'DATABASE_URL must name a role that may create roles and databases, or make the four roles by hand and set DATABASE_OWNER_URL, DATABASE_APP_URL and DATABASE_QUEUE_URL (docs/configuration.md).',
    });
  }
  return roleUrls(adminUrl, databaseName);
}

/** The database that the URL names may be one that is still to be made: then every server's `postgres` is the way in. */
async function reachableUrl(adminUrl: string): Promise<string> {
  const client = new pg.Client({ connectionString: adminUrl });
  try {
    await client.connect();
    return adminUrl;
  } catch (error) {
    if ((error as { code?: string }).code !== INVALID_CATALOG_NAME) throw error;
    const url = new URL(adminUrl);
    url.pathname = '/postgres';
    return url.toString();
  } finally {
    await client.end().catch(() => undefined);
  }
}

function roleStatements(adminUrl: string): string[] {
  const login = (role: string) => [
    `do $$ begin create role ${role}; exception when duplicate_object or unique_violation then null; end $$`,
    `alter role ${role} login password ${pg.escapeLiteral(rolePassword(adminUrl, role))}`,
  ];
  return [
    ...login('pw_owner'),
    ...login('pw_app'),
    ...login('pw_queue'),
    'do $$ begin create role pw_system nologin; exception when duplicate_object or unique_violation then null; end $$',
    'grant pw_owner, pw_queue to current_user',
    'grant pw_system to pw_owner',
    'grant pw_queue to pw_system',
    'alter role pw_owner set row_security = off',
    `alter role pw_app set idle_in_transaction_session_timeout = '${IDLE_IN_TRANSACTION}'`,
    `alter role pw_app set lock_timeout = '${LOCK_TIMEOUT}'`,
  ];
}

/** Where the server has it and this role may: searches by meaning do without. */
const VECTOR_EXTENSION = `do $$ begin
  if exists (select 1 from pg_available_extensions where name = 'vector') then create extension if not exists vector; end if;
exception when insufficient_privilege or unique_violation or duplicate_object then null; end $$`;

async function grantInside(adminUrl: string, databaseName: string): Promise<void> {
  const url = new URL(adminUrl);
  url.pathname = `/${databaseName}`;
  const client = new pg.Client({ connectionString: url.toString() });
  await client.connect();
  try {
    await client.query('alter schema public owner to pw_owner');
    await client.query('revoke create on schema public from public');
    await client.query('grant usage, create on schema public to pw_owner, pw_system');
    await client.query('grant usage on schema public to pw_app, pw_queue');
    await client.query(`grant connect, create, temporary on database ${pg.escapeIdentifier(databaseName)} to pw_queue`);
    await client.query('create schema if not exists graphile_worker authorization pw_queue');
    await client.query(VECTOR_EXTENSION);
  } finally {
    await client.end();
  }
}

const rolePassword = (adminUrl: string, role: string): string =>
  createHmac('sha256', decodeURIComponent(new URL(adminUrl).password))
    .update(`paperwright:${role}`)
    .digest('base64url');
