/**
 * What a server's headers say about when to ask again. Retry-After is in seconds or a date (RFC 9110, 10.2.3); the
 * x-rate-limit family has no standard: `limit` per `interval` (Crossref), `remaining` until `reset` (OpenAlex and others),
 * where reset is in seconds from now or since 1970. Dates are read against the server's own, so its clock may be wrong.
 */
import type { IncomingHttpHeaders } from 'node:http';

export interface RateAdvice {
  /** Wait this long before the next request; null when nothing is said. */
  pauseMs: number | null;
  /** From the start of one request to the next, as the advertised rate has it; null when none is advertised. */
  spacingMs: number | null;
}

const PREFIXES = ['x-rate-limit-', 'x-ratelimit-', 'ratelimit-'];
const SINCE_1970 = 1_000_000_000; // seconds; a greater reset is a date: nobody asks to wait for 31 years
const UNITS = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 }; // milliseconds

/** `refused`: the answer was a 429 or 5xx, where a limit's reset counts even if calls seem to remain. */
export function readRateAdvice(headers: IncomingHttpHeaders, options: { refused: boolean; now: number }): RateAdvice {
  const serverNow = dateOf(headers.date) ?? options.now;
  const retryAfter = retryAfterMs(headers['retry-after'], serverNow);
  const remaining = numberOf(rateHeader(headers, 'remaining'));
  const reset = remaining === 0 || options.refused ? resetMs(rateHeader(headers, 'reset'), serverNow) : null;
  return { pauseMs: retryAfter ?? reset, spacingMs: spacingMs(headers) };
}

function retryAfterMs(header: string | undefined, serverNow: number): number | null {
  const seconds = numberOf(header);
  if (seconds !== null) return seconds * 1_000;
  const date = dateOf(header);
  return date === null ? null : Math.max(0, date - serverNow);
}

function resetMs(header: string | undefined, serverNow: number): number | null {
  const seconds = numberOf(header);
  if (seconds === null) return null;
  return seconds < SINCE_1970 ? seconds * 1_000 : Math.max(0, seconds * 1_000 - serverNow);
}

function spacingMs(headers: IncomingHttpHeaders): number | null {
  const limit = numberOf(rateHeader(headers, 'limit'));
  const interval = /^(\d+)\s*([smhd])$/i.exec(rateHeader(headers, 'interval')?.trim() ?? '');
  const unit = UNITS[interval?.[2]?.toLowerCase() as keyof typeof UNITS];
  return limit && interval && unit ? (Number(interval[1]) * unit) / limit : null;
}

function rateHeader(headers: IncomingHttpHeaders, name: string): string | undefined {
  const value = PREFIXES.map((prefix) => headers[prefix + name]).find((each) => each !== undefined);
  return Array.isArray(value) ? value[0] : value;
}

const numberOf = (header: string | undefined): number | null =>
  header !== undefined && /^\s*\d+(?:\.\d+)?\s*$/.test(header) ? Number(header) : null;

function dateOf(header: string | undefined): number | null {
  const date = header === undefined ? Number.NaN : Date.parse(header);
  return Number.isNaN(date) ? null : date;
}
