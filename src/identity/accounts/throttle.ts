/**
 * Slows down guessing. Attempts are counted in Postgres, so every API process sees the same count; each attempt is counted
 * where it is made, in the use case and before the secret is looked at, so that neither aliases nor parallel requests make
 * one attempt of many. Fails with RATE_LIMITED, retryable, with `details.retryAfterMs`.
 */
import type { Em } from '../../platform/database/database.js';
import { runSql } from '../../platform/database/sql.js';
import { AppError } from '../../platform/errors.js';
import { networkOf } from '../../platform/network-of.js';
import { sha256 } from '../sessions/secret-token.js';

export interface AttemptLimit {
  attempts: number;
  windowMs: number;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** Guesses at one account from one network. Forgotten when a guess is right, like the next. */
const SIGN_IN_PER_ACCOUNT_AND_NETWORK: AttemptLimit = { attempts: 10, windowMs: 15 * MINUTE_MS };
/** From everywhere together: so many that one stranger alone cannot lock a person out. */
const SIGN_IN_PER_ACCOUNT: AttemptLimit = { attempts: 100, windowMs: HOUR_MS };
/** Sign-ins from one network, right or wrong: wide enough for a laboratory behind one address. */
export const SIGN_IN_PER_NETWORK: AttemptLimit = { attempts: 300, windowMs: 15 * MINUTE_MS };
export const REGISTER_PER_NETWORK: AttemptLimit = { attempts: 100, windowMs: HOUR_MS };
/** Recovery tokens, right or wrong; nobody guesses 256 bits, and nobody is to keep us busy with it. */
export const RECOVERY_PER_NETWORK: AttemptLimit = { attempts: 30, windowMs: 15 * MINUTE_MS };
/** The current password, asked of somebody signed in. */
export const PASSWORD_PER_PERSON: AttemptLimit = { attempts: 10, windowMs: 15 * MINUTE_MS };
/**
 * Codes of a second factor, over all challenges of a person. With three codes of six digits valid at a time, guessing for a
 * whole day succeeds once in 1,400 days.
 */
export const CODES_PER_PERSON: AttemptLimit = { attempts: 10, windowMs: HOUR_MS };

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

/** Counts a guess at an account; answers what forgets it, for when it was right. */
export async function countSignIn(ctx: { em: Em; ip: string }, email: string): Promise<() => Promise<void>> {
  const { here, anywhere, network } = bucketsOf(email, ctx.ip);
  await countAttempt(ctx.em, `sign in from ${network}`, SIGN_IN_PER_NETWORK);
  await countAttempt(ctx.em, here, SIGN_IN_PER_ACCOUNT_AND_NETWORK);
  await countAttempt(ctx.em, anywhere, SIGN_IN_PER_ACCOUNT);
  return () => forgetSignIns(ctx, email);
}

/** Forgets the guesses at an account, for somebody who has proven to be its person. */
export async function forgetSignIns(ctx: { em: Em; ip: string }, email: string): Promise<void> {
  const { here, anywhere } = bucketsOf(email, ctx.ip);
  await forgetAttempts(ctx.em, here);
  await forgetAttempts(ctx.em, anywhere);
}

function bucketsOf(email: string, ip: string) {
  const network = networkOf(ip);
  return { network, here: `sign in to ${email} from ${network}`, anywhere: `sign in to ${email}` };
}

const inWords = (ms: number): string =>
  ms < MINUTE_MS ? `${Math.ceil(ms / 1000)} s` : `${Math.ceil(ms / MINUTE_MS)} min`;
