/** What every connector does, and what it does with a service that misbehaves. */
import type { ServerResponse } from 'node:http';
import { describe, expect, it } from 'vitest';
import type { SearchServiceName } from '../../../src/kinds/research/connector-name.js';
import { abstractOf } from './openalex.js';
import { type Route, send } from './paper-services.fixture.js';
import { addressesIn } from './plain-url.js';
import { emptyArxivFeed, QUESTION, ROUTES, startSearchServices } from './search-services.fixture.js';
import type { FoundWork, SourceConnector } from './source-connector.js';
import { isRetracted } from './work-facts.js';

const signal = new AbortController().signal;

async function collect(connector: SourceConnector, query = QUESTION, limit = 50): Promise<FoundWork[]> {
  const works: FoundWork[] = [];
  for await (const work of connector.search(query, { limit, signal })) works.push(work);
  return works;
}

const titles = (works: readonly FoundWork[]) => works.map(({ facts }) => facts.title);

const SEARCHED: { name: SearchServiceName; path: string; second: string; titles: string[] }[] = [
  {
    name: 'OPENALEX',
    path: '/works?search',
    second: 'cursor=second',
    titles: ['Carbon stores of eelgrass meadows', 'Eelgrass was never there at all'],
  },
  {
    name: 'ARXIV',
    path: '/api/query?search_query',
    second: 'start=2',
    titles: ['Carbon stores of eelgrass meadows', 'Eelgrass by night', 'Eelgrass in the far field'],
  },
  {
    name: 'CROSSREF',
    path: '/works?query.bibliographic',
    second: 'offset=2',
    titles: [
      'RETRACTED: Eelgrass was never there at all',
      'Carbon stores of eelgrass meadows',
      'Something else altogether',
    ],
  },
  {
    name: 'SEMANTIC_SCHOLAR',
    path: '/graph/v1/paper/search?query',
    second: 'offset=2',
    titles: ['Carbon Stores of Eelgrass Meadows', 'Roots of seagrasses', 'A third paper on the matter'],
  },
];

describe.each(SEARCHED)('the connector $name', ({ name, path, second, titles: expected }) => {
  it('yields the works of all pages in order, without what has no title', async () => {
    const { connectors, requests, outcomes } = await startSearchServices();
    const works = await collect(connectors[name]);
    expect(titles(works)).toEqual(expected);
    expect(works.every(({ foundBy }) => foundBy === name)).toBe(true);
    expect(requests).toHaveLength(2);
    expect(requests[1]?.path).toContain(second);
    expect(outcomes).toEqual([
      [name, null],
      [name, null],
    ]);
  });

  it('says who asks, and sends words of the question but no operators', async () => {
    const { connectors, requests } = await startSearchServices();
    await collect(connectors[name], 'Is "eelgrass*" AND NOT carbon? (all:x) https://secret.example/paper');
    const [first] = requests;
    expect(first?.headers['user-agent']).toMatch(/^Paperwright\/.*mailto:people@example.org/);
    const [[, sent] = []] = new URL(first?.path ?? '', 'http://x').searchParams;
    expect(sent).toMatch(/^(?:all:)?eelgrass (?:AND all:)?not (?:AND all:)?carbon (?:AND all:)?x$/);
  });

  it('asks for a page only when somebody wants it', async () => {
    const { connectors, requests } = await startSearchServices();
    for await (const _work of connectors[name].search(QUESTION, { limit: 50, signal })) break;
    expect(requests).toHaveLength(1);
    expect(await collect(connectors[name], QUESTION, 1)).toHaveLength(1);
  });

  it('asks the same thing once a day', async () => {
    const { connectors, requests, clock } = await startSearchServices();
    const first = await collect(connectors[name]);
    expect(await collect(connectors[name])).toEqual(first);
    expect(requests).toHaveLength(2);
    await clock.sleep(25 * 3_600_000, signal);
    await collect(connectors[name]);
    expect(requests).toHaveLength(4);
  });

  it('asks for nothing when the question has no word', async () => {
    const { connectors, requests } = await startSearchServices();
    expect([await collect(connectors[name], '?! --'), requests]).toEqual([[], []]);
  });

  it('stops when it is told to, with the reason', async () => {
    const stop = new AbortController();
    const { connectors } = await startSearchServices({ [path]: () => stop.abort(new Error('enough')) });
    const work = connectors[name].search(QUESTION, { limit: 5, signal: stop.signal })[Symbol.asyncIterator]().next();
    await expect(work).rejects.toThrow('enough');
  });

  const first = (fault: Route): Record<string, Route> => {
    let asked = 0;
    return { [path]: (...call) => (asked++ === 0 ? fault : (ROUTES[path] as Route))(...call) };
  };
  const refuse =
    (status: number, headers: Record<string, string> = {}): Route =>
    (response) =>
      response.writeHead(status, headers).end();
  const type = name === 'ARXIV' ? 'application/atom+xml' : 'application/json';
  const passing: [string, Route][] = [
    ['429 with Retry-After', refuse(429, { 'retry-after': '7' })],
    ['429 without Retry-After', refuse(429)],
    ['500', refuse(500)],
    ['503', refuse(503)],
    ['HTML in the place of its format', send('text/html', '<h1>Maintenance</h1>')],
    ['HTML under the name of its format', send(type, '<!doctype html><h1>Maintenance</h1>')],
    ['a body cut short', send(type, '{"message":{"total-results":1,"items":[{"DOI"')],
    ['an empty body', send(type, '')],
    ['a connection that breaks', (response: ServerResponse) => response.destroy()],
    [
      'a body that breaks off',
      (response: ServerResponse) => {
        response.writeHead(200, { 'content-type': type, 'content-length': '1000' });
        response.write('{"meta":', () => response.destroy());
      },
    ],
  ];

  it.each(passing)('asks again after %s', async (_fault, fault) => {
    const { connectors, requests } = await startSearchServices(first(fault));
    expect(titles(await collect(connectors[name]))).toEqual(expected);
    expect(requests).toHaveLength(3);
  });

  it('waits as long as Retry-After says', async () => {
    const { connectors, clock } = await startSearchServices(first(refuse(429, { 'retry-after': '7' })));
    await collect(connectors[name]);
    expect(clock.slept[0]).toBeGreaterThan(6_900);
    expect(clock.slept[0]).toBeLessThanOrEqual(7_000);
  });

  it.each(passing)('fails for now when %s does not pass, and has told no secret', async (_fault, fault) => {
    const { connectors, requests } = await startSearchServices({ [path]: fault });
    const failure = await collect(connectors[name]).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'UNAVAILABLE', retryable: true });
    expect(JSON.stringify(failure) + String(failure)).not.toMatch(/a-key|another-key|eelgrass/);
    expect(requests).toHaveLength(3);
  });

  it('fails for good when the key is refused, at once', async () => {
    const { connectors, requests } = await startSearchServices({ [path]: refuse(403) });
    await expect(collect(connectors[name])).rejects.toMatchObject({ code: 'UNAVAILABLE', retryable: false });
    expect(requests).toHaveLength(1);
  });

  it('keeps the first page when the second fails', async () => {
    const { connectors } = await startSearchServices({
      [path]: (response, request, url) =>
        (request.url?.includes(second) ? refuse(500) : (ROUTES[path] as Route))(response, request, url),
    });
    const works: FoundWork[] = [];
    const all = async () => {
      for await (const work of connectors[name].search(QUESTION, { limit: 50, signal })) works.push(work);
    };
    await expect(all()).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    expect(titles(works)[0]).toBe(expected[0]);
  });
});

describe('OpenAlex', () => {
  it('gives a work with its abstract put in order, its open PDF and its arXiv id', async () => {
    const { connectors, requests } = await startSearchServices();
    const [work] = await collect(connectors.OPENALEX);
    expect(work).toMatchObject({
      facts: {
        authors: ['Inês Ferreira'],
        year: 2019,
        doi: '10.1000/eelgrass.1',
        arxivId: '2001.00001',
        url: 'https://journal.example/salt',
      },
      venue: 'Shores',
      abstract: 'Eelgrass meadows store carbon in mud.',
      pdfUrls: ['https://journal.example/salt.pdf'],
    });
    expect(requests[0]?.path).toContain('api_key=a-key');
  });

  it('tells of a retraction', async () => {
    const { connectors } = await startSearchServices();
    expect((await collect(connectors.OPENALEX)).map(({ facts }) => isRetracted(facts))).toEqual([false, true]);
  });

  it('is left alone until its credits come back', async () => {
    const { connectors, requests } = await startSearchServices({
      '/works?search': (response) =>
        response.writeHead(429, { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '40000' }).end(),
    });
    const failure = { code: 'UNAVAILABLE', retryable: true, details: { retryAfterMs: expect.any(Number) } };
    await expect(collect(connectors.OPENALEX)).rejects.toMatchObject(failure);
    await expect(collect(connectors.OPENALEX, 'another question')).rejects.toMatchObject(failure);
    expect(requests).toHaveLength(1);
  });

  it('does not let an index of places run away with memory', () => {
    expect(abstractOf({ last: [2], far: [4_000_000_000], odd: [-1, 0.5], first: [0] })).toBe('first  last');
  });
});

describe('arXiv', () => {
  it('is asked once in three seconds, all words at first', async () => {
    const { connectors, clock, requests } = await startSearchServices();
    const [work] = await collect(connectors.ARXIV);
    expect(work?.facts).toMatchObject({
      arxivId: '2001.00001v2',
      year: 2020,
      title: 'Carbon stores of eelgrass meadows',
    });
    expect(work?.abstract).toBe('Meadows of <eelgrass> store carbon.');
    expect(clock.slept).toEqual([3_000]);
    expect(new URL(requests[0]?.path ?? '', 'http://x').searchParams.get('search_query')).toBe(
      'all:eelgrass AND all:meadows AND all:store AND all:carbon',
    );
  });

  it('is asked for any of the words when no paper has them all', async () => {
    const { connectors, requests } = await startSearchServices({
      '/api/query?search_query': (response, request, url) =>
        request.url?.includes('+AND+')
          ? send('application/atom+xml', emptyArxivFeed(0, 0))(response, request, url)
          : ROUTES['/api/query?search_query']?.(response, request, url),
    });
    expect(await collect(connectors.ARXIV)).toHaveLength(3);
    expect(requests[1]?.path).toContain('+OR+');
  });

  it('is asked again when it leaves out a page it has announced', async () => {
    let asked = 0;
    const { connectors } = await startSearchServices({
      '/api/query?search_query': (response, request, url) =>
        asked++ === 0
          ? send('application/atom+xml', emptyArxivFeed(0, 3))(response, request, url)
          : ROUTES['/api/query?search_query']?.(response, request, url),
    });
    expect(await collect(connectors.ARXIV)).toHaveLength(3);
  });

  it('has its withdrawals told from the comment', async () => {
    const { connectors } = await startSearchServices();
    expect((await collect(connectors.ARXIV)).map(({ facts }) => isRetracted(facts))).toEqual([false, true, false]);
  });
});

describe('Crossref', () => {
  it('tells by which notice a work was retracted, and leaves the notice itself out', async () => {
    const { connectors } = await startSearchServices();
    const [retracted, ...others] = await collect(connectors.CROSSREF);
    expect(retracted?.facts.notices).toEqual([
      { type: 'retraction', direction: 'RECEIVED', doi: '10.1000/notice', date: '2021-02-03', source: 'publisher' },
    ]);
    expect(others.some(({ facts }) => isRetracted(facts))).toBe(false);
    expect(others[0]?.abstract).toBe("Crossref's own words.");
  });
});

describe('Semantic Scholar', () => {
  it('is sent its key as a header, and gives ids and open PDFs', async () => {
    const { connectors, requests } = await startSearchServices();
    const [work, other] = await collect(connectors.SEMANTIC_SCHOLAR);
    expect(requests[0]?.headers['x-api-key']).toBe('another-key');
    expect(requests[0]?.path).not.toContain('another-key');
    expect(work).toMatchObject({ facts: { arxivId: '2001.00001' }, pdfUrls: ['https://arxiv.org/pdf/2001.00001'] });
    expect(other).toMatchObject({ venue: null, abstract: 'Roots hold the mud.', pdfUrls: [] });
  });
});

describe('a plain address', () => {
  it('that leads to a PDF is a work', async () => {
    const { connectors, url } = await startSearchServices();
    const [work] = await collect(connectors.URL, `What does ${url}/some%20paper.pdf say?`);
    expect(work).toMatchObject({
      facts: { title: 'some paper.pdf', url: `${url}/some%20paper.pdf` },
      pdfUrls: [`${url}/some%20paper.pdf`],
    });
  });

  it('that leads to the page of a paper is that paper', async () => {
    const { connectors, url } = await startSearchServices();
    const [work] = await collect(connectors.URL, `See (${url}/paper.html).`);
    expect(work).toMatchObject({
      facts: {
        title: 'Tides & currents in shallow bays',
        authors: ['Inês Ferreira', 'Bo Okafor'],
        year: 2017,
        doi: '10.1000/tides',
      },
      abstract: 'Tides rise.',
      pdfUrls: [`${url}/tides.pdf`],
    });
  });

  it('that leads to no paper fails after the others were taken', async () => {
    const { connectors, url } = await startSearchServices();
    const works: FoundWork[] = [];
    const all = async () => {
      const query = `${url}/blog.html ${url}/paper.html`;
      for await (const work of connectors.URL.search(query, { limit: 5, signal })) works.push(work);
    };
    await expect(all()).rejects.toMatchObject({ code: 'UNSUPPORTED_MEDIA_TYPE' });
    expect(works).toHaveLength(1);
  });

  it('of a private network is not asked for', async () => {
    const { connectors } = await startSearchServices();
    await expect(collect(connectors.URL, 'http://127.0.0.1:1/a.pdf')).rejects.toMatchObject({ code: 'BAD_INPUT' });
    await expect(collect(connectors.URL, 'http://[::1]/a.pdf')).rejects.toMatchObject({ code: 'BAD_INPUT' });
  });

  it.each([
    ['Compare https://a.example/x.pdf, and (http://b.example/y).', ['https://a.example/x.pdf', 'http://b.example/y']],
    ['https://a.example https://a.example ftp://c.example http://', ['https://a.example']],
    ['none', []],
  ])('in "%s" is found', (text, expected) => expect(addressesIn(text)).toEqual(expected));
});
