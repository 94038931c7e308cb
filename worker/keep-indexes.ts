/** Beside the work of a worker: the indexes of vectors, where Postgres has the extension for them. */
import pg from 'pg';
import { keepVectorIndexes } from '../src/evidence/embeddings/keep-vector-indexes.js';
import type { Log } from '../src/platform/log.js';

/** Builds what is missing on a connection of its own, as the owner of the tables. Nobody waits for it; `stop` breaks it off. */
export function startKeepingIndexes(ownerUrl: string, log: Log): { stop(): Promise<void> } {
  const client = new pg.Client({ connectionString: ownerUrl, application_name: 'paperwright-indexes' });
  client.on('error', () => undefined); // what it breaks off is begun anew at the next start
  let stopped = false;
  const work = client
    .connect()
    .then(() => keepVectorIndexes(client))
    .then((built) => {
      if (built.length > 0) log.info({ indexes: built }, 'indexes of vectors were built');
    })
    .catch((error: unknown) => {
      if (!stopped)
        log.warn({ err: error }, 'indexes of vectors could not be built: searches compare vectors themselves');
    })
    .finally(() => client.end().catch(() => undefined));
  return {
    async stop() {
      stopped = true;
      await client.end().catch(() => undefined);
      await work;
    },
  };
}
