/**
 * From what a request carries to an actor, with one indexed statement. A request without a credential is anonymous; one
 * with a credential that is malformed, unknown, expired or revoked fails with UNAUTHENTICATED: a client that believes it is
 * signed in must not be served as a stranger.
 *
 *     Bearer pw_…            API key          the member's roles now, less what its scopes leave out
 *     Bearer eyJ… ours       access token     the session must still hold; roles from the database
 *     Bearer eyJ… another's  external token   the member's roles now, none above the token's
 *     X-API-Key: pw_…        as the first
 *     X-Dev-…, or nothing    local identity, where the operator has switched it on
 */
import { decodeJwt } from 'jose';
import { type Actor, ROLES, type Role, SCOPES, type Scope } from '../../platform/database/actor.js';
import type { SqlRunner } from '../../platform/database/sql.js';
import type { Services } from '../../platform/graphql/api-context.js';
import { capRoles, unauthenticated } from '../authorize.js';
import type { AuthServices } from '../tokens/auth-services.js';
import { externalActor } from './external-member.js';
import { type LocalRequest, localActor } from './local-identity.js';
import { readApiKey } from './secret-token.js';
import type { SessionRow } from './session-lookup.js';

/** As they came; undefined where they did not. */
export interface Presented {
  authorization: string | undefined;
  apiKey: string | undefined; // X-API-Key
  local: LocalRequest;
}

export interface Authenticated {
  actor: Actor;
  /** When the credential ends by itself; null: when it is revoked. */
  validUntil: Date | null;
}

/** What it takes to prove who somebody is. */
type Proving = Pick<Services, 'database' | 'auth' | 'findSession'>;

const MAX_TOKEN_CHARACTERS = 8_192; // an external issuer's can be long; headers end at 16 KB anyway

export async function authenticate(services: Proving, presented: Presented): Promise<Authenticated | null> {
  const { auth } = services;
  const sql = services.database.nobody; // the functions it calls run before a tenant is known
  const authorization = presented.authorization?.trim() || undefined;
  const apiKey = presented.apiKey?.trim() || undefined;
  if (authorization !== undefined && apiKey !== undefined) {
    throw unauthenticated('The request carries two credentials: send Authorization or X-API-Key, not both.');
  }
  if (apiKey !== undefined) return byApiKey(sql, apiKey);
  if (authorization === undefined) {
    const actor = await localActor(sql, auth.local, presented.local);
    return actor && { actor, validUntil: null };
  }
  const token = /^Bearer +(\S+)$/i.exec(authorization)?.[1];
  if (!token || token.length > MAX_TOKEN_CHARACTERS) throw noToken();
  if (readApiKey(token)) return byApiKey(sql, token);
  const issuer = issuerOf(token);
  if (auth.external && issuer === auth.external.issuer) return byExternalToken(sql, auth.external, token);
  return bySession(services, token);
}

async function byApiKey(sql: SqlRunner, text: string): Promise<Authenticated> {
  const hash = readApiKey(text);
  if (!hash) throw noToken();
  type KeyRow = SessionRow & { scopes: string[]; expires_ms: number | null };
  const [row] = await sql.query<KeyRow>('select * from authenticate_api_key($1)', [hash]);
  if (!row) throw unauthenticated('The API key is unknown, expired or revoked.');
  const scopes = SCOPES.filter((scope) => row.scopes.includes(scope));
  const member = actorOf(row);
  const actor = { ...member, scopes, roles: capRoles(member.roles, ceilingOf(scopes)), memberRoles: member.roles };
  return { actor, validUntil: row.expires_ms === null ? null : new Date(row.expires_ms) };
}

async function bySession({ auth, findSession }: Proving, token: string): Promise<Authenticated> {
  const claims = await auth.access.verify(token);
  const row = await findSession(claims.sessionId);
  if (row?.tenant_id !== claims.tenantId || row.user_id !== claims.userId) {
    throw unauthenticated('The session has ended. Sign in again.');
  }
  return { actor: actorOf(row), validUntil: claims.expiresAt };
}

async function byExternalToken(
  sql: SqlRunner,
  external: NonNullable<AuthServices['external']>,
  token: string,
): Promise<Authenticated> {
  const claims = await external.verify(token);
  const actor = await externalActor(sql, { ...claims, issuer: external.issuer });
  return { actor, validUntil: claims.expiresAt };
}

/** The credentials of `ids` that still hold, with the roles of their members as of now. */
export async function liveCredentials(sql: SqlRunner, ids: readonly string[]): Promise<Map<string, Role[]>> {
  if (ids.length === 0) return new Map();
  const rows = await sql.query<{ credential_id: string; roles: string[] }>(
    'select * from live_credentials($1::uuid[])',
    [[...ids]],
  );
  return new Map(rows.map((row) => [row.credential_id, knownRoles(row.roles)]));
}

/** Which issuer a token claims; believed only to choose whose rules it is then checked by. */
function issuerOf(token: string): string | undefined {
  try {
    return decodeJwt(token).iss;
  } catch (cause) {
    throw noToken(cause);
  }
}

/** The highest roles that a key with these scopes may make use of. */
function ceilingOf(scopes: readonly Scope[]): readonly Role[] {
  if (scopes.includes('ADMIN')) return ROLES;
  return scopes.some((scope) => scope.endsWith('_WRITE')) ? ['RESEARCHER'] : ['VIEWER'];
}

const actorOf = (row: SessionRow): Actor => ({
  tenantId: row.tenant_id,
  userId: row.user_id,
  credentialId: row.credential_id,
  roles: knownRoles(row.roles),
});

const knownRoles = (roles: string[]): Role[] => ROLES.filter((role) => roles.includes(role));

const noToken = (cause?: unknown) => unauthenticated('The request holds no token of this server.', cause);
