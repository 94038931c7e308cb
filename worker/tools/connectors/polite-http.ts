/**
 * How connectors ask: through the service's lane, from the cache where that will do, and again after a failure that may
 * pass. Between tries the whole lane pauses, for as long as the service asked or else for a time that doubles, with jitter;
 * the tries are few, because a stage that fails with a retryable error comes back by itself.
 */
import { type AppError, isAppError } from '../../../src/platform/errors.js';
import type { Clock } from './clock.js';
import { Lane, MAX_PAUSE_MS } from './lane.js';
import { readRateAdvice } from './rate-limit-headers.js';
import type { CachedAnswer, ResponseCache } from './response-cache.js';
import type { FetchRequest, SafeFetch } from './safe-fetch.js';

export interface PoliteRequest extends FetchRequest {
  lane: Lane;
  /** How old an answer from the cache may be; without it the cache is left alone. */
  cacheMs?: number;
  /** Told how asking the service ended; not called for an answer from the cache, nor for a call that was broken off. */
  onOutcome?: (failure: AppError | null) => void;
}

export interface PoliteHttp {
  /**
   * `read` makes sense of the answer; what it throws counts as a failure of the service, retryable or not. Fails as
   * safe-fetch.ts tells, with `details.retryAfterMs` when the service is to be left alone for a while.
   */
  get<T>(request: PoliteRequest, read: (answer: CachedAnswer) => T, signal: AbortSignal): Promise<T>;
}

export interface PoliteHttpOptions {
  fetch: SafeFetch;
  cache: ResponseCache;
  clock: Clock;
  /** 0 … 1, evenly; Math.random outside of tests. */
  random: () => number;
}

const MAX_TRIES = 3;
const FIRST_BACKOFF_MS = 1_000; // 1 second, doubled at each try
const MAX_BACKOFF_MS = 30_000; // 30 seconds

export function createPoliteHttp({ fetch, cache, clock, random }: PoliteHttpOptions): PoliteHttp {
  /** Half of it is certain, half is chance: workers that failed together do not come back together. */
  const backoffMs = (tries: number) =>
    Math.min(MAX_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** (tries - 1)) * (0.5 + random() / 2);

  const ask = async <T>(request: PoliteRequest, read: (answer: CachedAnswer) => T, signal: AbortSignal): Promise<T> => {
    const { lane, cacheMs, onOutcome, ...plain } = request;
    const { headers, ...answer } = await fetch(plain, signal);
    lane.heed(readRateAdvice(headers, { refused: false, now: clock.now() }));
    const value = read(answer);
    if (cacheMs !== undefined) await cache.put(keyOf(request), answer);
    return value;
  };

  return {
    async get(request, read, signal) {
      const kept = request.cacheMs === undefined ? null : await cache.get(keyOf(request), request.cacheMs);
      if (kept) {
        const value = readOrNull(kept, read);
        if (value) return value.read;
      }
      for (let tries = 1; ; tries++) {
        try {
          const value = await request.lane.run(() => ask(request, read, signal), signal);
          request.onOutcome?.(null);
          return value;
        } catch (error) {
          if (signal.aborted || !isAppError(error)) throw error;
          if (!error.retryable) throw tellFailure(request, error);
          const pauseMs = Math.max(retryAfterMs(error), backoffMs(tries));
          request.lane.pause(pauseMs);
          if (tries === MAX_TRIES || pauseMs > MAX_PAUSE_MS) throw tellFailure(request, error);
        }
      }
    },
  };
}

/** The same service for all requests through it. */
export const watchedHttp = (http: PoliteHttp, onOutcome: (failure: AppError | null) => void): PoliteHttp => ({
  get: (request, read, signal) => http.get({ ...request, onOutcome }, read, signal),
});

function tellFailure({ onOutcome }: PoliteRequest, error: AppError): AppError {
  onOutcome?.(error);
  return error;
}

/** What an earlier version of the code could read and this one cannot is asked for again. */
function readOrNull<T>(kept: CachedAnswer, read: (answer: CachedAnswer) => T): { read: T } | null {
  try {
    return { read: read(kept) };
  } catch {
    return null;
  }
}

const retryAfterMs = ({ details }: AppError): number =>
  typeof details.retryAfterMs === 'number' ? details.retryAfterMs : 0;

const keyOf = ({ url, types, headers }: FetchRequest): string => JSON.stringify([url, types, headers ?? {}]);
