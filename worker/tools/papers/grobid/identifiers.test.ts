import { describe, expect, it } from 'vitest';
import { arxivIdCalledSo, arxivIdIn, doiIn, orcidIn, webAddressIn, yearIn } from './identifiers.js';

describe('identifiers', () => {
  it('are brought to one form', () => {
    expect(doiIn('https://doi.org/10.1162/NECO.1997.9.8.1735.')).toBe('10.1162/neco.1997.9.8.1735');
    expect(arxivIdIn('arXiv:1706.03762v7[cs.CL]')).toBe('1706.03762v7');
    expect(arxivIdIn('hep-th/9901001')).toBe('hep-th/9901001');
    expect(orcidIn('https://orcid.org/000000021825009x')).toBe('0000-0002-1825-009X');
    expect(webAddressIn('see https://example.org/a).')).toBe('https://example.org/a');
    expect(['2017-06-12', 'June 2017', '12/2017'].map(yearIn)).toEqual([2017, 2017, 2017]);
  });

  it('are none where there is none', () => {
    for (const text of [undefined, '', 'n/a', '10.12/x', '31415.92653589']) {
      expect([doiIn(text), arxivIdIn(text), orcidIn(text), yearIn(text), webAddressIn(text)], text).toEqual(
        Array(5).fill(null),
      );
    }
  });

  it('in running text, a number is an arXiv id only where it is called one', () => {
    expect(arxivIdCalledSo('arXiv preprint arXiv:1412.6980, 2014.')).toBe('1412.6980');
    expect(arxivIdCalledSo('https://arxiv.org/abs/1412.6980v9')).toBe('1412.6980v9');
    expect(arxivIdCalledSo('CoRR, 1412.6980')).toBeNull();
  });
});
