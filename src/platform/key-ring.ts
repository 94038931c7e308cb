/**
 * The keys of one purpose: the current one makes things, earlier ones only accept what they have made. What is made carries
 * the id of its key. So nobody tries one key after the other, and what a key made that is no longer configured is told from
 * what nobody here has made. An id says nothing about its key; whoever alters one gains nothing, for what they altered then
 * fits no key.
 */
import { createHash, hkdfSync } from 'node:crypto';

const DERIVED_KEY_BYTES = 32; // as long as SHA-256's output (RFC 7518, section 3.2), and what AES-256 takes
const KEY_ID_BYTES = 8; // enough to tell a handful of keys apart, nothing to find the key by

export interface NamedKey {
  id: string; // hex, of KEY_ID_BYTES
  bytes: Uint8Array;
}

export interface KeyRing {
  current: NamedKey;
  /** Current first. */
  all: readonly NamedKey[];
  /** Undefined: it is not configured, or never was. */
  find(id: string): NamedKey | undefined;
}

export function keyRing(current: Uint8Array, previous: readonly Uint8Array[] = []): KeyRing {
  const all: [NamedKey, ...NamedKey[]] = [named(current), ...previous.map(named)];
  return { current: all[0], all, find: (id) => all.find((key) => key.id === id) };
}

/** A key of 32 bytes from a secret (HKDF-SHA256, RFC 5869), for what `info` says and nothing else. */
export const deriveKey = (secret: string, info: string): Uint8Array =>
  new Uint8Array(hkdfSync('sha256', secret, '', info, DERIVED_KEY_BYTES));

const named = (bytes: Uint8Array): NamedKey => ({ id: keyId(bytes), bytes });

export const keyId = (bytes: Uint8Array): string =>
  createHash('sha256')
    .update(bytes)
    .digest('hex')
    .slice(0, 2 * KEY_ID_BYTES);
