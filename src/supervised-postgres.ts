/**
 * The embedded Postgres, kept running: if the server ends by itself (killed for memory, say), it is started again on the
 * same port with the same password, so that whoever used it finds it again. After repeated failure it is given up.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { type EmbeddedPostgres, startEmbeddedPostgres } from './platform/embedded-postgres/start-embedded-postgres.js';

export interface SupervisedPostgres {
  adminUrl: string;
  /** Rejects when the server is gone and cannot be brought back. */
  failed: Promise<never>;
  stop(): Promise<void>;
}

const RESTART_TRIES = 5;
const RESTART_BACKOFF_MS = 500;

/** Starts the server in `dataDir`; throws what startEmbeddedPostgres throws. */
export async function supervisePostgres(dataDir: string, log: (line: string) => void): Promise<SupervisedPostgres> {
  let server = await startEmbeddedPostgres({ dataDir, log });
  const { adminUrl, port } = server;
  let stopping = false;
  let restarting: Promise<void> = Promise.resolve();
  let fail: (error: unknown) => void;
  const failed = new Promise<never>((_, reject) => {
    fail = reject;
  });

  // Somebody may come to wait for it later; until then it is not an unhandled rejection.
  failed.catch(() => undefined);

  const restart = async () => {
    // Gives the folder free, for the start that follows.
    await server.stop();
    for (let tries = 1; ; tries += 1) {
      await delay(RESTART_BACKOFF_MS * tries);
      if (stopping) return;
      try {
        server = await startEmbeddedPostgres({ dataDir, port, log });
        log('the database is back');
        watch(server);
        return;
      } catch (error) {
        if (tries === RESTART_TRIES) throw error;
      }
    }
  };
  const watch = (watched: EmbeddedPostgres) => {
    void watched.ended.then(() => {
      if (stopping) return;
      log('the database ended by itself and is started again');
      restarting = restart().catch((error: unknown) => fail(error));
    });
  };

  watch(server);
  return {
    adminUrl,
    failed,
    stop: async () => {
      stopping = true;
      await restarting;
      await server.stop();
    },
  };
}
