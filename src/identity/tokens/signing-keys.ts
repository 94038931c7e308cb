/**
 * The secrets behind tokens, one for each purpose, so that what signs one thing can sign no other.
 *
 * A secret that the operator gives for a purpose is used as it is. Without one, the purpose's key is derived (HKDF-SHA256,
 * RFC 5869) from the installation's secret key. Each purpose has a current key, which makes tokens, and older ones, which
 * only accept what they have made: so a secret is changed without signing anybody out.
 */
import { createSecretKey, type KeyObject } from 'node:crypto';
import { deriveKey, keyId } from '../../platform/key-ring.js';

export type TokenPurpose = 'access-token' | 'refresh-token';

/** Current first. Secrets have at least 32 characters (src/config-variables.ts). */
export interface SecretSources {
  /** Given for this purpose. */
  own: string | undefined;
  ownPrevious: readonly string[];
  /** The installation's. */
  root: string;
  rootPrevious: readonly string[];
}

/** Current first. */
export type SecretKeys = readonly [Uint8Array, ...Uint8Array[]];

export function secretKeys(purpose: TokenPurpose, { own, ownPrevious, root, rootPrevious }: SecretSources): SecretKeys {
  const previous = ownPrevious.map(asBytes);
  if (own !== undefined) return [asBytes(own), ...previous];
  return [derive(purpose, root), ...previous, ...rootPrevious.map((secret) => derive(purpose, secret))];
}

export interface SigningKey {
  kid: string;
  key: KeyObject;
}

/** The same as keys for HMAC, each with a name that says nothing about it. */
export const signingKeys = (keys: SecretKeys): [SigningKey, ...SigningKey[]] => {
  const [current, ...older] = keys;
  return [named(current), ...older.map(named)];
};

const named = (bytes: Uint8Array): SigningKey => ({
  kid: keyId(bytes),
  key: createSecretKey(bytes),
});

const asBytes = (secret: string): Uint8Array => Buffer.from(secret, 'utf8');

const derive = (purpose: TokenPurpose, secret: string): Uint8Array => deriveKey(secret, `paperwright ${purpose}`);
