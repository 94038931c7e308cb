/**
 * Secrets that we must be able to read again, as they are stored: AES-256-GCM under a key derived from the installation's
 * secret key. A sealed value opens only for the owner it was sealed for, so that it is worth nothing in another's row.
 *
 *   version (1 byte, 1) · nonce (12) · tag (16) · ciphertext
 */
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { AppError } from '../../platform/errors.js';

const VERSION = 1;
const KEY_BYTES = 32; // AES-256
const NONCE_BYTES = 12; // NIST SP 800-38D, 5.2.1.1: 96 bits
const TAG_BYTES = 16;
const HEAD_BYTES = 1 + NONCE_BYTES + TAG_BYTES;

export interface Sealer {
  seal(plain: Uint8Array, owner: string): Buffer;
  /** Throws INVALID_STATE for what was sealed with another key or for somebody else. */
  open(sealed: Uint8Array, owner: string): Buffer;
}

export function createSealer(secretKey: string): Sealer {
  const key = Buffer.from(hkdfSync('sha256', secretKey, '', 'paperwright second factors', KEY_BYTES));
  return {
    seal(plain, owner) {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(owner));
      const text = Buffer.concat([cipher.update(plain), cipher.final()]);
      return Buffer.concat([Buffer.of(VERSION), nonce, cipher.getAuthTag(), text]);
    },
    open(sealed, owner) {
      try {
        if (sealed[0] !== VERSION || sealed.length < HEAD_BYTES) throw new TypeError('not a sealed secret');
        const nonce = sealed.subarray(1, 1 + NONCE_BYTES);
        const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES });
        decipher.setAAD(Buffer.from(owner)).setAuthTag(sealed.subarray(1 + NONCE_BYTES, HEAD_BYTES));
        return Buffer.concat([decipher.update(sealed.subarray(HEAD_BYTES)), decipher.final()]);
      } catch (cause) {
        throw new AppError(
          'INVALID_STATE',
          'The second factor cannot be read: the secret key of the server has changed.',
          {
            cause,
            hint: 'Sign in with a recovery code and set up the second factor anew.',
          },
        );
      }
    },
  };
}
