/** A database of one's own for a test file: a clone of the migrated template, with the product's four roles. */
import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { inject } from 'vitest';
import { ENTITIES } from '../../src/entities.js';
import { type Database, openDatabase } from '../../src/platform/database/database.js';
import { type DatabaseUrls, roleUrls } from '../../src/platform/database/roles.js';

const TEMPLATE_DATABASE = 'paperwright_template';

export interface TestDatabase {
  database: Database;
  urls: DatabaseUrls;
  /** Superuser, on this very database: for what a test must see behind the walls, never for the code under test. */
  adminUrl: string;
  admin: pg.Client;
  drop(): Promise<void>;
}

export async function createTestDatabase(options: { poolSize?: number } = {}): Promise<TestDatabase> {
  const serverUrl = inject('adminUrl');
  const name = `t_${randomBytes(8).toString('hex')}`;
  await onServer(serverUrl, `create database ${name} template ${TEMPLATE_DATABASE} owner pw_owner`);
  const adminUrl = new URL(serverUrl);
  adminUrl.pathname = `/${name}`;
  const admin = new pg.Client({ connectionString: adminUrl.toString() });
  admin.on('error', () => undefined); // the server may be stopped by the test itself
  await admin.connect();
  const urls = roleUrls(serverUrl, name);
  const database = await openDatabase({ url: urls.app, entities: ENTITIES, poolSize: options.poolSize ?? 10 });
  return {
    database,
    urls,
    adminUrl: adminUrl.toString(),
    admin,
    async drop() {
      await database.close();
      await admin.end().catch(() => undefined);
      await onServer(serverUrl, `drop database if exists ${name} with (force)`);
    },
  };
}

async function onServer(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
