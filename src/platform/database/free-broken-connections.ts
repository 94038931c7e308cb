/**
 * Gives the pool back what a broken connection took. Kysely releases the connection of a transaction only after BEGIN, COMMIT
 * or ROLLBACK has succeeded on it, and on a connection that the server has closed none of them can: its place in the pool
 * would be lost for good, and after as many of them as the pool is large the process could never query again. So a
 * connection that ends while it is out is taken out of the pool here.
 */
import type pg from 'pg';

export function freeBrokenConnections(pool: pg.Pool): void {
  const out = new WeakSet<pg.PoolClient>();
  pool.on('acquire', (client) => void out.add(client));
  pool.on('release', (_error, client) => void out.delete(client));
  pool.on('connect', (client) => {
    client.once('end', () => {
      if (!out.has(client)) return;
      client.release(true);
      client.release = () => undefined; // its holder may still do what it should; twice would throw
    });
  });
}
