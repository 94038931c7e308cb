/**
 * Slows down guessing. Attempts are counted in Postgres, so every API process sees the same count, and each attempt is
 * counted before its password is looked at, so parallel ones cannot slip through. Fails with RATE_LIMITED, retryable,
 * with `details.retryAfterMs`.
 */
import type { Em } from '../../platform/database/database.js';
import { runSql } from '../../platform/database/sql.js';
import { AppError } from '../../platform/errors.js';
import { sha256 } from '../sessions/secret-token.js';

export interface AttemptLimit {
  attempts: number;
  windowMs: number;
}

const MINUTE_MS = 60_000;

/** Guesses at one account from one address. Forgotten when a guess is right. */
export const SIGN_IN_PER_ACCOUNT: AttemptLimit = { attempts: 10, windowMs: 15 * MINUTE_MS };
/** Sign-ins from one address, right or wrong: wide enough for a laboratory behind one address. */
export const SIGN_IN_PER_ADDRESS: AttemptLimit = { attempts: 300, windowMs: 15 * MINUTE_MS };
export const REGISTER_PER_ADDRESS: AttemptLimit = { attempts: 100, windowMs: 60 * MINUTE_MS };

export async function countAttempt(em: Em, bucket: string, limit: AttemptLimit): Promise<void> {
  const [row] = await runSql<{ wait_ms: number }>(em, 'select count_sign_in_attempt($1, $2, $3) as wait_ms', [
    sha256(bucket),
    limit.attempts,
    limit.windowMs,
  ]);
  const retryAfterMs = row?.wait_ms ?? 0;
  if (retryAfterMs === 0) return;
  throw new AppError('RATE_LIMITED', `Too many attempts. Try again in ${inWords(retryAfterMs)}.`, {
    retryable: true,
    details: { retryAfterMs },
  });
}

export async function forgetAttempts(em: Em, bucket: string): Promise<void> {
  await runSql(em, 'select forget_sign_in_attempts($1)', [sha256(bucket)]);
}

const inWords = (ms: number): string =>
  ms < MINUTE_MS ? `${Math.ceil(ms / 1000)} s` : `${Math.ceil(ms / MINUTE_MS)} min`;
