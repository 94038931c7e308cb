/**
 * Refresh tokens: 256 bits behind `pwr_`, of which only an HMAC is stored.
 *
 *     random ──> token 1 ──HMAC with our secret──> token 2 ──> token 3 …      one session's family
 *
 * The successor of a token follows from it, for whoever has the secret. So a client that lost the answer of a renewal and asks
 * again gets the very token it should have got: the family never has two live branches. Who has a token but not the
 * secret can neither compute its successor nor, from what is stored, any token at all.
 */
import { createHmac, randomBytes } from 'node:crypto';
import type { SecretKeys } from './signing-keys.js';

const PREFIX = 'pwr_';
const TOKEN_BYTES = 32; // 256 bits, as long as the HMAC that makes successors
const SHAPE = /^pwr_[A-Za-z0-9_-]{43}$/; // 32 bytes in base64url

export interface RefreshToken {
  /** What the client keeps. */
  text: string;
  hash: Buffer; // 32 bytes
}

export interface RefreshTokens {
  create(): RefreshToken;
  /** The one that follows under each secret, the current first; an earlier one's only for whoever should have got it before. */
  successorsOf(text: string): [RefreshToken, ...RefreshToken[]];
  /** What may stand in the database for the token, a hash for each secret, the current first; undefined: no token of ours. */
  hashesOf(text: string): Buffer[] | undefined;
}

export function createRefreshTokens(keys: SecretKeys): RefreshTokens {
  const [current, ...earlier] = keys;
  const asToken = (key: Uint8Array, bytes: Buffer): RefreshToken => {
    const text = PREFIX + bytes.toString('base64url');
    return { text, hash: hmac(key, 'stored', text) };
  };
  const successor = (key: Uint8Array, text: string) => asToken(key, hmac(key, 'successor', text));
  return {
    create: () => asToken(current, randomBytes(TOKEN_BYTES)),
    successorsOf: (text) => [successor(current, text), ...earlier.map((key) => successor(key, text))],
    hashesOf: (text) => (SHAPE.test(text) ? keys.map((key) => hmac(key, 'stored', text)) : undefined),
  };
}

const hmac = (key: Uint8Array, use: 'stored' | 'successor', text: string): Buffer =>
  createHmac('sha256', key).update(`${use} ${text}`).digest();
