/**
 * A process that owns an embedded Postgres until it is killed; says on stdout what it started, or why it did not. Commits
 * reach the operating system, so that killed processes lose none; only a power cut would.
 */
import { startEmbeddedPostgres } from './start-embedded-postgres.js';

try {
  const postgres = await startEmbeddedPostgres({ dataDir: process.argv[2] ?? '', settings: { fsync: 'off' } });
  console.log(JSON.stringify({ adminUrl: postgres.adminUrl, pid: postgres.pid }));
  setInterval(() => undefined, 60_000);
} catch (error) {
  console.log(JSON.stringify({ error: error instanceof Error ? error.message : String(error) }));
}
