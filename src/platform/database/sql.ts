/**
 * Statements in files of their own. `runSql` binds parameters on the server (`$1`, `$2` …): nothing is ever
 * interpolated into the text. Inside a transaction of `em` it joins it; outside it opens one, so that the tenant's
 * session variables apply.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { CompiledQuery, type Kysely, type Transaction } from 'kysely';
import type { Em } from './em.js';

/** A statement that the server parses and plans once a connection: for the hot ones, whose plan never depends on values. */
export interface PreparedSql {
  name: string;
  text: string;
}

export const prepared = (text: string): PreparedSql => ({
  name: createHash('sha256').update(text).digest('hex').slice(0, 32), // Postgres keeps 63 characters of a name
  text,
});

/** Reads the statement that stands beside the calling module. */
export const loadSql = (importMetaUrl: string, file: string): string =>
  readFileSync(fileURLToPath(new URL(file, importMetaUrl)), 'utf8');

/** The same, prepared. */
export const loadPreparedSql = (importMetaUrl: string, file: string): PreparedSql =>
  prepared(loadSql(importMetaUrl, file));

/** Where statements run that need no entity: an open transaction, or single statements without a tenant. */
export interface SqlRunner {
  query<Row>(statement: string | PreparedSql, params: readonly unknown[]): Promise<Row[]>;
}

/** Either will do for whoever only runs statements. */
export type SqlScope = Em | SqlRunner;

/** Rows keep Postgres' snake_case names: the caller names the row type beside the statement. */
export async function runSql<Row = Record<string, unknown>>(
  scope: SqlScope,
  statement: string | PreparedSql,
  params: readonly unknown[] = [],
): Promise<Row[]> {
  if ('query' in scope) return scope.query<Row>(statement, params);
  const transaction = scope.getTransactionContext<Transaction<unknown>>();
  if (transaction) return execute<Row>(transaction, statement, params);
  return scope.fork().transactional((inner) => runSql<Row>(inner as Em, statement, params));
}

type Executor = Pick<Kysely<unknown>, 'executeQuery'>;

export async function execute<Row>(
  on: Executor,
  statement: string | PreparedSql,
  params: readonly unknown[],
): Promise<Row[]> {
  // the query builder hands its text to the driver as it is, and the driver takes {name, text} as well; a copy, because
  // the driver writes the values into it
  const text = (typeof statement === 'string' ? statement : { ...statement }) as string;
  const result = await on.executeQuery(CompiledQuery.raw(text, [...params]));
  return result.rows as Row[];
}
