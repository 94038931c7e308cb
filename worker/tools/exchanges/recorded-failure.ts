/** Failures of tools on their way into a record and out of it again. */
import { AppError } from '../../../src/platform/errors.js';
import type { RecordedFailure } from '../../../src/runs/run-exchange.js';

export const toRecord = ({ code, message, retryable, details, hint }: AppError): RecordedFailure => ({
  code,
  message,
  retryable,
  details,
  hint: hint ?? null,
});

/** As the tool met it, `retryable` included: what a stage makes of a failure depends on it. */
export const fromRecord = ({ code, message, retryable, details, hint }: RecordedFailure): AppError =>
  new AppError(code, message, { retryable, details, ...(hint !== null && { hint }) });
