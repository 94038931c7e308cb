import { describe, expect, it } from 'vitest';
import { termFrequencies, tokenize } from './tokenize.js';

describe('tokenize', () => {
  it('stems words so that a question meets the text in another inflection', () => {
    expect(tokenize('Retrieved documents')).toEqual(tokenize('retrieving document'));
  });

  it('keeps decimals and grouped numbers whole', () => {
    expect(tokenize('nDCG of 0.4235 over 1,400 abstracts')).toEqual(['ndcg', '0.4235', '1,400', 'abstract']);
  });

  it('drops function words but keeps negations', () => {
    expect(tokenize('it is not the case without it')).toEqual(['not', 'case', 'without']);
  });

  it('folds case, compatibility forms and diacritics', () => {
    expect(tokenize('Schrödinger ﬁeld')).toEqual(tokenize('schrodinger FIELD'));
  });

  it('splits hyphenated words and contractions', () => {
    expect(tokenize("state-of-the-art model's")).toEqual(['state', 'art', 'model']);
  });

  it('keeps words of other scripts unstemmed and ignores emoji, binary and endless runs', () => {
    expect(tokenize('Москва 東京 🙂 \u0000\u0001')).toEqual(['москва', '東京']);
    expect(tokenize('x'.repeat(100_000))).toEqual([]);
    expect(tokenize('')).toEqual([]);
  });

  it('counts how often each term occurs', () => {
    expect([...termFrequencies(['a', 'b', 'a'])]).toEqual([
      ['a', 2],
      ['b', 1],
    ]);
  });
});
