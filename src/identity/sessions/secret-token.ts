/**
 * API keys: 256 random bits in base64url behind a prefix that says what they are (and lets secret scanners find them).
 * Only the sha256 is stored; with 256 bits of entropy a fast hash is enough and a look-up is one index probe, whose time
 * tells nothing about a key: what is compared is a hash that nobody can choose.
 */
import { createHash, randomBytes } from 'node:crypto';

export const API_KEY_PREFIX = 'pw_';

const SECRET_BYTES = 32; // 256 bits
const SHAPE = /^pw_[A-Za-z0-9_-]{43}$/; // 32 bytes in base64url

export interface SecretToken {
  /** What the client keeps. Shown once. */
  text: string;
  sha256: Buffer;
}

export function newSecretToken(prefix: string): SecretToken {
  const text = prefix + randomBytes(SECRET_BYTES).toString('base64url');
  return { text, sha256: sha256(text) };
}

/** Its sha256; undefined when the text cannot be a key of ours, so that noise never reaches the database. */
export const readApiKey = (text: string): Buffer | undefined => (SHAPE.test(text) ? sha256(text) : undefined);

export const sha256 = (text: string): Buffer => createHash('sha256').update(text).digest();
