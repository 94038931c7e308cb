import { describe, expect, it } from 'vitest';
import { arxivIdOfDoi, formatArxivId, parseArxivId } from './arxiv-id.js';
import { normaliseDoi } from './doi.js';

describe('a DOI', () => {
  it.each([
    ['10.1063/1.4938384', '10.1063/1.4938384'],
    [' https://doi.org/10.1021/ACS.JCTC.2C01235 ', '10.1021/acs.jctc.2c01235'],
    ['http://dx.doi.org/10.1023%2FA%3A1007154515475', '10.1023/a:1007154515475'],
    ['https://doi.org/10.1063/1.4938384?casa_token=x#top', '10.1063/1.4938384'],
    ['doi:10.1000/182.', '10.1000/182'],
    ['DOI 10.1000/182', '10.1000/182'],
    [
      '10.1002/(SICI)1097-0258(19980815/30)17:15/16<1661::AID-SIM968>3.0.CO;2-2',
      '10.1002/(sici)1097-0258(19980815/30)17:15/16<1661::aid-sim968>3.0.co;2-2',
    ],
    ['10.1000/100%-sure', '10.1000/100%-sure'],
  ])('%j is kept as %j', (given, kept) => {
    expect(normaliseDoi(given)).toBe(kept);
  });

  it.each(['', '11.1000/182', '10.1000', '10.1000/', '10.12/a b', `10.1000/${'x'.repeat(300)}`])(
    '%j is none',
    (given) => {
      expect(normaliseDoi(given)).toBeNull();
    },
  );
});

describe('an arXiv id', () => {
  it.each([
    ['1707.08567', '1707.08567'],
    ['arXiv:1707.08567v12 [cs.IT]', '1707.08567v12'],
    ['https://arxiv.org/abs/2104.12255v1', '2104.12255v1'],
    ['http://arxiv.org/pdf/2104.12255v1.pdf?download=1', '2104.12255v1'],
    ['export.arxiv.org/abs/hep-th/9901001', 'hep-th/9901001'],
    ['hep-th/9901001v2', 'hep-th/9901001v2'],
    ['math.GT/0309136', 'math/0309136'],
    ['HEP-TH/9901001', 'hep-th/9901001'],
    ['https://doi.org/10.48550/arXiv.2312.07559', '2312.07559'],
    ['10.48550/arXiv.hep-th/9901001', 'hep-th/9901001'],
  ])('%j is kept as %j', (given, kept) => {
    const id = parseArxivId(given);
    expect(id && formatArxivId(id)).toBe(kept);
  });

  it.each([
    '',
    'abc',
    '1707.085',
    '1707.08567v0',
    'hep-th/99010',
    '10.1063/1.4938384',
    '../etc/passwd',
    '1707.08567/../x',
  ])('%j is none', (given) => {
    expect(parseArxivId(given)).toBeNull();
  });

  it('is told from other DOIs by its registrant', () => {
    expect(arxivIdOfDoi('10.48550/arxiv.2312.07559')).toEqual({ id: '2312.07559', version: null });
    expect(arxivIdOfDoi('10.1101/2024.04.01.587366')).toBeNull();
  });
});
