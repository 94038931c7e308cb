/**
 * Which rows name blobs. Every slice that stores a hash declares its columns as a list of `BlobNames`; the composition
 * root joins the lists and hands them to the sweep. A column the sweep has not been told of would cost living blobs, so
 * it refuses to run while a `…sha256` column of a tenant's table is missing from the list.
 */
import type { Em } from '../platform/database/database.js';
import { runSql } from '../platform/database/sql.js';
import { AppError } from '../platform/errors.js';

export interface BlobNames {
  table: string;
  column: string;
  /**
   * CONTENT: a hex sha256 that names a blob of the row's tenant. UPLOAD: the uuid of an upload.
   * NOTHING: a hash of something else, listed so that the sweep knows it was not forgotten.
   */
  names: 'CONTENT' | 'UPLOAD' | 'NOTHING';
  /** SQL condition for rows that still need their blob; absent: all do. */
  where?: string;
}

export const artifactBlobNames: readonly BlobNames[] = [{ table: 'artifacts', column: 'sha256', names: 'CONTENT' }];

/** Which of `candidates` (hashes or upload ids) some row of em's tenant names. */
export async function findNamed(
  em: Em,
  list: readonly BlobNames[],
  names: 'CONTENT' | 'UPLOAD',
  candidates: readonly string[],
): Promise<Set<string>> {
  const type = names === 'CONTENT' ? 'text' : 'uuid';
  const queries = list
    .filter((entry) => entry.names === names)
    .map(
      ({ table, column, where }) =>
        `select ${column}::text as name from ${table} where ${column} = any ($1::${type}[]) and (${where ?? 'true'})`,
    );
  if (queries.length === 0) return new Set();
  const rows = await runSql<{ name: string }>(em, queries.join(' union '), [[...candidates]]);
  return new Set(rows.map((row) => row.name));
}

/** Throws INTERNAL that names the columns nobody has declared. */
export async function requireEveryHashDeclared(em: Em, list: readonly BlobNames[]): Promise<void> {
  const rows = await runSql<{ name: string }>(
    em,
    `select hash.table_name || '.' || hash.column_name as name
     from information_schema.columns hash
     join information_schema.columns owner using (table_schema, table_name)
     where table_schema = 'public' and hash.column_name like '%sha256' and owner.column_name = 'tenant_id'
     order by 1`,
  );
  const declared = new Set(list.map(({ table, column }) => `${table}.${column}`));
  const forgotten = rows.map((row) => row.name).filter((name) => !declared.has(name));
  if (forgotten.length === 0) return;
  throw new AppError('INTERNAL', `The sweep does not know what these columns name: ${forgotten.join(', ')}.`, {
    hint: 'Declare them as BlobNames in the slice that owns the table, and join that list where the sweep is started.',
  });
}
