/** `npm run migrate`: brings the database up to date and says what it did. Safe to run anywhere, any number of times. */
import { loadConfig } from './config.js';
import { prepareDatabase } from './prepare-database.js';
import { describe } from './run-process.js';

try {
  const { applied } = await prepareDatabase(loadConfig().database.source);
  process.stdout.write(applied.length > 0 ? `Applied ${applied.join(', ')}.\n` : 'The database is up to date.\n');
} catch (error) {
  process.stderr.write(`${describe(error)}\n`);
  process.exitCode = 1;
}
