import { describe, expect, it } from 'vitest';
import type { DocumentLayout, DocumentParagraph } from '../../../documents/document-layout.js';
import { findArxivId, findDoi } from './identifiers.js';
import { findYear } from './year.js';

/** Paragraphs without pages but for the furniture: what matters here is what they say. */
function layoutOf(texts: readonly string[], furniture: readonly string[] = []): DocumentLayout {
  const paragraphs = texts.map(
    (text): DocumentParagraph => ({
      role: /^(?:References|Introduction)$/.test(text) ? 'HEADING' : 'PARAGRAPH',
      level: 0,
      text,
      startOffset: 0,
      endOffset: 0,
      lines: [],
    }),
  );
  return {
    paragraphs,
    furniture: furniture.map((text) => ({ page: 1, text })),
    pages: [],
    recognised: [],
    declaredTitle: null,
    body: null,
  };
}

const doiOf = (texts: readonly string[], furniture: readonly string[] = []) =>
  findDoi(layoutOf(texts, furniture))?.value;
const yearOf = (
  texts: readonly string[],
  furniture: readonly string[] = [],
  own: { arxivId?: string; doi?: string } = {},
) => findYear(layoutOf(texts, furniture), { arxivId: own.arxivId ?? null, doi: own.doi ?? null })?.value;

describe('the DOI', () => {
  it.each([
    ['with a resolver', ['https://doi.org/10.5555/ABC.123.'], '10.5555/abc.123'],
    ['behind a word', ['DOI: 10.1000/xyz(99)00012-3'], '10.1000/xyz(99)00012-3'],
    ['before what goes with it', ['doi:10.5555/abc.123/-/DCSupplemental'], '10.5555/abc.123'],
    [
      'among the dates behind the paper',
      ['Submitted 2 May 2020; accepted 3 June 2020 10.5555/abc.123'],
      '10.5555/abc.123',
    ],
    ['in brackets', ['First published 2014 (doi: 10.12688/f1000research.4767.1)'], '10.12688/f1000research.4767.1'],
    [
      'broken over two lines',
      ['Citation: Roe J (2014) On buoys. doi:10.1371/journal.pone.\n0115884'],
      '10.1371/journal.pone.0115884',
    ],
  ])('is read %s', (_, texts, wanted) => {
    expect(doiOf(texts)).toBe(wanted);
  });

  it('is the paper’s own, not one of its references nor one that its prose mentions', () => {
    const prose = `${'A long sentence on what others found. '.repeat(12)} See https://doi.org/10.5555/other for more.`;
    expect(doiOf(['A title', prose, 'References', 'Roe J. On buoys. doi:10.5555/cited'])).toBeUndefined();
    expect(doiOf(['A title', prose, 'References', 'Roe J. doi:10.5555/cited'], ['J. Buoys | doi:10.5555/own'])).toBe(
      '10.5555/own',
    );
  });

  it('of two versions is the later', () => {
    expect(doiOf(['First published (doi: 10.5555/x.47.1)', 'Latest published (doi: 10.5555/x.47.2)'])).toBe(
      '10.5555/x.47.2',
    );
  });

  it('at the paper’s end counts where the paper says how to cite it', () => {
    expect(
      doiOf([
        'Title',
        'Introduction',
        'References',
        'Doe. doi:10.5555/a',
        'doi:10.1186/1745-6215-16-1',
        'Cite this article as: Roe et al. Trials 2015 16:1.',
      ]),
    ).toBe('10.1186/1745-6215-16-1');
  });
});

describe('the arXiv number', () => {
  it.each([
    ['arXiv:1706.03762v7 [cs.CL] 2 Aug 2023', '1706.03762v7'],
    ['ArXiv ePrint: 0807.3577', '0807.3577'],
    ['arXiv:hep-th/9711200v3 22 Jan 1998', 'hep-th/9711200v3'],
  ])('is read from %s', (text, wanted) => {
    expect(findArxivId(layoutOf(['Title', text]))?.value).toBe(wanted);
  });

  it('is none of the reference list', () => {
    expect(
      findArxivId(layoutOf(['Title', 'References', 'Ba. Layer normalization. arXiv:1607.06450, 2016.'])),
    ).toBeNull();
  });
});

describe('the year', () => {
  it.each([
    [
      'of publication before that of receipt',
      ['Received: 3 May 2013. Accepted: 2 January 2014', 'Published online: 6 February 2015'],
      [],
      2015,
    ],
    ['of the copyright', ['© 2009 Springer Science+Business Media'], [], 2009],
    ['of the running header', ['Title'], ['Roe et al. Journal of Buoys 2016, 14:1'], 2016],
    ['of the journal’s line', ['Dhaka Univ. J. Pharm. Sci. 8(1): 7-10, 2009 (June)'], [], 2009],
    ['of the conference', ['31st Conference on Sample Systems (NIPS 2017), Long Beach'], [], 2017],
    ['of a date of its own', ['March 4, 2011'], [], 2011],
    ['and no group of a book’s number', ['CHI 2013, Paris. ACM 978-1-4503-1952-2/13/04.'], [], 2013],
  ] as const)('is that %s', (_, texts, furniture, wanted) => {
    expect(yearOf(texts, furniture)).toBe(wanted);
  });

  it('comes from the arXiv number or the DOI where the page tells none', () => {
    expect(yearOf(['Title'], [], { arxivId: '1706.03762v7' })).toBe(2017);
    expect(yearOf(['Title'], [], { arxivId: 'hep-th/9711200' })).toBe(1997);
    expect(yearOf(['Title'], [], { doi: '10.3389/fpsyg.2014.01582' })).toBe(2014);
  });

  it('is that of the first version on arXiv, not of the stamp nor of a download', () => {
    const stamp = ['arXiv:1706.03762v7 [cs.CL] 2 Aug 2023', 'Downloaded from example.org on March 2, 2019'];
    expect(yearOf(['Title'], stamp, { arxivId: '1706.03762v7' })).toBe(2017);
  });

  it('is no figure of the text and none of the references', () => {
    expect(
      yearOf([
        'Title',
        'We sampled 2000 buoys in 1998 and found 2010 errors.',
        'References',
        '[1] Roe. Phys. Rev. B 81 (2010)',
      ]),
    ).toBeUndefined();
  });
});
