/**
 * Access tokens: JWTs (RFC 9068) that name a session and live for minutes.
 *
 *   {alg: HS256, kid, typ: at+jwt}  {iss, aud, sub: user_…, tenant_id: ten_…, roles, sid, jti, iat, nbf, exp}
 *
 * A valid one proves that we have signed it for that session, and nothing else: whether the session still holds, and
 * which roles its member has now, is asked of the database at each request (authenticate.ts). `roles` are for clients to
 * read. The algorithm is fixed by the key, never chosen by the token; a token without one of our key ids is not looked at.
 */
import { randomUUID } from 'node:crypto';
import { type JWTPayload, jwtVerify, SignJWT } from 'jose';
import type { Actor } from '../../platform/database/actor.js';
import { decodeId, encodeId } from '../../platform/ids.js';
import { unauthenticated } from '../authorize.js';
import { refusedToken } from './refused-token.js';
import { type SecretKeys, signingKeys } from './signing-keys.js';

const ACCESS_TOKEN_AUDIENCE = 'paperwright';
/** Claims are namespaced by a URI of their issuer's (OpenID Connect Core 1.0, section 5.1.2); both names say the same. */
const TENANT_CLAIMS = ['https://researchops.ai/tenant_id', 'tenant_id'] as const;

const REMEMBERED = 10_000; // tokens whose signature held, some 8 MB: who asks again within minutes is not reckoned again
const ALGORITHM = 'HS256';
const TYPE = 'at+jwt'; // RFC 9068, section 2.1

export interface AccessTokenOptions {
  keys: SecretKeys;
  issuer: string;
  lifetimeMs: number;
  clockSkewS: number;
  clock?: () => Date; // for tests
}

export interface AccessToken {
  text: string;
  expiresAt: Date; // whole seconds
}

/** What a token of ours says, believed because of its signature. Ids are uuids. */
export interface AccessClaims {
  sessionId: string;
  tenantId: string;
  userId: string;
  expiresAt: Date;
}

export interface AccessTokens {
  readonly issuer: string;
  issue(actor: Actor): Promise<AccessToken>;
  /** Throws UNAUTHENTICATED. */
  verify(text: string): Promise<AccessClaims>;
}

export function createAccessTokens(options: AccessTokenOptions): AccessTokens {
  const { issuer, lifetimeMs, clockSkewS, clock = () => new Date() } = options;
  const keys = signingKeys(options.keys);
  const [current] = keys;
  const remembered = new Map<string, AccessClaims>(); // the oldest first

  function remember(text: string, claims: AccessClaims): void {
    if (remembered.size >= REMEMBERED) remembered.delete(remembered.keys().next().value ?? '');
    remembered.set(text, claims);
  }

  return {
    issuer,
    async issue(actor) {
      const issuedAt = Math.floor(clock().getTime() / 1000);
      const expires = issuedAt + Math.ceil(lifetimeMs / 1000);
      const tenant = encodeId('ten', actor.tenantId);
      const text = await new SignJWT({
        ...Object.fromEntries(TENANT_CLAIMS.map((claim) => [claim, tenant])),
        roles: [...actor.roles],
        sid: actor.credentialId,
      })
        .setProtectedHeader({ alg: ALGORITHM, kid: current.kid, typ: TYPE })
        .setIssuer(issuer)
        .setAudience(ACCESS_TOKEN_AUDIENCE)
        .setSubject(encodeId('user', actor.userId))
        .setJti(randomUUID())
        .setIssuedAt(issuedAt)
        .setNotBefore(issuedAt)
        .setExpirationTime(expires)
        .sign(current.key);
      return { text, expiresAt: new Date(expires * 1000) };
    },
    async verify(text) {
      const now = clock();
      const known = remembered.get(text);
      if (known && known.expiresAt.getTime() > now.getTime() - clockSkewS * 1000) return known;
      remembered.delete(text);
      const { payload } = await jwtVerify(text, (header) => keyOf(keys, header.kid), {
        algorithms: [ALGORITHM],
        typ: TYPE,
        issuer,
        audience: ACCESS_TOKEN_AUDIENCE,
        clockTolerance: clockSkewS,
        currentDate: now,
        requiredClaims: ['sub', 'iat', 'nbf', 'exp', 'jti', 'sid'],
      }).catch(refusedToken);
      if ((payload.iat ?? 0) > now.getTime() / 1000 + clockSkewS) throw unauthenticated('The token is of the future.');
      const claims = claimsOf(payload);
      remember(text, claims);
      return claims;
    },
  };
}

function keyOf(keys: ReturnType<typeof signingKeys>, kid: string | undefined) {
  const known = keys.find((key) => key.kid === kid);
  if (!known) throw unauthenticated('The token was signed with a key that this server does not have.');
  return known.key;
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** What is signed with our key and not of this shape was signed by another program that has it. */
function claimsOf(payload: JWTPayload): AccessClaims {
  const { sub = '', sid, exp = 0 } = payload;
  if (typeof sid !== 'string' || !UUID.test(sid)) throw unauthenticated('The token names no session.');
  return {
    sessionId: sid,
    tenantId: idOf('ten', tenantClaim(payload) ?? ''),
    userId: idOf('user', sub),
    expiresAt: new Date(exp * 1000),
  };
}

/** The tenant that a token names; undefined when it names none, or two that differ. */
export function tenantClaim(payload: JWTPayload): string | undefined {
  const named = new Set(TENANT_CLAIMS.map((claim) => payload[claim]).filter((value) => value !== undefined));
  const [tenant] = named;
  return named.size === 1 && typeof tenant === 'string' ? tenant : undefined;
}

/** As decodeId, with the answer for a credential. */
export function idOf(prefix: 'ten' | 'user', text: string): string {
  try {
    return decodeId(prefix, text);
  } catch (cause) {
    throw unauthenticated(`The token names no ${prefix === 'ten' ? 'tenant' : 'person'}.`, cause);
  }
}
