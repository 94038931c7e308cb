/**
 * The one error that the client throws. `code` is one of the API's closed list, as the server sent it, or one of four
 * that arise on this side of the wire: UNREACHABLE (no answer), BAD_ANSWER (an answer that is not the API's), HASH_MISMATCH
 * (bytes that are not those that were promised), MFA_REQUIRED (`signedIn` was given the question for a second factor).
 */
import { ClientError } from 'graphql-request';

export interface PaperwrightErrorOptions {
  /** True when the same call may succeed later, unchanged. */
  retryable?: boolean;
  /** What the person can do about it. */
  hint?: string | undefined;
  /** JSON facts: limits, field names, `retryAfterMs`. */
  details?: Record<string, unknown>;
  cause?: unknown;
}

export class PaperwrightError extends Error {
  readonly code: string;
  readonly retryable: boolean;
  readonly hint: string | undefined;
  readonly details: Record<string, unknown>;

  constructor(code: string, message: string, options: PaperwrightErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'PaperwrightError';
    this.code = code;
    this.retryable = options.retryable ?? false;
    this.hint = options.hint;
    this.details = options.details ?? {};
  }
}

/** An error as GraphQL puts it on the wire. */
export interface WireError {
  message: string;
  extensions?: Record<string, unknown> | undefined;
}

/** The first of a result's errors; the API reports what was wrong with a call in that one. */
export function fromWire([first]: readonly WireError[], cause?: unknown): PaperwrightError {
  const { code, retryable, hint, details } = first?.extensions ?? {};
  return new PaperwrightError(
    typeof code === 'string' ? code : 'BAD_ANSWER',
    first?.message ?? 'The server refused without saying why.',
    {
      retryable: retryable === true,
      hint: typeof hint === 'string' ? hint : undefined,
      details: isRecord(details) ? details : {},
      cause,
    },
  );
}

/** Whatever a call over HTTP threw, as the client's own error. */
export function fromCall(error: unknown, url: string): PaperwrightError {
  if (error instanceof PaperwrightError) return error;
  if (error instanceof ClientError) {
    const { errors, status } = error.response;
    if (errors && errors.length > 0) return fromWire(errors, error);
    return new PaperwrightError(
      'BAD_ANSWER',
      `${url} answered HTTP ${status}, which is not an answer of Paperwright.`,
      {
        hint: 'Check the address.',
        cause: error,
      },
    );
  }
  // A request that got no answer is a TypeError of fetch; what else goes wrong, goes wrong in reading the answer.
  if (error instanceof TypeError) return unreachable(url, error);
  return new PaperwrightError('BAD_ANSWER', `${url} does not answer as Paperwright does.`, {
    hint: 'Check the address.',
    cause: error,
  });
}

export const unreachable = (url: string, cause: unknown): PaperwrightError =>
  new PaperwrightError('UNREACHABLE', `${url} does not answer: ${rootMessage(cause)}.`, {
    retryable: true,
    hint: 'Is the server running, and is the address right?',
    cause,
  });

/** `fetch failed` hides why in its cause; a WebSocket's error event is not an Error, a close event has a reason. */
function rootMessage(error: unknown): string {
  if (!isRecord(error)) return String(error);
  const cause = error.cause;
  if (isRecord(cause)) return rootMessage(cause);
  for (const text of [error.message, error.reason, error.code]) {
    if (typeof text === 'string' && text !== '') return text.replace(/\.$/, '');
  }
  return 'the connection was closed';
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
