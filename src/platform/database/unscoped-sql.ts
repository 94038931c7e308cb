/**
 * One statement outside any transaction and tenant: a single round trip, where `runSql` takes four. Row security then shows
 * nothing, so it is only of use for the SECURITY DEFINER functions that run before a tenant is known.
 */
import { CompiledQuery } from 'kysely';
import type { Em } from './database.js';

/** Rows keep Postgres' snake_case names: the caller names the row type beside the statement. */
export async function runUnscopedSql<Row>(em: Em, statement: string, params: readonly unknown[]): Promise<Row[]> {
  const result = await em
    .getConnection()
    .getClient()
    .executeQuery(CompiledQuery.raw(statement, [...params]));
  return result.rows as Row[];
}
