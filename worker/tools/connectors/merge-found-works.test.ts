import { describe, expect, it } from 'vitest';
import { mergeFoundWorks } from './merge-found-works.js';
import { searchEverywhere } from './search-everywhere.js';
import { QUESTION, startSearchServices } from './search-services.fixture.js';
import type { FoundWork } from './source-connector.js';
import { isRetracted, type WorkFacts } from './work-facts.js';

const TITLE = 'Carbon stores of eelgrass meadows';

const work = (facts: Partial<WorkFacts>, more: Partial<FoundWork> = {}): FoundWork => ({
  facts: {
    title: TITLE,
    authors: [],
    year: null,
    doi: null,
    arxivId: null,
    url: null,
    licenseUrl: null,
    notices: [],
    ...facts,
  },
  venue: null,
  abstract: null,
  pdfUrls: [],
  foundBy: 'OPENALEX',
  ...more,
});

describe('mergeFoundWorks', () => {
  it.each<[string, Partial<WorkFacts>, Partial<WorkFacts>]>([
    ['a DOI', { title: 'A', doi: '10.1000/1' }, { title: 'B', doi: '10.1000/1' }],
    [
      'an arXiv id of another version',
      { title: 'A', arxivId: '2001.00001v1' },
      { title: 'B', arxivId: '2001.00001v3' },
    ],
    [
      'an arXiv id and its DOI',
      { title: 'A', arxivId: '2001.00001' },
      { title: 'B', doi: '10.48550/arxiv.2001.00001' },
    ],
    ['a title but for case, accents and signs', { title: `${TITLE}: a Résumé` }, { title: `${TITLE} — A RESUME.` }],
    [
      'a short title, author and year',
      { title: 'On roofs', authors: ['Ana Ruiz'], year: 2020 },
      { title: 'On Roofs', authors: ['A. Ruiz'], year: 2020 },
    ],
    [
      'title and author, a preprint and its article',
      { doi: '10.1000/1', year: 2021, authors: ['Inês Ferreira'] },
      { doi: '10.48550/arxiv.2001.00001', year: 2019, authors: ['I. Ferreira', 'B. Li'] },
    ],
  ])('takes for one work what shares %s', (_what, one, other) => {
    expect(mergeFoundWorks([[work(one)], [work(other)]])).toHaveLength(1);
  });

  it.each<[string, Partial<WorkFacts>, Partial<WorkFacts>]>([
    ['a title that many have', { title: 'Editorial' }, { title: 'Editorial' }],
    [
      'a short title and an author, in another year',
      { title: 'Editorial', authors: ['Ana Ruiz'], year: 2020 },
      { title: 'Editorial', authors: ['Ana Ruiz'], year: 2021 },
    ],
    ['no title', { title: null }, { title: null }],
    ['a title, years apart', { year: 1990 }, { year: 2010 }],
    ['a title, by others', { authors: ['Ana Ruiz'] }, { authors: ['Bo Li'] }],
    ['nothing', { title: 'A', doi: '10.1000/1' }, { title: 'B', doi: '10.1000/2' }],
  ])('keeps apart what shares %s', (_what, one, other) => {
    expect(mergeFoundWorks([[work(one)], [work(other)]])).toHaveLength(2);
  });

  it('joins two groups that a third work shows to be one', () => {
    const [only, ...others] = mergeFoundWorks([
      [work({ title: 'A', doi: '10.1000/1' }), work({ title: 'B', arxivId: '2001.00001' })],
      [work({ title: 'C', doi: '10.1000/1', arxivId: '2001.00001v2' }, { foundBy: 'ARXIV' })],
    ]);
    expect(others).toEqual([]);
    expect(only).toMatchObject({ facts: { title: 'A' }, foundBy: ['OPENALEX', 'ARXIV'] });
  });

  it('keeps what each knows; the DOI of the journal goes before that of the preprint', () => {
    const [merged] = mergeFoundWorks([
      [work({ doi: '10.48550/arxiv.2001.00001', year: 2020 }, { pdfUrls: ['https://a.example/1'] })],
      [work({ doi: '10.1000/1', authors: ['Ana Ruiz'] }, { abstract: 'Words.', foundBy: 'CROSSREF' })],
    ]);
    expect(merged).toMatchObject({
      facts: { doi: '10.1000/1', year: 2020, authors: ['Ana Ruiz'] },
      abstract: 'Words.',
      pdfUrls: ['https://a.example/1'],
    });
  });

  it('puts first what several services rank high', () => {
    const [a, b, c] = ['1', '2', '3'].map((n) => ({ title: n, doi: `10.1000/${n}` }));
    const order = mergeFoundWorks([
      [work(a ?? {}), work(b ?? {})],
      [work(c ?? {}), work(b ?? {})],
    ]).map(({ facts }) => facts.title);
    expect(order[0]).toBe('2');
  });
});

describe('searchEverywhere', () => {
  const options = { limit: 10, signal: new AbortController().signal };

  it('finds each work once, with the notices of all', async () => {
    const { connectors } = await startSearchServices();
    const { OPENALEX, ARXIV, CROSSREF, SEMANTIC_SCHOLAR } = connectors;
    const { works, services } = await searchEverywhere(
      [OPENALEX, ARXIV, CROSSREF, SEMANTIC_SCHOLAR],
      QUESTION,
      options,
    );
    expect(services.map(({ name, found, failure }) => [name, found, failure])).toEqual([
      ['OPENALEX', 2, null],
      ['ARXIV', 3, null],
      ['CROSSREF', 3, null],
      ['SEMANTIC_SCHOLAR', 3, null],
    ]);
    const [first] = works;
    expect(first).toMatchObject({ facts: { title: TITLE, doi: '10.1000/eelgrass.1', arxivId: '2001.00001' } });
    expect(new Set(first?.foundBy)).toEqual(new Set(['OPENALEX', 'ARXIV', 'CROSSREF', 'SEMANTIC_SCHOLAR']));
    const gone = works.filter(({ facts }) => facts.doi === '10.1000/gone');
    expect(gone.map(({ facts }) => [isRetracted(facts), facts.notices])).toEqual([
      [true, [expect.objectContaining({ doi: '10.1000/notice' })]],
    ]);
  });

  it('goes on without a service that fails, and keeps what that one had found', async () => {
    const { connectors } = await startSearchServices({
      '/works?search': (response) => response.writeHead(503).end(),
    });
    const { works, services } = await searchEverywhere([connectors.OPENALEX, connectors.ARXIV], QUESTION, options);
    expect(works).toHaveLength(3);
    expect(services[0]).toMatchObject({ found: 0, failure: { code: 'UNAVAILABLE' } });
  });

  it('ends when it is stopped', async () => {
    const stop = new AbortController();
    const { connectors } = await startSearchServices({ '/works?search': () => stop.abort(new Error('enough')) });
    const search = searchEverywhere([connectors.OPENALEX], QUESTION, { limit: 5, signal: stop.signal });
    await expect(search).rejects.toThrow('enough');
  });
});
