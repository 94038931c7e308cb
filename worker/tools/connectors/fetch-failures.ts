/**
 * How fetching over HTTP fails, each way with its code. Messages name the host only: a path or a query can hold a key.
 * `details.retryAfterMs` is there when the server said when to come back, `details.status` when it answered at all.
 *
 *   BAD_INPUT               the address may not be fetched, by its scheme or by where it leads
 *   NOT_FOUND               404, 410
 *   QUOTA_EXCEEDED          more bytes than are taken
 *   UNSUPPORTED_MEDIA_TYPE  a file of another type than was asked for
 *   UNAVAILABLE             everything else; `retryable` for the network, time-outs, 408, 425, 429 and 5xx
 */
import { AppError } from '../../../src/platform/errors.js';

export const forbiddenScheme = () =>
  new AppError('BAD_INPUT', 'Only http:// and https:// addresses without a password are fetched.', {
    hint: 'Give the address that a browser shows, or download the file and upload it.',
  });

export const forbiddenAddress = (host: string) =>
  new AppError('BAD_INPUT', `${host} does not lead to the public internet, so it is not fetched.`, {
    hint: 'Give a public address, or download the file and upload it.',
    details: { host },
  });

export const tooManyRedirects = (host: string, limit: number) =>
  new AppError('UNAVAILABLE', `${host} redirects more than ${limit} times.`, {
    hint: 'Open the address in a browser and give the one where it ends.',
    details: { host },
  });

export const tooManyBytes = (host: string, maxBytes: number) =>
  new AppError('QUOTA_EXCEEDED', `${host} sends more than ${inMegabytes(maxBytes)}, the most that is taken.`, {
    hint: 'Find a smaller copy, or upload the parts you need.',
    details: { host, maxBytes },
  });

export const wrongType = (host: string, mediaType: string, accepted: readonly string[]) =>
  new AppError(
    'UNSUPPORTED_MEDIA_TYPE',
    `${host} answered with ${mediaType || 'an unnamed type'} where ${accepted[0]} was due.`,
    {
      hint: 'Open the address in a browser: it may ask to sign in, or lead to a page instead of the file.',
      details: { host, mediaType },
    },
  );

export const tooSlow = (host: string, timeoutMs: number) =>
  unavailable(host, `${host} took longer than ${timeoutMs / 1000} seconds.`, { retryable: true });

/** Cut short, or not what the protocol or the format prescribes: another try may get it whole. */
export const brokenAnswer = (host: string, what: string, cause?: unknown) =>
  unavailable(host, `${host} sent ${what}.`, { retryable: true, cause });

export const strangeAnswer = (host: string, mediaType: string) =>
  brokenAnswer(host, `${mediaType || 'an unnamed type'}, which is none of its answers: it may be under maintenance`);

/** Codes of OpenSSL and Node for a certificate that does not hold: that does not pass by itself. */
const CERTIFICATE_ERROR = /CERT|SELF_SIGNED|UNABLE_TO_(?:GET|VERIFY)|ERR_TLS/;

export function unreachable(host: string, cause: unknown): AppError {
  const { code } = cause as { code?: unknown };
  const name = typeof code === 'string' ? code : '';
  if (CERTIFICATE_ERROR.test(name))
    return unavailable(host, `${host} could not prove who it is (${name}).`, { retryable: false, cause });
  const why = name ? ` (${name})` : '';
  return unavailable(host, `${host} could not be reached, or broke off${why}.`, { retryable: true, cause });
}

export function badStatus(host: string, status: number, retryAfterMs: number | null): AppError {
  if (status === 404 || status === 410)
    return new AppError('NOT_FOUND', `${host} does not have what was asked for.`, { details: { host, status } });
  const retryable = status === 408 || status === 425 || status === 429 || status >= 500;
  const said = status === 429 ? 'asks for fewer requests' : `answered with status ${status}`;
  return unavailable(host, `${host} ${said}.`, {
    retryable,
    details: { status, ...(retryAfterMs === null ? {} : { retryAfterMs }) },
  });
}

export const notNow = (host: string, retryAfterMs: number) =>
  unavailable(host, `${host} asked for a pause of ${Math.ceil(retryAfterMs / 1000)} seconds.`, {
    retryable: true,
    details: { retryAfterMs },
  });

interface Unavailable {
  retryable: boolean;
  cause?: unknown;
  details?: Record<string, unknown>;
}

const unavailable = (host: string, message: string, { retryable, cause, details }: Unavailable) =>
  new AppError('UNAVAILABLE', message, {
    retryable,
    hint: retryable ? 'Try again later.' : 'Open the address in a browser to see what it asks for.',
    details: { host, ...details },
    ...(cause === undefined ? {} : { cause }),
  });

const inMegabytes = (bytes: number) => (bytes < 1_000_000 ? `${bytes} bytes` : `${Math.floor(bytes / 1_000_000)} MB`);
