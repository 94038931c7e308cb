/**
 * Statements in files of their own. `runSql` binds parameters on the server (`$1`, `$2` …): nothing is ever
 * interpolated into the text. Inside a transaction of `em` it joins it; outside it opens one, so that the tenant's
 * session variables apply.
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { CompiledQuery, type Transaction } from 'kysely';
import type { Em } from './database.js';

/** Reads the statement that stands beside the calling module. */
export const loadSql = (importMetaUrl: string, file: string): string =>
  readFileSync(fileURLToPath(new URL(file, importMetaUrl)), 'utf8');

/** Rows keep Postgres' snake_case names: the caller names the row type beside the statement. */
export async function runSql<Row = Record<string, unknown>>(
  em: Em,
  statement: string,
  params: readonly unknown[] = [],
): Promise<Row[]> {
  const transaction = em.getTransactionContext<Transaction<unknown>>();
  if (!transaction) return em.fork().transactional((inner) => runSql<Row>(inner as Em, statement, params));
  const result = await transaction.executeQuery(CompiledQuery.raw(statement, [...params]));
  return result.rows as Row[];
}
