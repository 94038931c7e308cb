/**
 * How asking a model fails. Each is an AppError with `details.reason`; messages never hold a word of the endpoint's answer,
 * which may repeat the key or say what the prompt's sources told it to say.
 *
 *   TIMED_OUT      longer than the time a call may take
 *   RATE_LIMITED   429 to the end, or asked to wait longer than is worth it
 *   SERVER_FAILED  5xx or an error within the stream, to the end
 *   UNREACHABLE    no connection, or it broke
 *   CUT_OFF        the answer ended early: a broken stream, or more tokens than it may have
 *   TOO_LARGE      more bytes than an answer may have
 *   REFUSED        400, 401, 403, 404 … : the settings are wrong, or the provider withheld the answer
 *   BAD_ANSWER     not the JSON that was asked for, also not when asked to mend it
 *   BUDGET         the run's ceiling (BUDGET_EXCEEDED)
 */
import { AppError, isAppError } from '../../../src/platform/errors.js';

export const MODEL_FAILURES = [
  'TIMED_OUT',
  'RATE_LIMITED',
  'SERVER_FAILED',
  'UNREACHABLE',
  'CUT_OFF',
  'TOO_LARGE',
  'REFUSED',
  'BAD_ANSWER',
  'BUDGET',
] as const;
export type ModelFailureReason = (typeof MODEL_FAILURES)[number];

/** Another try may go better. */
const PASSING: ReadonlySet<ModelFailureReason> = new Set(['RATE_LIMITED', 'SERVER_FAILED', 'UNREACHABLE', 'CUT_OFF']);

export function modelFailure(
  reason: Exclude<ModelFailureReason, 'BUDGET'>,
  message: string,
  options: { retryable?: boolean; status?: number; pauseMs?: number | null } = {},
): AppError {
  const { retryable = PASSING.has(reason), status, pauseMs } = options;
  return new AppError('UNAVAILABLE', message, {
    retryable,
    details: {
      reason,
      ...(status !== undefined && { status }),
      ...(typeof pauseMs === 'number' && { retryAfterMs: pauseMs }),
    },
  });
}

export const overBudget = (message: string): AppError =>
  new AppError('BUDGET_EXCEEDED', message, { details: { reason: 'BUDGET' } });

/** Null for anything that is no failure of a model. */
export function reasonOf(error: unknown): ModelFailureReason | null {
  const reason = isAppError(error) ? error.details.reason : undefined;
  return MODEL_FAILURES.find((known) => known === reason) ?? null;
}
