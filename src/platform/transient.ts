/**
 * Which failures pass by themselves: the server restarts, a lock is held, the disk is full for a while, a socket breaks.
 * Classes by SQLSTATE (https://www.postgresql.org/docs/17/errcodes-appendix.html) and by Node's system error names.
 */
import { causesOf } from './causes.js';
import { isAppError } from './errors.js';

const SQLSTATES = new Set([
  '08000', // connection exception
  '08001',
  '08003',
  '08006',
  '25P03', // idle_in_transaction_session_timeout
  '25P04', // transaction_timeout
  '40001', // serialization failure
  '40P01', // deadlock detected
  '53000', // insufficient resources
  '53100', // disk full
  '53200', // out of memory
  '53300', // too many connections
  '55P03', // lock not available (lock_timeout)
  '57P01', // admin shutdown
  '57P02', // crash shutdown
  '57P03', // cannot connect now
  '57P05', // idle session timeout
  '58030', // I/O error
]);
const SYSTEM_ERRORS = new Set(['ECONNREFUSED', 'ECONNRESET', 'ETIMEDOUT', 'EPIPE', 'EAI_AGAIN', 'ENOSPC', 'EMFILE']);
const DRIVER_MESSAGES =
  /connection terminated|timeout exceeded when trying to connect|client has encountered a connection error|not queryable|connection error/i;

export function isTransient(error: unknown): boolean {
  for (const at of causesOf(error)) {
    if (isAppError(at)) return at.retryable;
    const { code } = at as { code?: unknown };
    if (typeof code === 'string' && (SQLSTATES.has(code) || SYSTEM_ERRORS.has(code))) return true;
    if (DRIVER_MESSAGES.test(at.message)) return true;
  }
  return false;
}
