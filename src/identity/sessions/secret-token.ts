/**
 * Opaque secrets: 256 random bits in base64url behind a prefix that says what they are (and lets secret scanners find
 * them). Only the sha256 is stored; with 256 bits of entropy a fast hash is enough and a look-up is one index probe.
 */
import { createHash, randomBytes } from 'node:crypto';

export const SESSION_PREFIX = 'pws_';
export const API_KEY_PREFIX = 'pw_';

const SECRET_BYTES = 32; // 256 bits
const SHAPE = /^(pws_|pw_)[A-Za-z0-9_-]{43}$/; // 32 bytes in base64url

export interface SecretToken {
  /** What the client keeps. Shown once. */
  text: string;
  sha256: Buffer;
}

export function newSecretToken(prefix: typeof SESSION_PREFIX | typeof API_KEY_PREFIX): SecretToken {
  const text = prefix + randomBytes(SECRET_BYTES).toString('base64url');
  return { text, sha256: sha256(text) };
}

/** Undefined when the text cannot be a token of ours, so that noise never reaches the database. */
export function readSecretToken(text: string): { kind: 'session' | 'apiKey'; sha256: Buffer } | undefined {
  if (!SHAPE.test(text)) return undefined;
  return { kind: text.startsWith(SESSION_PREFIX) ? 'session' : 'apiKey', sha256: sha256(text) };
}

export const sha256 = (text: string): Buffer => createHash('sha256').update(text).digest();
