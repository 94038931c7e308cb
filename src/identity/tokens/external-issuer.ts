/**
 * Access tokens of an issuer that the operator trusts (AUTH_EXTERNAL_…), signed with a key of its published set.
 *
 * The keys are fetched when first needed and kept for minutes; a key id that is not among them has the set fetched once
 * more, at most every half minute, so strangers' tokens cost the issuer nothing. While the set cannot be had, such tokens
 * fail with UNAVAILABLE, and no more than one attempt every few seconds is made.
 *
 * Fails closed: no tenant claim, or two that differ, no access; a `roles` claim without one of our roles, no access. Without
 * a `roles` claim the bearer is a VIEWER.
 */
import { createRemoteJWKSet, errors, type JWTHeaderParameters, type JWTPayload, jwtVerify } from 'jose';
import { ROLES, type Role } from '../../platform/database/actor.js';
import { AppError } from '../../platform/errors.js';
import { unauthenticated } from '../authorize.js';
import { idOf, tenantClaim } from './access-token.js';
import { refusedToken } from './refused-token.js';

export interface ExternalIssuerOptions {
  issuer: string; // as `iss` says it
  jwksUrl: string;
  audience: string;
  clockSkewS: number;
  clock?: () => Date; // for tests
}

/** Who the issuer says the bearer is. */
export interface ExternalClaims {
  subject: string; // unique for the issuer; at most MAX_SUBJECT_CHARACTERS
  tenantId: string;
  roles: Role[]; // at least one
  displayName: string | undefined;
  issuedAt: Date;
  expiresAt: Date;
}

export interface ExternalIssuer {
  readonly issuer: string;
  /** Throws UNAUTHENTICATED, or UNAVAILABLE while the issuer's keys cannot be had. */
  verify(text: string): Promise<ExternalClaims>;
}

/** Asymmetric only: a public key must never be taken for a shared secret. */
const ALGORITHMS = ['RS256', 'ES256', 'EdDSA', 'Ed25519'];
const TYPES = [undefined, 'JWT', 'at+jwt', 'application/at+jwt'];
const KEYS_KEPT_MS = 10 * 60_000;
const REFETCH_AFTER_MS = 30_000; // for a key id that is not known
const RETRY_AFTER_MS = 5_000; // when the keys could not be fetched
const FETCH_WITHIN_MS = 5_000;
const MAX_SUBJECT_CHARACTERS = 255; // OpenID Connect Core 1.0, section 2
const MAX_NAME_CHARACTERS = 120;

export function createExternalIssuer(options: ExternalIssuerOptions): ExternalIssuer {
  const { issuer, audience, clockSkewS, clock = () => new Date() } = options;
  const fetched = createRemoteJWKSet(new URL(options.jwksUrl), {
    cacheMaxAge: KEYS_KEPT_MS,
    cooldownDuration: REFETCH_AFTER_MS,
    timeoutDuration: FETCH_WITHIN_MS,
  });
  let failedAt = Number.NEGATIVE_INFINITY;

  async function keyFor(header: JWTHeaderParameters) {
    if (!header.kid) throw unauthenticated('The token names no key.');
    if (performance.now() - failedAt < RETRY_AFTER_MS) throw keysUnavailable();
    try {
      return await fetched(header);
    } catch (error) {
      if (error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWKSMultipleMatchingKeys) throw error;
      failedAt = performance.now();
      throw keysUnavailable(error);
    }
  }

  return {
    issuer,
    async verify(text) {
      const now = clock();
      const { payload, protectedHeader } = await jwtVerify(text, keyFor, {
        algorithms: ALGORITHMS,
        issuer,
        audience,
        clockTolerance: clockSkewS,
        currentDate: now,
        requiredClaims: ['sub', 'iat', 'exp'],
      }).catch(refusedToken);
      if (!TYPES.includes(protectedHeader.typ?.toLowerCase().replace(/^jwt$/, 'JWT'))) {
        throw unauthenticated('The token is of another type: an access token is asked for.');
      }
      if ((payload.iat ?? 0) > now.getTime() / 1000 + clockSkewS) throw unauthenticated('The token is of the future.');
      return claimsOf(payload);
    },
  };
}

function claimsOf(payload: JWTPayload): ExternalClaims {
  const { sub = '', iat = 0, exp = 0, name } = payload;
  if (sub === '' || sub.length > MAX_SUBJECT_CHARACTERS) throw unauthenticated('The token names no person.');
  const tenant = tenantClaim(payload);
  if (!tenant) throw unauthenticated('The token names no tenant.');
  return {
    subject: sub,
    tenantId: idOf('ten', tenant),
    roles: rolesOf(payload.roles),
    displayName: typeof name === 'string' ? plainName(name) : undefined,
    issuedAt: new Date(iat * 1000),
    expiresAt: new Date(exp * 1000),
  };
}

function rolesOf(claim: unknown): Role[] {
  if (claim === undefined) return ['VIEWER'];
  const named = (Array.isArray(claim) ? claim : [claim]).map((role) => String(role).toUpperCase());
  const roles = ROLES.filter((role) => named.includes(role));
  if (roles.length === 0) throw unauthenticated(`The token's roles are none of ${ROLES.join(', ')}.`);
  return roles;
}

/** Undefined for what would not do as a name; it is only shown. */
const plainName = (name: string): string | undefined =>
  name
    .normalize('NFC')
    .replace(/[\p{Cc}\p{Cs}\p{Cf}]/gu, '')
    .trim()
    .slice(0, MAX_NAME_CHARACTERS) || undefined;

const keysUnavailable = (cause?: unknown) =>
  new AppError('UNAVAILABLE', "The keys of the tokens' issuer cannot be fetched at the moment.", {
    retryable: true,
    cause,
    details: { retryAfterMs: RETRY_AFTER_MS },
    hint: 'Try again in a moment; if it stays, ask the operator to check AUTH_EXTERNAL_JWKS_URL.',
  });
