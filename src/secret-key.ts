/**
 * The installation's secret, from which a key is derived for each purpose; and the secrets before it, whose keys accept what
 * they have made. On a machine whose operator gave none it is random, made once, 0600 in the data folder. It
 * appears by link(2) in one step, so that API and worker starting together read the same one and never half of it.
 */
import { randomBytes } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { AppError } from './platform/errors.js';
import { deriveKey } from './platform/key-ring.js';

const KEY_BYTES = 48; // longer than SHA-256's output, so the key is not the weakest part of an HMAC with it

const REASONS: Record<string, string> = {
  ENOSPC: 'its disk is full',
  EACCES: 'this user may not write there',
  EROFS: 'its disk is read-only',
  ENOTDIR: 'it is not a folder',
  EEXIST: 'it is not a folder',
};

export interface InstallationSecrets {
  secretKey: string;
  previousSecretKeys: readonly string[];
}

/** The keys for one purpose: what one signs, no other does. */
export const deriveKeys = ({ secretKey, previousSecretKeys }: InstallationSecrets, purpose: string) => ({
  secret: keyFor(secretKey, purpose),
  previousSecrets: previousSecretKeys.map((secret) => keyFor(secret, purpose)),
});

const keyFor = (secretKey: string, purpose: string): Uint8Array => deriveKey(secretKey, `paperwright:${purpose}`);

/** Throws UNAVAILABLE when the data folder cannot be read or written. */
export function readOrMakeSecretKey(dataDir: string): string {
  const file = path.join(dataDir, 'secret-key');
  try {
    return read(file) ?? make(file);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    const why = (code && REASONS[code]) ?? String(cause);
    throw new AppError(
      'UNAVAILABLE',
      `DATA_DIR ${dataDir} cannot be used: ${why}. Mend that, or set DATA_DIR to another folder.`,
      {
        cause,
      },
    );
  }
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8').trim() || undefined;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function make(file: string): string {
  mkdirSync(path.dirname(file), { recursive: true });
  const draft = `${file}.${process.pid}`;
  try {
    writeFileSync(draft, `${randomBytes(KEY_BYTES).toString('base64url')}\n`, { mode: 0o600 });
    linkSync(draft, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(draft, { force: true });
  }
  const key = read(file);
  if (key === undefined) throw new Error(`${file} is empty`);
  return key;
}
