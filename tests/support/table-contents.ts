/** What every table holds, as one hash a table: a refused request must leave all of them as they were. */
import type { TestDatabase } from './database.js';

/**
 * Attempts are counted whatever becomes of them, and a key remembers that it was used: neither is a half-written thing. Nor
 * are the entries of the audit log that tell of a failure, which move the head of their chain.
 */
const NOT_COMPARED = ['sign_in_attempts', 'audit_heads'];
const ROWS_NOT_COMPARED: Record<string, string> = { audit_entries: `action = 'SIGN_IN_FAILED'` };

/** Table → hash of its rows in no order; the queue's jobs are among them. */
export async function tableContents(db: TestDatabase): Promise<Map<string, string>> {
  const known = statements.get(db) ?? (await statementOf(db));
  statements.set(db, known);
  const { rows } = await db.admin.query(known);
  return new Map(rows.map((row: { name: string; hash: string }) => [row.name, row.hash]));
}

const statements = new WeakMap<TestDatabase, string>();

async function statementOf(db: TestDatabase): Promise<string> {
  const { rows } = await db.admin.query(
    `select n.nspname as schema, c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where c.relkind in ('r', 'p') and not c.relispartition
        and (n.nspname = 'public' or (n.nspname = 'graphile_worker' and c.relname = '_private_jobs'))
        and c.relname <> all ($1)`,
    [NOT_COMPARED],
  );
  return (rows as { schema: string; name: string }[])
    .map(({ schema, name }) => {
      const row = `hashtextextended((to_jsonb(t) - 'last_used_at')::text, 0)::numeric`;
      return `select '${name}' as name, count(*) || ' rows, ' || coalesce(sum(${row}), 0) as hash
        from ${schema}."${name}" t where not (${ROWS_NOT_COMPARED[name] ?? 'false'})`;
    })
    .join(' union all ');
}
