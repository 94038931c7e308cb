/**
 * Transactions straight on a connection of the ORM's pool, for hot paths that need no entity: the query builder between
 * would cost as much again as the statements themselves. The pool's connections are pipelined, so BEGIN with what scopes
 * the transaction is sent, not waited for: should it fail, whatever stands behind it fails too. The connection always goes
 * back: clean after COMMIT or ROLLBACK, or to be closed when not even that succeeded.
 */
import type pg from 'pg';
import type { PreparedSql, SqlRunner } from './sql.js';

/** Statements on a pool (each on any free connection) or on one connection. */
export const onClient = (client: pg.Pool | pg.PoolClient): SqlRunner => ({
  async query<Row>(statement: string | PreparedSql, params: readonly unknown[]): Promise<Row[]> {
    const query = typeof statement === 'string' ? { text: statement } : statement;
    return (await client.query({ ...query, values: [...params] })).rows as Row[];
  },
});

/** `settings`: one statement without parameters. The transaction is committed when `work` resolves. */
export async function inTransaction<T>(
  pool: pg.Pool,
  settings: string,
  work: (sql: SqlRunner) => Promise<T>,
): Promise<T> {
  const client = await pool.connect();
  let unusable = false;
  try {
    const begun = client.query(`begin; ${settings}`);
    begun.catch(() => undefined); // told below, unless what follows tells it first
    const value = await work(onClient(client));
    await begun;
    await client.query('commit');
    return value;
  } catch (error) {
    await client.query('rollback').catch(() => {
      unusable = true; // the first fault is the one to tell
    });
    throw error;
  } finally {
    client.release(unusable);
  }
}

/** The same for one statement, in a single round trip: BEGIN, statement and COMMIT are sent together. */
export async function queryInTransaction<Row>(
  pool: pg.Pool,
  settings: string,
  { statement, params }: { statement: string | PreparedSql; params: readonly unknown[] },
): Promise<Row[]> {
  const client = await pool.connect();
  const [begun, answered, ended] = await Promise.allSettled([
    client.query(`begin; ${settings}`),
    onClient(client).query<Row>(statement, params),
    client.query('commit'), // of a transaction that failed it is a rollback
  ]);
  client.release(ended.status === 'rejected');
  for (const part of [begun, answered, ended]) if (part.status === 'rejected') throw part.reason;
  return answered.status === 'fulfilled' ? answered.value : [];
}
