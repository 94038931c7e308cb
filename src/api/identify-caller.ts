/**
 * Who sends a request or opens a socket. A credential that does not hold refuses the operations that need one, and only
 * those: `signIn` must work for a client that still sends its expired token.
 */
import type { IncomingHttpHeaders } from 'node:http';
import { authenticate, type Presented } from '../identity/sessions/authenticate.js';
import type { RequestOrigin } from '../platform/database/origin.js';
import { isAppError } from '../platform/errors.js';
import type { Services } from '../platform/graphql/api-context.js';
import type { Caller } from './graphql/operation-context.js';

/** Throws only when the database, or an external issuer, cannot be asked. */
export async function identifyCaller(services: Services, presented: Presented, origin: RequestOrigin): Promise<Caller> {
  try {
    const proven = await authenticate(services, presented);
    return { actor: proven?.actor ?? null, validUntil: proven?.validUntil ?? null, refusal: null, origin };
  } catch (error) {
    if (isAppError(error) && error.code === 'UNAUTHENTICATED') return { actor: null, refusal: error, origin };
    throw error;
  }
}

/** What a proxy adds: who comes through one is not this machine itself. */
const PROXY_HEADERS = ['forwarded', 'x-forwarded-for', 'x-forwarded-host', 'via'];

/** `params`: of a socket's connection_init, which stand for headers that browsers cannot send there; they win. */
export function presentedBy(
  { headers, socket }: { headers: IncomingHttpHeaders; socket: { remoteAddress?: string | undefined } },
  params: Readonly<Record<string, unknown>> = {},
): Presented {
  const given = new Map(
    Object.entries({ ...headers, ...lowerCased(params) }).filter(([, value]) => value !== undefined && value !== null),
  );
  const text = (name: string) => (given.has(name) ? String(given.get(name)) : undefined);
  return {
    authorization: text('authorization'),
    apiKey: text('x-api-key'),
    local: {
      user: text('x-dev-user-id'),
      tenant: text('x-dev-tenant-id'),
      roles: text('x-dev-roles'),
      host: headers.host,
      remoteAddress: socket.remoteAddress,
      proxied: PROXY_HEADERS.some((name) => headers[name] !== undefined),
    },
  };
}

const lowerCased = (params: Readonly<Record<string, unknown>>) =>
  Object.fromEntries(Object.entries(params).map(([name, value]) => [name.toLowerCase(), value]));
