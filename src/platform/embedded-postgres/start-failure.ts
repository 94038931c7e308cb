/**
 * Turns what Postgres or the operating system said into one sentence with a way out. Postgres reports the cause only in
 * its log, so the last lines of it are quoted.
 */
import { AppError } from '../errors.js';

const QUOTED_LINES = 5;

/** The error for a program that ended; `log` is its output or the tail of its log file. */
export function whyItFailed(what: string, log: string, place: string): AppError {
  const lines = log.trim().split('\n').filter(Boolean).slice(-QUOTED_LINES).join('\n  ');
  const details = lines === '' ? ' It said nothing.' : ` It said:\n  ${lines}`;
  if (/No space left on device|could not resize shared memory/i.test(log)) return diskFull(place);
  if (/could not look up effective user ID/.test(log)) {
    return new AppError(
      'UNAVAILABLE',
      `${what}: user id ${process.getuid?.() ?? ''} has no entry in /etc/passwd, and Postgres insists on one. Add the user, or set DATABASE_URL.`,
    );
  }
  return new AppError('UNAVAILABLE', `${what} in ${place}.${details}`);
}

/** Translates file errors met while preparing the folder; anything else passes unchanged. */
export function explainFileError(error: unknown, place: string): unknown {
  if (!(error instanceof Error) || !('code' in error)) return error;
  switch (error.code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return diskFull(place, error);
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return new AppError(
        'UNAVAILABLE',
        `${place} cannot be written to by this user (${error.code}). Change its owner, or set DATA_DIR to another folder.`,
        { cause: error },
      );
    case 'ENOTDIR':
    case 'EEXIST':
      return new AppError('UNAVAILABLE', `${place} is a file, not a folder. Set DATA_DIR to a folder.`, {
        cause: error,
      });
    default:
      return error;
  }
}

const diskFull = (place: string, cause?: unknown) =>
  new AppError(
    'UNAVAILABLE',
    `The disk that holds ${place} is full. Free some space and start again; nothing that was stored is lost.`,
    { retryable: true, cause },
  );
