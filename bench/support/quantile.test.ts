import { describe, expect, it } from 'vitest';
import { median, quantile } from './quantile.js';

describe('quantile', () => {
  it('is one of the values, whatever their order', () => {
    expect(quantile([30, 10, 20, 40], 0)).toBe(10);
    expect(quantile([30, 10, 20, 40], 0.25)).toBe(20);
    expect(quantile([30, 10, 20, 40], 1)).toBe(40);
  });

  it('of a hundred values leaves q of them below', () => {
    const values = Array.from({ length: 100 }, (_, i) => i);
    expect(quantile(values, 0.95)).toBe(95);
    expect(quantile(values, 0.99)).toBe(99);
  });

  it('sorts numbers as numbers and leaves its argument alone', () => {
    const values = [100, 9, 80];
    expect(median(values)).toBe(80);
    expect(values).toEqual([100, 9, 80]);
  });

  it('of nothing is not a number', () => {
    expect(median([])).toBeNaN();
  });
});
