/**
 * From an `Authorization` header to an actor, with one indexed statement. A request without the header is anonymous; one
 * with a header that is malformed, unknown, expired or revoked fails with UNAUTHENTICATED: a client that believes it is
 * signed in must not be served as a stranger.
 */
import { type Actor, ROLES, type Role } from '../../platform/database/actor.js';
import type { SqlRunner } from '../../platform/database/sql.js';
import { unauthenticated } from '../authorize.js';
import { readSecretToken } from './secret-token.js';

interface CredentialRow {
  credential_id: string;
  tenant_id: string;
  user_id: string;
  roles: string[];
}

/** `sql` needs no tenant: the functions it calls run before one is known. */
export async function authenticate(sql: SqlRunner, authorization: string | undefined): Promise<Actor | null> {
  if (authorization === undefined || authorization.trim() === '') return null;
  const token = /^Bearer +(\S+)$/i.exec(authorization.trim())?.[1];
  const secret = token && token.length <= 128 ? readSecretToken(token) : undefined;
  if (!secret) throw unauthenticated('The Authorization header holds no token of this server.');
  const statement =
    secret.kind === 'session' ? 'select * from authenticate_session($1)' : 'select * from authenticate_api_key($1)';
  const [row] = await sql.query<CredentialRow>(statement, [secret.sha256]);
  if (!row) throw unauthenticated('The token is unknown, expired or revoked. Sign in again.');
  return {
    tenantId: row.tenant_id,
    userId: row.user_id,
    credentialId: row.credential_id,
    roles: knownRoles(row.roles),
  };
}

/** The credentials of `ids` that still hold, with their roles as of now. */
export async function liveCredentials(sql: SqlRunner, ids: readonly string[]): Promise<Map<string, Role[]>> {
  if (ids.length === 0) return new Map();
  const rows = await sql.query<{ credential_id: string; roles: string[] }>(
    'select * from live_credentials($1::uuid[])',
    [[...ids]],
  );
  return new Map(rows.map((row) => [row.credential_id, knownRoles(row.roles)]));
}

const knownRoles = (roles: string[]): Role[] => ROLES.filter((role) => roles.includes(role));
