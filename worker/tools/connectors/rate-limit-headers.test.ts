import { describe, expect, it } from 'vitest';
import { readRateAdvice } from './rate-limit-headers.js';

const NOW = Date.UTC(2026, 4, 1, 12, 0, 0);
const inAnHour = new Date(NOW + 3_600_000).toUTCString();

describe('after a refusal', () => {
  it.each([
    ['seconds', { 'retry-after': '120' }, 120_000],
    ['no wait', { 'retry-after': '0' }, 0],
    ['a date', { 'retry-after': inAnHour }, 3_600_000],
    ['a date of a server whose clock is an hour fast', { 'retry-after': inAnHour, date: inAnHour }, 0],
    ['a date that has passed', { 'retry-after': new Date(NOW - 5_000).toUTCString() }, 0],
    ['a reset in seconds', { 'x-ratelimit-reset': '30' }, 30_000],
    ['a reset since 1970', { 'x-rate-limit-reset': String(NOW / 1000 + 45) }, 45_000],
    ['both: Retry-After counts', { 'retry-after': '2', 'ratelimit-reset': '30' }, 2_000],
    ['nothing', {}, null],
    ['nonsense', { 'retry-after': 'soon', 'x-ratelimit-reset': '-4' }, null],
  ])('reads %s', (_, headers, pauseMs) => {
    expect(readRateAdvice(headers, { refused: true, now: NOW }).pauseMs).toBe(pauseMs);
  });
});

describe('after an answer', () => {
  it('pauses when no call remains, and only then', () => {
    const at = (remaining: string) =>
      readRateAdvice({ 'x-ratelimit-remaining': remaining, 'x-ratelimit-reset': '9' }, { refused: false, now: NOW });
    expect(at('0').pauseMs).toBe(9_000);
    expect(at('1').pauseMs).toBeNull();
  });

  it.each([
    [{ 'x-rate-limit-limit': '50', 'x-rate-limit-interval': '1s' }, 20],
    [{ 'x-rate-limit-limit': '10', 'x-rate-limit-interval': '1m' }, 6_000],
    [{ 'x-rate-limit-limit': '0', 'x-rate-limit-interval': '1s' }, null],
    [{ 'x-rate-limit-limit': '100000' }, null],
    [{}, null],
  ])('keeps the distance that %j advertises', (headers, spacingMs) => {
    expect(readRateAdvice(headers, { refused: false, now: NOW }).spacingMs).toBe(spacingMs);
  });
});
