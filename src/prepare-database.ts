/**
 * From the settings to a migrated database and the URLs of the product's roles. Every start does it, any number at once:
 * roles are made only where they are missing and migrations run under one lock.
 */
import type { DatabaseSource } from './config.js';
import { migrate } from './platform/database/migrate.js';
import { bootstrapDatabase, type DatabaseUrls, roleUrls } from './platform/database/roles.js';
import { AppError } from './platform/errors.js';

const DEFAULT_DATABASE = 'paperwright';
const SERVER_DATABASES = ['', 'postgres']; // a URL that names one of these names no database of the product's

export interface PreparedDatabase {
  urls: DatabaseUrls;
  applied: string[]; // migrations that this call applied
}

export async function prepareDatabase(source: DatabaseSource): Promise<PreparedDatabase> {
  const urls = await urlsOf(source);
  return { urls, applied: await migrate(urls) };
}

async function urlsOf(source: DatabaseSource): Promise<DatabaseUrls> {
  switch (source.kind) {
    case 'roles':
      return source.urls;
    case 'administrator':
      return bootstrapDatabase(source.url, databaseOf(source.url));
    case 'embedded':
      throw new AppError('BAD_INPUT', 'There is no DATABASE_URL.', {
        hint: 'Set DATABASE_URL, or use `npm start`, which brings a Postgres of its own and starts API and worker with it.',
      });
  }
}

/** Where the database is that a start has prepared before: nothing is made or changed. */
export const connectionUrls = (source: Exclude<DatabaseSource, { kind: 'embedded' }>): DatabaseUrls =>
  source.kind === 'roles' ? source.urls : roleUrls(source.url, databaseOf(source.url));

function databaseOf(url: string): string {
  const named = new URL(url).pathname.slice(1);
  return SERVER_DATABASES.includes(named) ? DEFAULT_DATABASE : named;
}
