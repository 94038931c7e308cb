/**
 * What the clients of model endpoints have in common: which answers are failures, and how long to wait before asking again.
 * What may pass is tried again after a pause that doubles, with jitter, or after the Retry-After.
 */
import { type AppError, isAppError } from '../../../src/platform/errors.js';
import { readRateAdvice } from '../connectors/rate-limit-headers.js';
import { modelFailure } from './model-failures.js';

const MAX_TRIES = 3;
const FIRST_PAUSE_MS = 1_000; // 1 second, doubled at each try
const MAX_PAUSE_MS = 30_000; // 30 seconds: who asks for more is taken for unavailable

/** After the `attempt`-th try, from 1. Null: not worth another. `random`: 0 to 1, for jitter. */
export function pauseAfter(error: unknown, attempt: number, random: () => number): number | null {
  if (!isAppError(error) || !error.retryable || attempt >= MAX_TRIES) return null;
  const asked = error.details.retryAfterMs;
  if (typeof asked === 'number') return asked > MAX_PAUSE_MS ? null : asked;
  return FIRST_PAUSE_MS * 2 ** (attempt - 1) * (0.5 + random());
}

/** The failure that an answer which is not 2xx stands for. */
export function refusal({ status, headers }: Response, now: number): AppError {
  const { pauseMs } = readRateAdvice(Object.fromEntries(headers), { refused: true, now });
  if (status === 429)
    return modelFailure('RATE_LIMITED', 'The model’s endpoint takes no more calls for now (429).', { status, pauseMs });
  if (status === 408 || status >= 500)
    return modelFailure('SERVER_FAILED', `The model’s endpoint failed (${status}).`, { status, pauseMs });
  return modelFailure('REFUSED', `The model’s endpoint refused the call (${status}).`, { status });
}

/** What a server says to a request it could not read. */
export const hasStatus = (error: unknown, statuses: readonly number[]): boolean =>
  isAppError(error) && statuses.includes(Number(error.details.status));
