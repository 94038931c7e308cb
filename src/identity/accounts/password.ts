/**
 * Passwords: argon2id, 12 to 256 characters, no rules about which. Hashing runs on libuv's thread pool, so the event loop
 * stays free.
 */
import { hash, type Options, verify } from '@node-rs/argon2';
import { badInput } from '../../platform/errors.js';

// OWASP's Password Storage Cheat Sheet, argon2id: 19 MiB, 2 passes, 1 lane. (Argon2id is this library's default algorithm.)
const ARGON2 = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } satisfies Options;

const MIN_PASSWORD_LENGTH = 12;
const MAX_PASSWORD_LENGTH = 256; // longer ones only cost time to hash

export const hashPassword = (password: string): Promise<string> => hash(password.normalize('NFKC'), ARGON2);

let nobodysHash: Promise<string> | undefined;

/**
 * Takes as long for an unknown person, or one without a password (`stored` absent), as for a wrong password, so that time
 * tells nothing.
 */
export async function verifyPassword(stored: string | null | undefined, password: string): Promise<boolean> {
  nobodysHash ??= hashPassword('the password of nobody');
  const instead = await nobodysHash; // by everybody: the first of a process waits for it, whoever that is
  const given = password.slice(0, MAX_PASSWORD_LENGTH + 1); // one past the limit can match nothing
  const matches = await verify(stored ?? instead, given.normalize('NFKC'));
  return matches && typeof stored === 'string';
}

/** Whether it was hashed with less work than we take today. `stored`: `$argon2id$v=19$m=19456,t=2,p=1$…`. */
export function isOutdated(stored: string): boolean {
  const [memory = 0, passes = 0] = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),/.exec(stored)?.slice(1).map(Number) ?? [];
  return memory < ARGON2.memoryCost || passes < ARGON2.timeCost;
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
