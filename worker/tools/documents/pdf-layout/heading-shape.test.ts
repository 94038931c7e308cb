import { describe, expect, it } from 'vitest';
import { isHeadingText, isKnownHeading, isNumbered, numberDepth } from './heading-shape.js';

describe('the words of a heading', () => {
  it.each([
    'Introduction',
    '2. Materials and Methods',
    'IV. RESULTS AND DISCUSSION',
    'A B S T R A C T',
    'Authors’ contributions',
  ])('knows %j in any paper', (text) => expect(isKnownHeading(text)).toBe(true));

  it.each([
    '3.1 Rates of recruitment',
    'The wave picture',
    'B. Route Maintenance',
    '2) Mobile networks',
    'Why does it work?',
  ])('allows %j', (text) => expect(isHeadingText(text)).toBe(true));

  it.each([
    'Lemma 2.18. Let L be a set',
    'Proof. Let',
    'https://doi.org/10.1000/182',
    'Keywords: tests, pools',
    '1. the organisation of the work',
    'We recruited ten of them,',
    '1 Introduction . . . . . . . . 3',
    'C(x) = A + B · 2^n',
    'of the many',
  ])('refuses %j', (text) => expect(isHeadingText(text)).toBe(false));

  it('reads a level off the number, and no number off an article', () => {
    expect(numberDepth('2 Methods', false)).toBe(1);
    expect(numberDepth('2.1.3 Rats', false)).toBe(3);
    expect(numberDepth('B. Proofs', false)).toBe(1);
    expect(numberDepth('Methods', false)).toBeUndefined();
    expect(isNumbered('A novel mode')).toBe(false);
    expect(isNumbered('I. A. W. Filot')).toBe(false);
  });

  it('takes letters for parts where sections have Roman numbers', () => {
    expect(numberDepth('II. METHODS', true)).toBe(1);
    expect(numberDepth('B. Rats', true)).toBe(2);
    expect(numberDepth('II.B. Rats', true)).toBe(2);
    expect(numberDepth('1) Young rats', true)).toBe(3);
  });
});
