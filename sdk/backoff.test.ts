import { describe, expect, it } from 'vitest';
import { backoffMs } from './backoff.js';

describe('backoffMs', () => {
  it('doubles up to eight seconds', () => {
    const longest = () => 1;
    expect([1, 2, 3, 4, 5, 40].map((failures) => backoffMs(failures, 0, longest))).toEqual([
      1_000, 2_000, 4_000, 8_000, 8_000, 8_000,
    ]);
  });

  it('leaves nearly all of the wait to chance', () => {
    expect(backoffMs(2, 0, () => 0)).toBe(100);
    expect(backoffMs(2, 0, () => 0.5)).toBe(1_050);
  });

  it('never comes back before the server asked for it', () => {
    expect(backoffMs(1, 5_000)).toBe(5_000);
  });
});
