/**
 * Recovery codes: ten of 80 random bits, each in place of a one-time code, once. Read off paper, so without the letters
 * that are taken for digits; only the sha256 is stored, with whose it is.
 */
import { randomBytes } from 'node:crypto';
import { sha256 } from '../sessions/secret-token.js';

export const RECOVERY_CODES = 10;
const CODE_BYTES = 10; // 80 bits: 16 characters of five
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz'; // Crockford's base 32: https://www.crockford.com/base32.html
const SHAPE = new RegExp(`^[${ALPHABET}]{16}$`);

/** As they are shown: `4m2k-…`, four by four. */
export const newRecoveryCodes = (): string[] => Array.from({ length: RECOVERY_CODES }, newRecoveryCode);

function newRecoveryCode(): string {
  let bits = BigInt(`0x${randomBytes(CODE_BYTES).toString('hex')}`);
  let code = '';
  for (let place = 1; place <= 16; place++) {
    code += ALPHABET[Number(bits & 31n)];
    bits >>= 5n;
    if (place % 4 === 0 && place < 16) code += '-';
  }
  return code;
}

/** Undefined when the text cannot be one. Dashes, spaces and capitals do not matter. */
export function recoveryCodeHash(userId: string, text: string): Buffer | undefined {
  const code = text.slice(0, 64).toLowerCase().replace(/[\s-]/g, '');
  return SHAPE.test(code) ? sha256(`${userId}:${code}`) : undefined;
}
