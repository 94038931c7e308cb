/**
 * Secrets that we must be able to read again, as they are stored: AES-256-GCM under a key derived from the installation's
 * secret key. A sealed value opens only for the owner it was sealed for, so that it is worth nothing in another's row. It names
 * its key: what an earlier one sealed is opened with that, and sealed anew (reseal.ts).
 *
 *   version (1 byte, 2) · key id (8) · nonce (12) · tag (16) · ciphertext
 *   version (1 byte, 1)              · nonce (12) · tag (16) · ciphertext     made before keys had ids; read only
 */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { AppError } from '../../platform/errors.js';
import { deriveKey, keyRing, type NamedKey } from '../../platform/key-ring.js';

const VERSION = 2;
const VERSION_WITHOUT_ID = 1;
const NONCE_BYTES = 12; // NIST SP 800-38D, 5.2.1.1: 96 bits
const TAG_BYTES = 16;

export interface Sealer {
  seal(plain: Uint8Array, owner: string): Buffer;
  /** Throws INVALID_STATE for what was sealed for somebody else, altered, or sealed with a key that is not configured. */
  open(sealed: Uint8Array, owner: string): Buffer;
  /** What all begins with that the current key has sealed, and nothing else. */
  mark: Buffer;
}

/** `secretKey` and those before it: the installation's. */
export function createSealer(secretKey: string, previousSecretKeys: readonly string[] = []): Sealer {
  const keys = keyRing(derive(secretKey), previousSecretKeys.map(derive));
  const mark = Buffer.concat([Buffer.of(VERSION), Buffer.from(keys.current.id, 'hex')]);

  function headOf(sealed: Uint8Array): Head {
    if (sealed[0] === VERSION_WITHOUT_ID) return { candidates: keys.all, nonceAt: 1, otherwise: ofNoKey };
    if (sealed[0] !== VERSION) throw altered();
    const key = keys.find(Buffer.from(sealed.subarray(1, mark.length)).toString('hex'));
    if (!key) throw ofNoKey();
    return { candidates: [key], nonceAt: mark.length, otherwise: altered };
  }

  return {
    mark,
    seal(plain, owner) {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv('aes-256-gcm', keys.current.bytes, nonce).setAAD(Buffer.from(owner));
      const text = Buffer.concat([cipher.update(plain), cipher.final()]);
      return Buffer.concat([mark, nonce, cipher.getAuthTag(), text]);
    },
    open(sealed, owner) {
      const { candidates, nonceAt, otherwise } = headOf(sealed);
      for (const key of candidates) {
        const plain = decrypt(key.bytes, sealed.subarray(nonceAt), owner);
        if (plain) return plain;
      }
      throw otherwise();
    },
  };
}

interface Head {
  /** With which keys it may have been sealed. */
  candidates: readonly NamedKey[];
  nonceAt: number;
  /** What it is when it opens with none of them. */
  otherwise: () => AppError;
}

/** Undefined when it was sealed with another key, for another owner, or altered. */
function decrypt(key: Uint8Array, sealed: Uint8Array, owner: string): Buffer | undefined {
  const textAt = NONCE_BYTES + TAG_BYTES;
  if (sealed.length < textAt) return undefined;
  const nonce = sealed.subarray(0, NONCE_BYTES);
  const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES });
  decipher.setAAD(Buffer.from(owner)).setAuthTag(sealed.subarray(NONCE_BYTES, textAt));
  try {
    return Buffer.concat([decipher.update(sealed.subarray(textAt)), decipher.final()]);
  } catch {
    return undefined;
  }
}

const derive = (secretKey: string): Uint8Array => deriveKey(secretKey, 'paperwright second factors');

const HINT = 'Sign in with a recovery code and set up the second factor anew.';

const altered = () =>
  new AppError('INVALID_STATE', 'The second factor cannot be read: what is stored of it was altered.', { hint: HINT });

const ofNoKey = () =>
  new AppError(
    'INVALID_STATE',
    'The second factor cannot be read: it was sealed with a secret key that the server does not have any more.',
    { hint: `${HINT} An operator who still has the earlier SECRET_KEY puts it into PREVIOUS_SECRET_KEYS.` },
  );
