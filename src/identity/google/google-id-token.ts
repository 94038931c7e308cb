/**
 * Reads ID tokens of Google (https://developers.google.com/identity/gsi/web/guides/verify-google-id-token): signed with one
 * of its published keys, for us, in time, and about an address that it has verified. Keys are kept for a while; an unknown
 * key id asks for them again, at most every 30 seconds. Fails with UNAUTHENTICATED for a token that does not hold, whatever
 * is wrong with it, and UNAVAILABLE (retryable) when the keys cannot be had.
 */
import { createRemoteJWKSet, errors, type JWTPayload, jwtVerify } from 'jose';
import { AppError } from '../../platform/errors.js';
import { cleanEmail } from '../accounts/email-address.js';
import { unauthenticated } from '../authorize.js';

export interface GoogleSettings {
  clientId: string;
  issuer: string;
  jwksUrl: string;
  jwksCacheMs: number;
  clockSkewSeconds: number;
}

export interface GoogleIdentity {
  subject: string; // `sub`: never reused, unlike an address
  email: string;
  name: string | undefined;
}

/** `nonce`: what the client had put into its request to Google; the token must hold the same. */
export type VerifyGoogleToken = (
  idToken: string,
  expected: { nonce?: string | null | undefined; at: Date },
) => Promise<GoogleIdentity>;

const MAX_TOKEN_LENGTH = 8_192; // Google's have about 1,200 characters
const MAX_SUBJECT_LENGTH = 255; // as Google promises
const KEYS_TIMEOUT_MS = 5_000;
const KEYS_COOLDOWN_MS = 30_000;

export function googleVerifier(settings: GoogleSettings): VerifyGoogleToken {
  const keys = createRemoteJWKSet(new URL(settings.jwksUrl), {
    cacheMaxAge: settings.jwksCacheMs,
    cooldownDuration: KEYS_COOLDOWN_MS,
    timeoutDuration: KEYS_TIMEOUT_MS,
  });
  return async (idToken, { nonce, at }) => {
    if (idToken.length > MAX_TOKEN_LENGTH) throw refused();
    const { payload } = await jwtVerify(idToken, keys, {
      algorithms: ['RS256'],
      issuer: [settings.issuer, settings.issuer.replace(/^https:\/\//, '')], // Google signs with either
      audience: settings.clientId,
      clockTolerance: settings.clockSkewSeconds,
      currentDate: at,
      requiredClaims: ['sub', 'iat', 'exp', 'email'],
    }).catch((cause: unknown) => {
      throw failure(cause);
    });
    return identityOf(payload, settings.clientId, nonce);
  };
}

function identityOf(claims: JWTPayload, clientId: string, nonce: string | null | undefined): GoogleIdentity {
  const { sub: subject, email, email_verified: verified, azp, aud, name } = claims;
  // who asked for it must be us as well: a token may list several audiences
  if (azp === undefined ? Array.isArray(aud) && aud.length > 1 : azp !== clientId) throw refused();
  if (nonce != null && claims.nonce !== nonce) throw refused();
  if (typeof subject !== 'string' || subject === '' || subject.length > MAX_SUBJECT_LENGTH) throw refused();
  if (typeof email !== 'string' || verified !== true) {
    throw unauthenticated('Google has not verified the e-mail address of this account.');
  }
  return { subject, email: cleanEmail(email, 'idToken'), name: typeof name === 'string' ? name : undefined };
}

function failure(cause: unknown): AppError {
  if (cause instanceof errors.JOSEError && !KEYS_UNREACHABLE.includes(cause.code)) return refused(cause);
  return new AppError('UNAVAILABLE', 'The keys of Google cannot be reached now.', { cause, retryable: true });
}

/** Faults of the keys' server rather than of the token: no answer in time, another status than 200, no key set. */
const KEYS_UNREACHABLE = ['ERR_JWKS_TIMEOUT', 'ERR_JOSE_GENERIC', 'ERR_JWKS_INVALID'];

const refused = (cause?: unknown) =>
  new AppError('UNAUTHENTICATED', 'This is no ID token of Google for this installation, or it has expired.', {
    cause,
    hint: 'Ask Google for a new one and send it at once.',
  });
