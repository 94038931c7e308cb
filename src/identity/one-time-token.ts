/**
 * Secrets that are shown once and used once: invitations, the challenges of a second factor, and what a forgotten password is
 * recovered with. 256 random bits behind a prefix that says what they are; only the sha256 is stored.
 */
import { randomBytes } from 'node:crypto';
import { sha256 } from './sessions/secret-token.js';

export const INVITATION_PREFIX = 'pwi_';
export const CHALLENGE_PREFIX = 'pwc_';
export const RECOVERY_PREFIX = 'pwf_'; // forgotten
type Prefix = typeof INVITATION_PREFIX | typeof CHALLENGE_PREFIX | typeof RECOVERY_PREFIX;

const TOKEN_BYTES = 32; // 256 bits
const RANDOM_PART = /^[A-Za-z0-9_-]{43}$/; // 32 bytes in base64url

export function newOneTimeToken(prefix: Prefix): { text: string; sha256: Buffer } {
  const text = prefix + randomBytes(TOKEN_BYTES).toString('base64url');
  return { text, sha256: sha256(text) };
}

/** Undefined when the text cannot be one of ours, so that noise never reaches the database. */
export const oneTimeTokenHash = (prefix: Prefix, text: string): Buffer | undefined =>
  text.startsWith(prefix) && RANDOM_PART.test(text.slice(prefix.length)) ? sha256(text) : undefined;
