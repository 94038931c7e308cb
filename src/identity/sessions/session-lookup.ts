/**
 * Finds the sessions of access tokens: one statement for all that are asked for in one turn of the event loop, for when
 * thousands of clients come back at once.
 */
import { askTogether } from '../../platform/ask-together.js';
import { prepared, type SqlRunner } from '../../platform/database/sql.js';

const READ = prepared('select * from authenticate_sessions($1::uuid[])');
const MOST_AT_ONCE = 200; // sessions a statement

export interface SessionRow {
  credential_id: string;
  tenant_id: string;
  user_id: string;
  roles: string[];
}

/** The session, with its member's roles as of now; null when there is none, or it has ended. */
export type FindSession = (sessionId: string) => Promise<SessionRow | null>;

declare module '../../platform/graphql/api-context.js' {
  interface Services {
    findSession: FindSession;
  }
}

/** `sql` needs no tenant: the function it calls runs before one is known. */
export const openSessionLookup = (sql: SqlRunner): FindSession =>
  askTogether(async (ids) => {
    const rows = await sql.query<SessionRow>(READ, [[...new Set(ids)]]);
    const found = new Map(rows.map((row) => [row.credential_id, row]));
    return ids.map((id) => found.get(id) ?? null);
  }, MOST_AT_ONCE);
