/**
 * The database of the server with whose settings a command is run (DATABASE_URL or the roles' own, DATA_DIR). The embedded one
 * is started for as long as the command takes, and can be only while `npm start` does not run. Nothing is made or migrated.
 */
import { stat } from 'node:fs/promises';
import type { Config } from '../src/config.js';
import type { DatabaseUrls } from '../src/platform/database/roles.js';
import { startEmbeddedPostgres } from '../src/platform/embedded-postgres/start-embedded-postgres.js';
import { AppError } from '../src/platform/errors.js';
import { connectionUrls } from '../src/prepare-database.js';

/** Errors: NOT_FOUND where there is none yet; CONFLICT while it is in use; UNAVAILABLE. */
export async function reachDatabase({
  database: { source },
}: Config): Promise<{ urls: DatabaseUrls; stop: () => Promise<void> }> {
  if (source.kind !== 'embedded') return { urls: connectionUrls(source), stop: async () => undefined };
  if (!(await stat(source.dataDir).catch(() => null))) {
    throw new AppError('NOT_FOUND', `There is no database in ${source.dataDir}.`, {
      hint: 'Set DATABASE_URL, or DATA_DIR to the folder that `npm start` used.',
    });
  }
  const postgres = await startEmbeddedPostgres({ dataDir: source.dataDir });
  const urls = connectionUrls({ kind: 'administrator', url: postgres.adminUrl });
  return { urls, stop: () => postgres.stop() };
}
