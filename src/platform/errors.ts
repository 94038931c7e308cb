/**
 * The one error type of the product. `code` comes from a closed list; the GraphQL `extensions.code`, the log level and
 * a run's failure are each derived from it in one place. Messages say what happened and what to do; they are shown to
 * users, so they never carry SQL, paths, secrets or another tenant's data. `cause` is logged, never sent.
 */
export const ERROR_CODES = [
  'BAD_INPUT',
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'NOT_FOUND',
  'CONFLICT',
  'IDEMPOTENCY_CONFLICT',
  'INVALID_STATE',
  'QUEUE_FULL',
  'QUOTA_EXCEEDED',
  'RATE_LIMITED',
  'QUERY_TOO_COMPLEX',
  'UNKNOWN_DOCUMENT',
  'UNSUPPORTED_MEDIA_TYPE',
  'UNREADABLE_DOCUMENT',
  'EMPTY_LIBRARY',
  'INSUFFICIENT_EVIDENCE',
  'GATE_FAILED',
  'HASH_MISMATCH',
  'NOT_RECORDED',
  'URL_REFUSED',
  'BUDGET_EXCEEDED',
  'STAGE_TIMEOUT',
  'WORKER_LOST',
  'STALE_FENCE',
  'CANCELED',
  'UNAVAILABLE',
  'INTERNAL',
] as const;

export type ErrorCode = (typeof ERROR_CODES)[number];

export interface AppErrorOptions {
  /** True when the same call may succeed later without a change by the caller. */
  retryable?: boolean;
  cause?: unknown;
  /** Public, JSON-safe facts: limits, field names, a retry hint in milliseconds. */
  details?: Record<string, unknown>;
  /** What the person can do about it, one sentence. */
  hint?: string;
}

export class AppError extends Error {
  readonly code: ErrorCode;
  readonly retryable: boolean;
  readonly details: Record<string, unknown>;
  readonly hint: string | undefined;

  constructor(code: ErrorCode, message: string, options: AppErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'AppError';
    this.code = code;
    this.retryable = options.retryable ?? false;
    this.details = options.details ?? {};
    this.hint = options.hint;
  }
}

export const badInput = (message: string, details?: Record<string, unknown>) =>
  new AppError('BAD_INPUT', message, details ? { details } : {});

/** The same answer for an unknown id, an id of another type and a row of another tenant: nothing can be probed. */
export const notFound = (what: string) => new AppError('NOT_FOUND', `${what} was not found, or you may not see it.`);

export const isAppError = (error: unknown): error is AppError => error instanceof AppError;
