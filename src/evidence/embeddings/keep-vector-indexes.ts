/**
 * Makes the indexes that find nearest vectors fast, where Postgres has the vector extension; where it has not, nothing is done
 * and searches compare vectors themselves. One partial index for each length in use: they stand ready before the first vector
 * comes, and are built beside the running product when the extension comes later. A build that broke off is begun anew.
 *
 * Runs as the owner of the tables, on a connection of its own and in no transaction. One process at a time: others leave it
 * to that one and do not wait, for a build without locks waits for all who wait.
 */
import type pg from 'pg';

/** Of the models in common use; more numbers than 4,000 the extension does not index. */
export const INDEXED_LENGTHS = [256, 384, 512, 768, 1024, 1536, 2048, 3072] as const;

const LEAST_VERSION = [0, 8] as const; // the first whose scans go on until enough rows have passed the filter
const BUILD_LOCK = 7_310_016; // any constant of our own

/** What of pg's client is needed. */
export type SqlClient = Pick<pg.Client, 'query'> | { query(text: string): Promise<{ rows: unknown[] }> };

/** The names of those that this call has built. */
export async function keepVectorIndexes(client: SqlClient): Promise<string[]> {
  const ask = async <Row>(text: string) => (await client.query(text)).rows as Row[];
  const [extension] = await ask<{ version: string; home: string }>(
    `select extversion as version, quote_ident(nspname) as home
     from pg_extension join pg_namespace n on n.oid = extnamespace where extname = 'vector'`,
  );
  if (!extension || !isNewEnough(extension.version)) return [];
  const [lock] = await ask<{ taken: boolean }>(`select pg_try_advisory_lock(${BUILD_LOCK}) as taken`);
  if (!lock?.taken) return [];
  try {
    const built: string[] = [];
    for (const length of INDEXED_LENGTHS) {
      const name = `snippet_embeddings_hnsw_${length}`;
      const [index] = await ask<{ valid: boolean }>(
        `select indisvalid as valid from pg_index where indexrelid = to_regclass('public.${name}')`,
      );
      if (index?.valid) continue;
      if (index) await client.query(`drop index concurrently public.${name}`);
      await client.query(
        `create index concurrently ${name} on public.snippet_embeddings
         using hnsw ((embedding::${extension.home}.halfvec(${length})) ${extension.home}.halfvec_ip_ops)
         where dimensions = ${length}`,
      );
      built.push(name);
    }
    return built;
  } finally {
    await client.query(`select pg_advisory_unlock(${BUILD_LOCK})`);
  }
}

function isNewEnough(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > LEAST_VERSION[0] || (major === LEAST_VERSION[0] && minor >= LEAST_VERSION[1]);
}
