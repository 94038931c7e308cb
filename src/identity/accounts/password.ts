/** Passwords: argon2id. Hashing runs on libuv's thread pool, so the event loop stays free. */
import { hash, type Options, verify } from '@node-rs/argon2';
import { badInput } from '../../platform/errors.js';

// OWASP's Password Storage Cheat Sheet, argon2id: 19 MiB, 2 passes, 1 lane. (Argon2id is this library's default algorithm.)
const ARGON2: Options = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

export const MIN_PASSWORD_LENGTH = 8; // NIST SP 800-63B
export const MAX_PASSWORD_LENGTH = 256; // longer ones only cost time to hash

export const hashPassword = (password: string): Promise<string> => hash(password.normalize('NFKC'), ARGON2);

let nobodysHash: Promise<string> | undefined;

/** Takes as long for an unknown person (`stored` undefined) as for a wrong password, so that time tells nothing. */
export async function verifyPassword(stored: string | undefined, password: string): Promise<boolean> {
  nobodysHash ??= hashPassword('the password of nobody');
  const matches = await verify(stored ?? (await nobodysHash), password.normalize('NFKC'));
  return matches && stored !== undefined;
}

export function checkNewPassword(password: string, field: string): string {
  const length = password.length;
  if (length < MIN_PASSWORD_LENGTH || length > MAX_PASSWORD_LENGTH) {
    throw badInput(
      `\`${field}\` must have ${MIN_PASSWORD_LENGTH} to ${MAX_PASSWORD_LENGTH} characters; it has ${length}.`,
      { field, min: MIN_PASSWORD_LENGTH, max: MAX_PASSWORD_LENGTH },
    );
  }
  return password;
}
