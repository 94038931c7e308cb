import { describe, expect, it } from 'vitest';
import { isProse, isQuotable } from './prose.js';

describe('isProse', () => {
  it.each([
    'The mean reciprocal rank rose from 0.31 to 0.42 (p < 0.05).',
    'We use BM25 with k1 = 1.2 and b = 0.75 throughout.',
    'この方法は精度を上げる。',
  ])('accepts %s', (text) => expect(isProse(text)).toBe(true));

  it.each([
    '0.42 0.31 0.55 12.1 9.8',
    'x = a + b · c − d ≥ 0',
    'Model A B C 12 14 19 22 31 42 51',
    'T h e s e l e t t e r s a r e s p a c e d',
    'Table 3',
    '',
  ])('refuses %s', (text) => expect(isProse(text)).toBe(false));
});

describe('isQuotable', () => {
  it('wants a sentence with a beginning and an end', () => {
    expect(isQuotable('Pooling saves the work of judges.')).toBe(true);
    expect(isQuotable('Pooling saves the work of judges.[12]')).toBe(true);
    expect(isQuotable('and saves the work of judges.')).toBe(false);
    expect(isQuotable('Pooling saves the work of')).toBe(false);
  });
});
