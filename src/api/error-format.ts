/**
 * Every failure on its way out, over HTTP and WebSocket alike. Only an AppError's own message, hint and details leave the
 * process, with mistakes of the request itself (syntax, validation, variables). All else is masked as INTERNAL under an id
 * that stands in the log beside the cause: SQL, paths and stacks are never sent.
 */
import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { AppError, type ErrorCode, isAppError } from '../platform/errors.js';
import { newId } from '../platform/ids.js';
import type { Log } from '../platform/log.js';
import { namesWhatIsGone } from '../platform/names-what-is-gone.js';
import { isTransient } from '../platform/transient.js';

interface CodeFacts {
  /** For answers that are not GraphQL results: GraphQL results are 200 with errors inside. */
  httpStatus: number;
  /** `debug`: the caller's own business. `warn`: the operator may care. `error`: somebody must look. */
  logLevel: 'debug' | 'warn' | 'error';
}

export function factsOf(code: ErrorCode): CodeFacts {
  switch (code) {
    case 'BAD_INPUT':
    case 'QUERY_TOO_COMPLEX':
    case 'UNKNOWN_DOCUMENT':
    case 'URL_REFUSED':
    case 'UNREADABLE_DOCUMENT':
    case 'EMPTY_LIBRARY':
      return { httpStatus: 400, logLevel: 'debug' };
    case 'UNAUTHENTICATED':
      return { httpStatus: 401, logLevel: 'debug' };
    case 'FORBIDDEN':
      return { httpStatus: 403, logLevel: 'debug' };
    case 'NOT_FOUND':
      return { httpStatus: 404, logLevel: 'debug' };
    case 'CONFLICT':
    case 'IDEMPOTENCY_CONFLICT':
    case 'INVALID_STATE':
    case 'CANCELED':
    case 'STALE_FENCE':
      return { httpStatus: 409, logLevel: 'debug' };
    case 'QUOTA_EXCEEDED':
      return { httpStatus: 413, logLevel: 'debug' };
    case 'UNSUPPORTED_MEDIA_TYPE':
      return { httpStatus: 415, logLevel: 'debug' };
    case 'INSUFFICIENT_EVIDENCE':
    case 'GATE_FAILED':
    case 'BUDGET_EXCEEDED':
    case 'NOT_RECORDED':
      return { httpStatus: 422, logLevel: 'debug' };
    case 'RATE_LIMITED':
      return { httpStatus: 429, logLevel: 'warn' };
    case 'QUEUE_FULL':
    case 'UNAVAILABLE':
      return { httpStatus: 503, logLevel: 'warn' };
    case 'STAGE_TIMEOUT':
    case 'WORKER_LOST':
      return { httpStatus: 504, logLevel: 'warn' };
    case 'HASH_MISMATCH':
    case 'INTERNAL':
      return { httpStatus: 500, logLevel: 'error' };
    default:
      return code satisfies never;
  }
}

const MAX_MESSAGE_CHARACTERS = 500; // a message may quote the request, and a request may be a megabyte

/** What any thrown value means to the caller. */
export function toAppError(error: unknown): AppError {
  const cause = rootCause(error);
  if (isAppError(cause)) return cause;
  if (error instanceof GraphQLError && TOO_MANY_TOKENS.test(error.message)) return tooManyTokens(error);
  if (error instanceof GraphQLError && isMistakeOfRequest(error, cause)) {
    return new AppError('BAD_INPUT', shorten(error.message), { cause: error });
  }
  if (isTransient(cause)) {
    return new AppError('UNAVAILABLE', 'The database is busy or restarting. Try again in a moment.', {
      cause,
      retryable: true,
      details: { retryAfterMs: 1_000 },
      hint: 'Send the same request again after a second; if it stays, the server needs more room or a larger DATABASE_POOL_SIZE.',
    });
  }
  if (namesWhatIsGone(cause)) {
    return new AppError('NOT_FOUND', 'Something that this request names was deleted at the same moment.', {
      cause,
      hint: 'Read again what there is, then decide anew.',
    });
  }
  return new AppError('INTERNAL', 'Something went wrong on our side.', { cause });
}

/** The parser's own limit (src/api/graphql/limits.ts sets it) is an error of syntax; its message is all that tells it apart. */
const TOO_MANY_TOKENS = /Document contains more tha[tn] (\d+) tokens/;

function tooManyTokens(error: GraphQLError): AppError {
  const max = Number(TOO_MANY_TOKENS.exec(error.message)?.[1]);
  return new AppError('QUERY_TOO_COMPLEX', `Token limit of ${max} exceeded.`, {
    details: { maxTokens: max },
    hint: 'Send values as variables, and ask for less at once.',
  });
}

/** For Apollo's `formatError` and for graphql-ws; logs what it formats. `hideNames`: suggests none that was not asked for. */
export function formatGraphQLError(log: Log, error: unknown, hideNames = false): GraphQLFormattedError {
  const { locations, path } = error instanceof GraphQLError ? error : {};
  const { message, extensions } = formatError(log, error);
  return {
    message: hideNames ? message.replace(SUGGESTION, '') : message,
    extensions,
    ...(locations && { locations }),
    ...(path && { path }),
  };
}

const SUGGESTION = / Did you mean [\s\S]*$/; // graphql-js ends with it whatever it found similar

/** `{ message, extensions }`, also for routes beside GraphQL; logs what it formats. */
export function formatError(log: Log, error: unknown): { message: string; extensions: Record<string, unknown> } {
  const appError = toAppError(error);
  const { code, message, hint, retryable, details } = appError;
  const { logLevel } = factsOf(code);
  const extensions: Record<string, unknown> = { code, retryable };
  if (hint) extensions.hint = hint;
  if (Object.keys(details).length > 0) extensions.details = details;
  if (typeof details.retryAfterMs === 'number') extensions.retryAfterMs = details.retryAfterMs;
  if (logLevel === 'error') {
    const errorId = newId();
    extensions.errorId = errorId;
    extensions.hint ??= `Try again; if it stays, report the id ${errorId}.`;
    log.error({ errorId, code, err: appError.cause ?? appError }, 'request failed');
  } else {
    // graphql-js quotes the values it could not use, and a value may be a password
    const quotes = appError.cause instanceof GraphQLError;
    log[logLevel](quotes ? { code } : { code, err: appError.cause }, quotes ? 'refused before it ran' : message);
  }
  return { message, extensions };
}

/** What Apollo, and src/api/graphql/prepare-operation.ts after it, call a fault found before anything was executed. */
const REQUEST_FAULTS = new Set<unknown>([
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'OPERATION_RESOLUTION_FAILURE',
  'BAD_REQUEST',
  'BAD_USER_INPUT',
]);

/** An error of execution has a path, or wraps what a resolver threw; its text is not ours to show. */
const isMistakeOfRequest = (error: GraphQLError, cause: unknown): boolean =>
  error.path === undefined && (cause instanceof GraphQLError || REQUEST_FAULTS.has(error.extensions.code));

/** The error under GraphQL's wrappings. */
function rootCause(error: unknown): unknown {
  let at = error;
  while (at instanceof GraphQLError && at.originalError) at = at.originalError;
  return at;
}

const shorten = (text: string): string =>
  text.length <= MAX_MESSAGE_CHARACTERS ? text : `${text.slice(0, MAX_MESSAGE_CHARACTERS)}…`;
