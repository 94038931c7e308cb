import { describe, expect, it } from 'vitest';
import { backoffMs } from './backoff.js';

describe('backoffMs', () => {
  it('doubles up to eight seconds', () => {
    const longest = () => 1;
    expect([1, 2, 3, 6, 7, 40].map((failures) => backoffMs(failures, 0, longest))).toEqual([
      200, 400, 800, 6_400, 8_000, 8_000,
    ]);
  });

  it('leaves half of the wait to chance', () => {
    expect(backoffMs(2, 0, () => 0)).toBe(200);
    expect(backoffMs(2, 0, () => 0.5)).toBe(300);
  });

  it('never comes back before the server asked for it', () => {
    expect(backoffMs(1, 5_000)).toBe(5_000);
  });
});
