/** Beside the work of a worker: the indexes of vectors, where Postgres has the extension for them. */
import pg from 'pg';
import { keepVectorIndexes } from '../src/evidence/embeddings/keep-vector-indexes.js';
import type { Log } from '../src/platform/log.js';

const CONNECT_MS = 5_000; // 5 seconds: who stops a worker does not wait for longer

/** Builds what is missing on a connection of its own, as the owner of the tables. Nobody waits for it; `stop` breaks it off. */
export function startKeepingIndexes(ownerUrl: string, log: Log): { stop(): Promise<void> } {
  const client = new pg.Client({
    connectionString: ownerUrl,
    application_name: 'paperwright-indexes',
    connectionTimeoutMillis: CONNECT_MS,
  });
  client.on('error', () => undefined); // what it breaks off is begun anew at the next start
  let stopped = false;
  let ending: Promise<void> | undefined;
  const end = () => {
    ending ??= client.end().catch(() => undefined); // a second time would wait for ever
    return ending;
  };
  const connected = client.connect();
  const work = connected
    .then(() => (stopped ? [] : keepVectorIndexes(client)))
    .then((built) => {
      if (built.length > 0) log.info({ indexes: built }, 'indexes of vectors were built');
    })
    .catch((error: unknown) => {
      if (!stopped)
        log.warn({ err: error }, 'indexes of vectors could not be built: searches compare vectors themselves');
    })
    .finally(end);
  return {
    async stop() {
      stopped = true;
      await connected.then(end, () => undefined);
      await work;
    },
  };
}
