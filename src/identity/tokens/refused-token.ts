/** What is wrong with a JWT, in a sentence for whoever sent it; nothing of the token is repeated. */
import { errors } from 'jose';
import { isAppError } from '../../platform/errors.js';
import { unauthenticated } from '../authorize.js';

const CLAIM_REASONS: Record<string, string> = {
  iss: 'The token is of an issuer that is not accepted here.',
  aud: 'The token is for another audience.',
  typ: 'The token is of another type: an access token is asked for.',
  nbf: 'The token does not hold yet.',
};

/** For `catch`: throws UNAUTHENTICATED for a token that is at fault, and what it was given for all else. */
export function refusedToken(error: unknown): never {
  if (isAppError(error)) throw error;
  if (error instanceof errors.JWTExpired) throw unauthenticated('The token has expired.', error);
  if (error instanceof errors.JWTClaimValidationFailed) {
    const reason =
      CLAIM_REASONS[error.claim] ?? `The token's claim \`${error.claim}\` is missing or not as it must be.`;
    throw unauthenticated(reason, error);
  }
  if (error instanceof errors.JWKSTimeout || !(error instanceof errors.JOSEError)) throw error;
  throw unauthenticated('The token is not one that this server accepts.', error);
}
