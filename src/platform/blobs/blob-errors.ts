/**
 * How a fault of the disk or of the S3 server reads to the rest of the product: one place, one exhaustive decision each.
 * Messages name the condition and what to do, never a path or an address.
 */
import { AppError, isAppError, notFound } from '../errors.js';

export const blobNotFound = () => notFound('The stored object');

export const hashMismatch = () =>
  new AppError('HASH_MISMATCH', 'The stored object no longer has the content its name promises; it was not used.', {
    hint: 'Restore the blob store from a backup, or run the step again so that the object is written anew.',
  });

export const tooLarge = (maxBytes: number) =>
  new AppError('QUOTA_EXCEEDED', `The content is larger than the ${maxBytes} bytes allowed here.`, {
    details: { limitBytes: maxBytes },
  });

/** What a rejected call means: our own errors and an abort pass through, anything else is translated. */
export function passThrough(error: unknown, signal: AbortSignal | undefined, translate: (error: unknown) => AppError) {
  if (signal?.aborted) return signal.reason as unknown;
  return isAppError(error) ? error : translate(error);
}

/** A file system error of the disk driver. ENOENT is the caller's to judge: it may mean "no such object". */
export function fromDiskError(error: unknown): AppError {
  const code = errorCode(error);
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new AppError('UNAVAILABLE', 'The disk of the blob store is full, so the file was not stored.', {
      retryable: true,
      cause: error,
      hint: 'Free some space on the disk that holds DATA_DIR, then try again.',
    });
  }
  return new AppError(
    'UNAVAILABLE',
    `The blob store's disk cannot be used at the moment (${code ?? 'unknown fault'}).`,
    {
      retryable: true,
      cause: error,
      hint: 'Check that the folder of the blob store exists and that the server may write to it.',
    },
  );
}

/** S3 codes that say the configuration is wrong: trying again changes nothing. */
const S3_REFUSALS = new Set([
  'AccessDenied',
  'InvalidAccessKeyId',
  'SignatureDoesNotMatch',
  'InvalidBucketName',
  'BucketAlreadyExists', // it belongs to somebody else
]);
const S3_MISSING = new Set(['NoSuchKey', 'NotFound']);

/** An error of the S3 client: an answer of the server (it has a code), or no answer at all. */
export function fromS3Error(error: unknown): AppError {
  const code = errorCode(error);
  if (code && S3_MISSING.has(code)) return blobNotFound();
  if (code && S3_REFUSALS.has(code)) {
    return new AppError('UNAVAILABLE', `The object store refused the request (${code}).`, {
      cause: error,
      hint: 'Check the access key, the secret key and the bucket of the object store.',
    });
  }
  return new AppError('UNAVAILABLE', `The object store cannot be reached at the moment (${code ?? 'no answer'}).`, {
    retryable: true,
    cause: error,
    hint: 'Check that the object store is running; the same request will work once it is back.',
  });
}

/** The `code` of a Node or S3 error, if it has one. */
export function errorCode(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}
