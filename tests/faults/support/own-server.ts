/** A Postgres of the test's own, which may be struck down and started again on the same data, and a database on it. */
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { ENTITIES } from '../../../src/entities.js';
import { openDatabase } from '../../../src/platform/database/database.js';
import { migrate } from '../../../src/platform/database/migrate.js';
import { bootstrapDatabase } from '../../../src/platform/database/roles.js';
import {
  type EmbeddedPostgres,
  startEmbeddedPostgres,
} from '../../../src/platform/embedded-postgres/start-embedded-postgres.js';
import type { TestDatabase } from '../../support/database.js';

export interface OwnServer {
  db: TestDatabase;
  /** As `pg_ctl restart -m immediate`: every connection breaks, recovery runs at the start. */
  strike(): Promise<void>;
  /** Starts it again if it has ended by itself. */
  revive(): Promise<void>;
  stop(): Promise<void>;
}

/** `folder`: where its data are to lie; among the temporary files when absent. */
export async function startOwnServer(folder?: string): Promise<OwnServer> {
  const home = await mkdtemp(path.join(folder ?? tmpdir(), 'paperwright-server-'));
  await chmod(home, 0o755); // as root the server runs under another account
  const dataDir = path.join(home, 'postgres');
  // Commits are to survive the server's death, so synchronous_commit stays on; nobody cuts the power.
  const settings = {
    fsync: 'off',
    max_connections: '80',
    max_wal_size: '64MB',
    min_wal_size: '32MB',
    shared_buffers: '32MB',
  };
  let server: EmbeddedPostgres = await startEmbeddedPostgres({ dataDir, settings });
  let up = true;
  const watch = () =>
    void server.ended.then(() => {
      up = false;
    });
  watch();
  const startAgain = async () => {
    await server.ended;
    await server.stop();
    server = await startEmbeddedPostgres({ dataDir, settings, port: server.port });
    up = true;
    watch();
  };
  const urls = await bootstrapDatabase(server.adminUrl, 'faults');
  await migrate(urls);
  const adminUrl = new URL(server.adminUrl);
  adminUrl.pathname = '/faults';
  const admin = new pg.Pool({ connectionString: adminUrl.toString(), max: 2 }); // a pool outlives the server's death
  admin.on('error', () => undefined);
  const database = await openDatabase({ url: urls.app, entities: ENTITIES, poolSize: 10 });
  return {
    db: {
      database,
      urls,
      adminUrl: adminUrl.toString(),
      admin: admin as unknown as pg.Client,
      async drop() {
        await database.close();
        await admin.end();
      },
    },
    async strike() {
      process.kill(server.pid, 'SIGQUIT');
      await startAgain();
    },
    async revive() {
      if (!up) await startAgain();
    },
    async stop() {
      await server.stop();
      await rm(home, { recursive: true, force: true });
    },
  };
}
