/**
 * Answers a challenge with a code and opens the session. A guess is counted before the code is looked at: five a challenge,
 * and a number per person over all challenges. Taking the code, ending the challenge and opening the session are one
 * transaction, so of two who come with the same code one gets in.
 */
import type { Em } from '../../platform/database/database.js';
import { runSql } from '../../platform/database/sql.js';
import { badInput } from '../../platform/errors.js';
import { CODES_PER_PERSON, countAttempt, forgetAttempts } from '../accounts/throttle.js';
import { recordSignInFailure } from '../audit/sign-in-failure.js';
import { unauthenticated } from '../authorize.js';
import { CHALLENGE_PREFIX, oneTimeTokenHash } from '../one-time-token.js';
import { type OpenedSession, openSession, type SessionCtx } from '../sessions/session.js';
import { resealOne } from './reseal.js';
import { proveByCode, proveByRecoveryCode } from './second-factor-code.js';

export const GUESSES_PER_CHALLENGE = 5;

export interface MfaAnswer {
  challengeToken: string;
  code?: string | null;
  recoveryCode?: string | null;
}

interface GuessRow {
  user_id: string;
  sealed_secret: Buffer;
  digits: number;
  period_seconds: number;
}

/** Errors: BAD_INPUT (neither code, or both); UNAUTHENTICATED (the challenge is over, the code is wrong); RATE_LIMITED. */
export async function verifyMfa(ctx: SessionCtx, input: MfaAnswer): Promise<OpenedSession> {
  const { code, recoveryCode } = input;
  if ((code == null) === (recoveryCode == null))
    throw badInput('Give either `code` or `recoveryCode`.', { field: 'code' });
  const challenge = oneTimeTokenHash(CHALLENGE_PREFIX, input.challengeToken);
  const now = ctx.clock();
  const [guess] = challenge
    ? await runSql<GuessRow>(ctx.em, 'select * from guess_mfa_challenge($1, $2, $3)', [
        challenge,
        now,
        GUESSES_PER_CHALLENGE,
      ])
    : [];
  if (!guess)
    throw unauthenticated('The challenge is over: answered, expired, or guessed at too often. Sign in again.');
  const bucket = codesBucket(guess.user_id);
  await countAttempt(ctx.em, bucket, CODES_PER_PERSON);
  const factor = {
    userId: guess.user_id,
    sealedSecret: guess.sealed_secret,
    digits: guess.digits,
    periodSeconds: guess.period_seconds,
  };
  const proof =
    recoveryCode == null
      ? proveByCode(ctx.services.accounts, factor, code ?? '', now)
      : proveByRecoveryCode(guess.user_id, recoveryCode);
  if (!proof) throw await refused(ctx, guess.user_id);
  const session = await ctx.em.transactional(async (transaction) => {
    const em = transaction as Em;
    const [passed] = await runSql<{ user_id: string; tenant_id: string }>(
      em,
      'select * from pass_mfa_challenge($1, $2, $3, $4)',
      [challenge, now, ...proof],
    );
    if (!passed) return null;
    if (recoveryCode == null) await resealOne(em, ctx.services.accounts.sealer, factor);
    return openSession(
      { em, clock: ctx.clock, services: ctx.services },
      { tenantId: passed.tenant_id, userId: passed.user_id },
      recoveryCode == null ? 'SECOND_FACTOR' : 'RECOVERY_CODE',
    );
  });
  if (!session) throw await refused(ctx, guess.user_id);
  await forgetAttempts(ctx.em, bucket);
  return session;
}

/** Of all codes that a person is asked for, signed in or not. */
export const codesBucket = (userId: string): string => `codes of ${userId}`;

async function refused(ctx: SessionCtx, userId: string) {
  await recordSignInFailure(ctx, { userId, at: 'SECOND_FACTOR' });
  return unauthenticated('The code is wrong, or has been used.');
}
