/** What can go wrong between us and a GROBID server, in the words a person reads, each with what to do. */
import { AppError } from '../../../../src/platform/errors.js';
import type { XmlError } from './xml-tree.js';

const OTHER_ENGINE = 'Read the file with the builtin engine instead.';
const CHECK_URL = 'Check GROBID_URL: it names the root of a GROBID service, for example http://localhost:8070.';

const unavailable = (message: string, hint: string, cause: unknown, details = {}) =>
  new AppError('UNAVAILABLE', message, { retryable: true, hint, cause, details });

const misconfigured = (message: string, cause: unknown) =>
  new AppError('UNAVAILABLE', message, { retryable: false, hint: CHECK_URL, cause });

const unreadable = (message: string, hint: string, cause?: unknown) =>
  new AppError('UNREADABLE_DOCUMENT', message, { hint, cause });

export const serverAway = (cause: unknown) =>
  unavailable(
    'The GROBID server does not answer, or its answer broke off.',
    `Start it (docker compose --profile grobid up), or check GROBID_URL. ${OTHER_ENGINE}`,
    cause,
  );

export const tooSlow = (timeoutMs: number, cause: unknown) =>
  unavailable(
    `The GROBID server took longer than ${timeoutMs / 1_000} seconds.`,
    `Try again when it has less to do, or give it more processors. ${OTHER_ENGINE}`,
    cause,
  );

export const busy = (retryAfterMs: number, cause: unknown) =>
  unavailable(
    'The GROBID server is busy: all of its engines are in use.',
    'Try again in a moment; its own setting "concurrency" says how many papers it reads at once.',
    cause,
    { retryAfterMs },
  );

export const serverFailed = (cause: unknown) =>
  unavailable('The GROBID server failed.', `Its log says why. Try again, or: ${OTHER_ENGINE}`, cause);

export const notGrobid = (cause?: unknown) =>
  misconfigured('The server at GROBID_URL answers, but not as GROBID does.', cause);

export const noContent = () =>
  unreadable(
    'GROBID found no content in the PDF that it could structure.',
    `Its pages may be images: run text recognition (OCR) on it first. ${OTHER_ENGINE}`,
  );

export const tooLargeAnswer = (limit: number) =>
  unreadable(
    `GROBID's answer is larger than ${Math.floor(limit / (1024 * 1024))} MiB.`,
    `Split the document and upload the parts you need. ${OTHER_ENGINE}`,
  );

/** An answer of status 200 whose XML cannot be used. */
export function unusableXml(error: XmlError): AppError {
  switch (error.kind) {
    case 'TRUNCATED':
      return serverAway(error);
    case 'DOCTYPE':
      return notGrobid(error);
    case 'MALFORMED':
    case 'TOO_LARGE':
      return unreadable("GROBID's answer for this file is no usable XML.", OTHER_ENGINE, error);
  }
}

export const refusedRequest = (cause: Error) =>
  unreadable('GROBID refused the request for this file.', OTHER_ENGINE, cause);

/** `name` is GROBID's own for the error, undefined when it gave none. Those not listed are the server's fault. */
export function refusedFile(name: string | undefined, cause: Error): AppError {
  switch (name) {
    case 'NO_BLOCKS':
      return unreadable(
        'GROBID found no text in the PDF.',
        'Its pages are probably images: run text recognition (OCR) on it first.',
        cause,
      );
    case 'TOO_MANY_BLOCKS':
    case 'TOO_MANY_TOKENS':
      return unreadable('The document is too long for GROBID.', `Split it. Or: ${OTHER_ENGINE}`, cause);
    case 'TIMEOUT':
      return unreadable('GROBID gave up on the PDF: it took too long.', OTHER_ENGINE, cause);
    case 'BAD_INPUT_DATA':
    case 'PARSING_ERROR':
    case 'PDFALTO_CONVERSION_FAILURE':
      return unreadable(
        'GROBID cannot read the PDF.',
        `Save a fresh copy from a PDF viewer and try that. Or: ${OTHER_ENGINE}`,
        cause,
      );
    default:
      return serverFailed(cause);
  }
}
