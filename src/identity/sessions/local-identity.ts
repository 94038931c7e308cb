/**
 * Somebody without a credential, for development: never on a server that others can reach.
 *
 *   DEV_BYPASS_AUTH=true   the headers X-Dev-User-Id, X-Dev-Tenant-Id and X-Dev-Roles say who asks
 *   AUTH_REQUIRED=false    a request without any of that is the local developer's, as OWNER of the local tenant
 *
 * src/config.ts refuses both at the start unless the server listens on a loopback address. Here, each request is asked for
 * the same once more: it must come from this machine, for a host name of this machine (a page of another site whose name was
 * made to point here names that one: DNS rebinding), and through no proxy, which would speak for others.
 */
import { createHash } from 'node:crypto';
import { type Actor, ROLES, type Role } from '../../platform/database/actor.js';
import type { SqlRunner } from '../../platform/database/sql.js';
import { parseId } from '../../platform/ids.js';
import { isLoopbackHost } from '../../platform/loopback.js';
import { capRoles, unauthenticated } from '../authorize.js';
import { admitExternal } from './external-member.js';

export interface LocalIdentitySettings {
  /** DEV_BYPASS_AUTH */
  byHeaders: boolean;
  /** AUTH_REQUIRED=false */
  anonymous: boolean;
}

export interface LocalRequest {
  /** Of X-Dev-User-Id, X-Dev-Tenant-Id, X-Dev-Roles. */
  user?: string | undefined;
  tenant?: string | undefined;
  roles?: string | undefined;
  host: string | undefined; // the Host header
  remoteAddress: string | undefined;
  proxied: boolean; // it carries a header that proxies add
}

const LOCAL_ISSUER = 'local'; // no URL, so no issuer of tokens has that name
const MAX_NAME_CHARACTERS = 64;

/** Null when nothing asks for a local identity. Throws UNAUTHENTICATED when it is asked for and cannot be had. */
export async function localActor(
  sql: SqlRunner,
  settings: LocalIdentitySettings,
  request: LocalRequest,
): Promise<Actor | null> {
  const named = [request.user, request.tenant, request.roles].some((value) => value !== undefined);
  if (!(settings.byHeaders && named) && !(settings.anonymous && !named)) return null;
  if (!isLocal(request)) throw unauthenticated('A local identity is for requests of this machine to itself.');
  const user = nameOf(request.user ?? 'developer');
  const tenant = nameOf(request.tenant ?? 'local');
  const roles = rolesOf(request.roles ?? 'OWNER');
  const tenantId = idFor('ten', tenant);
  await sql.query('select open_local_tenant($1, $2)', [tenantId, tenant]);
  const claims = { issuer: LOCAL_ISSUER, subject: user, tenantId, displayName: user, issuedAt: new Date() };
  const member = await admitExternal(sql, { ...claims, roles: ['OWNER'] });
  return { ...member, roles: capRoles(member.roles, roles), memberRoles: member.roles };
}

function isLocal({ host = '', remoteAddress = '', proxied }: LocalRequest): boolean {
  const hostname = URL.canParse(`http://${host}`) ? new URL(`http://${host}`).hostname.replace(/^\[|\]$/g, '') : '';
  return !proxied && isLoopbackHost(hostname) && isLoopbackHost(remoteAddress.replace(/^::ffff:/, ''));
}

function nameOf(text: string): string {
  if (/^[\w.@-]+$/.test(text) && text.length <= MAX_NAME_CHARACTERS) return text;
  throw unauthenticated(
    `X-Dev-User-Id and X-Dev-Tenant-Id are names of up to ${MAX_NAME_CHARACTERS} letters and digits.`,
  );
}

function rolesOf(text: string): Role[] {
  const named = text.split(',').map((part) => part.trim().toUpperCase());
  const roles = ROLES.filter((role) => named.includes(role));
  if (roles.length === 0 || roles.length !== new Set(named).size) {
    throw unauthenticated(`X-Dev-Roles is a list of ${ROLES.join(', ')}, separated by commas.`);
  }
  return roles;
}

/** A public id is meant as it stands; any other name gets an id of its own, the same each time. */
function idFor(prefix: 'ten', name: string): string {
  const parsed = parseId(name);
  if (parsed?.prefix === prefix) return parsed.uuid;
  const hex = createHash('sha256').update(`paperwright local ${prefix} ${name}`).digest('hex');
  // a name-based UUID of our own making: RFC 9562, section 5.8
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
