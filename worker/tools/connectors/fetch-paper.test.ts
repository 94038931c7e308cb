import type { IncomingMessage, ServerResponse } from 'node:http';
import { describe, expect, it } from 'vitest';
import type { FetchedPaper, PaperAddress, PaperFetcher } from './fetch-paper.js';
import { startServer } from './http-server.fixture.js';
import {
  A_PDF,
  arxivFeed,
  crossrefWork,
  pdfLink,
  type Route,
  send,
  sendJson,
  sendPdf,
  startPaperServices,
} from './paper-services.fixture.js';
import { isRetracted } from './work-facts.js';

const signal = new AbortController().signal;
const fetchPaper = ({ fetcher }: { fetcher: PaperFetcher }, address: PaperAddress): Promise<FetchedPaper> =>
  fetcher.fetch(address, { signal });
const ATOM = 'application/atom+xml; charset=utf-8';
const FEED = { '/api/query?id_list=hep-th/9901001': send(ATOM, arxivFeed('hep-th/9901001v2')) };
const DOI = '10.5555/salt.1';
const WORK = `/works/${DOI}`;
/** A work whose PDFs are at these paths of the server itself. */
const workWith =
  (paths: string[], more: Record<string, unknown> = {}): Route =>
  (response, request, url) =>
    sendJson(crossrefWork(DOI, { link: paths.map((path) => pdfLink(url + path)), ...more }))(response, request, url);
const inTurn = (...routes: Route[]): Route => {
  let at = 0;
  return (...args) => routes[Math.min(at++, routes.length - 1)]?.(...args);
};

describe('an arXiv id', () => {
  it('gives the PDF of the version that the facts describe', async () => {
    const services = await startPaperServices({ ...FEED, '/pdf/hep-th/9901001v2': sendPdf });
    const paper = await fetchPaper(services, { arxivId: 'arXiv:hep-th/9901001' });
    expect(paper).toEqual({
      bytes: A_PDF,
      mediaType: 'application/pdf',
      fileName: 'arxiv-hep-th-9901001v2.pdf',
      facts: {
        title: 'Tides & currents in shallow bays',
        authors: ['Inês Ferreira', 'The Bay Collaboration'],
        year: 1999,
        doi: null,
        arxivId: 'hep-th/9901001v2',
        url: `${services.url}/abs/hep-th/9901001v2`,
        licenseUrl: null,
        notices: [],
      },
    });
  });

  it('of a certain version is asked for as such', async () => {
    const services = await startPaperServices({
      '/api/query?id_list=hep-th/9901001v1': send(
        ATOM,
        arxivFeed('hep-th/9901001v1', '<arxiv:doi>10.5555/TIDE</arxiv:doi>'),
      ),
      '/pdf/hep-th/9901001v1': sendPdf,
    });
    const { facts } = await fetchPaper(services, { arxivId: 'hep-th/9901001v1' });
    expect(facts).toMatchObject({ arxivId: 'hep-th/9901001v1', doi: '10.5555/tide' });
  });

  it('is found behind the DOI that arXiv gave it', async () => {
    const services = await startPaperServices({ ...FEED, '/pdf/hep-th/9901001v2': sendPdf });
    const { facts } = await fetchPaper(services, { doi: 'https://doi.org/10.48550/arXiv.hep-th/9901001' });
    expect(facts).toMatchObject({ arxivId: 'hep-th/9901001v2', doi: '10.48550/arxiv.hep-th/9901001' });
    expect(services.paths().some((path) => path.startsWith('/works'))).toBe(false);
  });

  it('is asked for one request at a time, three seconds apart, over API and site', async () => {
    let open = 0;
    let most = 0;
    const counted =
      (route: Route): Route =>
      (response, ...rest) => {
        most = Math.max(most, ++open);
        response.once('close', () => open--);
        setImmediate(() => route(response, ...rest));
      };
    const services = await startPaperServices({
      '/api/query?id_list=hep-th/9901001': counted(send(ATOM, arxivFeed('hep-th/9901001v2'))),
      '/pdf/hep-th/9901001v2': counted(sendPdf),
    });
    await Promise.all([1, 2].map(() => fetchPaper(services, { arxivId: 'hep-th/9901001' })));
    expect(services.clock.slept).toEqual([3_000, 3_000, 3_000]);
    expect(most).toBe(1);
  });

  it.each(['', 'abc', '../../works/1', '10.5555/salt.1'])('%j is refused without asking anybody', async (arxivId) => {
    const services = await startPaperServices({});
    await expect(fetchPaper(services, { arxivId })).rejects.toMatchObject({
      code: 'BAD_INPUT',
      details: { field: 'arxivId' },
    });
    expect(services.requests).toEqual([]);
  });

  it.each([
    ['gives no entry', '<feed xmlns="http://www.w3.org/2005/Atom"><title>arXiv Query</title></feed>'],
    [
      'gives an entry that is an error',
      '<feed><entry><id>https://arxiv.org/api/errors#incorrect_id</id><title>Error</title></entry></feed>',
    ],
    ['gives an entry without a title', '<feed><entry><id>http://arxiv.org/abs/hep-th/9901001</id></entry></feed>'],
    ['gives another paper', arxivFeed('hep-th/9901002v1')],
  ])('that %s is not found', async (_, feed) => {
    const services = await startPaperServices({ '/api/query?id_list=hep-th/9901001': send(ATOM, feed) });
    await expect(fetchPaper(services, { arxivId: 'hep-th/9901001' })).rejects.toMatchObject({
      code: 'NOT_FOUND',
      message: 'arXiv has no paper hep-th/9901001.',
    });
    expect(services.requests).toHaveLength(1);
  });

  it('of a version that never was is not found', async () => {
    const feed = send(ATOM, arxivFeed('hep-th/9901001v2'));
    const services = await startPaperServices({
      '/api/query?id_list=hep-th/9901001v9': feed,
      '/pdf/hep-th/9901001v2': sendPdf,
    });
    await expect(fetchPaper(services, { arxivId: 'hep-th/9901001v9' })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('that arXiv refuses with a status is not found', async () => {
    const services = await startPaperServices({ '/api/query?id_list=foo-th/9901001': send(ATOM, '<feed/>', 400) });
    await expect(fetchPaper(services, { arxivId: 'foo-th/9901001' })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('of a paper that was withdrawn has no PDF, and the hint says what to do', async () => {
    await expect(fetchPaper(await startPaperServices(FEED), { arxivId: 'hep-th/9901001' })).rejects.toMatchObject({
      code: 'NOT_FOUND',
      hint: expect.stringContaining('upload'),
    });
  });

  it('is asked for with the address of whoever runs this', async () => {
    const services = await startPaperServices(
      { ...FEED, '/pdf/hep-th/9901001v2': sendPdf },
      { mailto: 'lab@example.org' },
    );
    await fetchPaper(services, { arxivId: 'hep-th/9901001' });
    for (const { headers } of services.requests)
      expect(headers['user-agent']).toMatch(/^Paperwright\/\d+\.\d+\.\d+ \(mailto:lab@example\.org\)$/);
  });
});

describe('a DOI', () => {
  it('gives the PDF that is open, with what the publisher registered', async () => {
    const services = await startPaperServices(
      {
        [WORK]: workWith(['/closed.pdf', '/open.pdf'], {
          license: [
            { URL: 'https://journal.example/tdm', 'content-version': 'tdm' },
            { URL: 'https://creativecommons.org/licenses/by/4.0/', 'content-version': 'vor' },
          ],
          'updated-by': [
            {
              DOI: '10.5555/SALT.R',
              type: 'Retraction',
              source: 'retraction-watch',
              updated: { 'date-parts': [[2021, 5, 4]] },
            },
          ],
        }),
        '/closed.pdf': send('text/html', '<html>Sign in</html>'),
        '/open.pdf': sendPdf,
      },
      { mailto: 'lab@example.org' },
    );
    const paper = await fetchPaper(services, { doi: 'https://doi.org/10.5555/SALT.1' });
    expect(paper).toEqual({
      bytes: A_PDF,
      mediaType: 'application/pdf',
      fileName: '10.5555-salt.1.pdf',
      facts: {
        title: 'Salt in Zostera meadows & x',
        authors: ['Inês Ferreira', 'Okafor Jr.', 'The Bay Collaboration'],
        year: 2019,
        doi: DOI,
        arxivId: null,
        url: 'https://journal.example/salt',
        licenseUrl: 'https://creativecommons.org/licenses/by/4.0/',
        notices: [
          {
            type: 'retraction',
            direction: 'RECEIVED',
            doi: '10.5555/salt.r',
            date: '2021-05-04',
            source: 'retraction-watch',
          },
        ],
      },
    });
    expect(isRetracted(paper.facts)).toBe(true);
    expect(services.paths()[0]).toBe('/works/10.5555%2Fsalt.1?mailto=lab%40example.org');
  });

  it.each([
    ['lists no PDF', workWith([])],
    ['lists one that asks to sign in', workWith(['/closed.pdf'])],
    ['lists one that is forbidden', workWith(['/forbidden.pdf'])],
    ['lists one that is gone', workWith(['/gone.pdf'])],
    [
      'lists one for similarity checks alone',
      (response: ServerResponse, request: IncomingMessage, url: string) =>
        sendWithLinks([pdfLink(`${url}/open.pdf`, 'similarity-checking')])(response, request, url),
    ],
    ['lists one inside a private network', sendWithLinks([pdfLink('http://169.254.169.254/x.pdf')])],
    ['lists an address that is none', sendWithLinks([pdfLink('x.pdf')])],
    [
      'has no title and no links',
      sendJson({ message: { DOI, title: [], author: null, issued: { 'date-parts': [[null]] } } }),
    ],
  ])('whose publisher %s fails with what to do', async (_, work) => {
    const services = await startPaperServices({
      [WORK]: work,
      '/closed.pdf': send('text/html', '<html>Sign in</html>'),
      '/forbidden.pdf': send('text/html', '<html>No</html>', 403),
      '/open.pdf': sendPdf,
    });
    await expect(fetchPaper(services, { doi: DOI })).rejects.toMatchObject({
      code: 'NOT_FOUND',
      retryable: false,
      message: expect.stringContaining(`No PDF of ${DOI} is open to everybody.`),
      hint: 'Download the PDF in a browser and upload it.',
    });
  });

  it('with a preprint on arXiv says so in the hint', async () => {
    const relation = { 'has-preprint': [{ 'id-type': 'doi', id: '10.48550/arXiv.1901.00001' }] };
    await expect(
      fetchPaper(await startPaperServices({ [WORK]: workWith([], { relation }) }), { doi: DOI }),
    ).rejects.toMatchObject({
      hint: expect.stringContaining('arXiv:1901.00001'),
    });
  });

  it('that Crossref does not know is not found', async () => {
    await expect(fetchPaper(await startPaperServices({}), { doi: DOI })).rejects.toMatchObject({
      code: 'NOT_FOUND',
      message: `Crossref does not know the DOI ${DOI}.`,
    });
  });

  it('is refused when it is none', async () => {
    await expect(fetchPaper(await startPaperServices({}), { doi: '11.1/x' })).rejects.toMatchObject({
      code: 'BAD_INPUT',
    });
  });

  it('whose link redirects into a private network brings nothing from there', async () => {
    const inner = await startServer((_, response) =>
      response.writeHead(200, { 'content-type': 'application/pdf' }).end(A_PDF),
    );
    const services = await startPaperServices({
      [WORK]: workWith(['/jump.pdf']),
      '/jump.pdf': (response) => response.writeHead(302, { location: inner.url }).end(),
    });
    await expect(fetchPaper(services, { doi: DOI })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(inner.requests).toEqual([]);
  });
});

describe('a service with a fault', () => {
  const works = { '/pdf/hep-th/9901001v2': sendPdf };
  const fetchWith = async (route: Route) => {
    const services = await startPaperServices({ ...works, '/api/query?id_list=hep-th/9901001': route });
    return { services, paper: fetchPaper(services, { arxivId: 'hep-th/9901001' }) };
  };
  const feed = send(ATOM, arxivFeed('hep-th/9901001v2'));

  it.each<[string, Route, number]>([
    ['429', send('text/plain', 'slow down', 429), 3_000],
    ['429 with Retry-After', (response) => response.writeHead(429, { 'retry-after': '40' }).end(), 40_000],
    ['500', send('text/html', '<h1>oops</h1>', 500), 3_000],
    ['a feed cut short', send(ATOM, arxivFeed('hep-th/9901001v2').slice(0, 400)), 3_000],
    ['a line that breaks', (response) => response.destroy(), 3_000],
  ])('that passes (%s) is asked again after a pause', async (_, fault, pauseMs) => {
    const { services, paper } = await fetchWith(inTurn(fault, feed));
    expect((await paper).facts.year).toBe(1999);
    expect(services.clock.slept).toEqual([pauseMs, 3_000]);
  });

  it.each<[string, Route, object]>([
    ['429', send('text/plain', 'slow down', 429), { code: 'UNAVAILABLE', retryable: true }],
    [
      '429 for an hour',
      (response) => response.writeHead(429, { 'retry-after': '3600' }).end(),
      { code: 'UNAVAILABLE', retryable: true, details: { retryAfterMs: 3_600_000 } },
    ],
    ['503', send('text/html', '<h1>oops</h1>', 503), { code: 'UNAVAILABLE', retryable: true }],
    ['HTML for a feed', send('text/html', '<h1>hello</h1>'), { code: 'UNAVAILABLE', retryable: true }],
    ['HTML that is called a feed', send(ATOM, '<!doctype html><h1>hello'), { code: 'UNAVAILABLE', retryable: true }],
    ['other XML', send(ATOM, '<rss/>'), { code: 'UNAVAILABLE', retryable: true }],
    ['a feed without end', send(ATOM, 'x'.repeat(2_000_001)), { code: 'QUOTA_EXCEEDED' }],
  ])('that stays (%s) is a typed failure', async (_, fault, failure) => {
    const { paper } = await fetchWith(fault);
    await expect(paper).rejects.toMatchObject(failure);
  });

  it.each<[string, Route, object]>([
    ['HTML', send('text/html', '<h1>hello</h1>'), { code: 'UNSUPPORTED_MEDIA_TYPE', retryable: false }],
    [
      'HTML that is called a PDF',
      send('application/pdf', ' <!DOCTYPE html><h1>hello</h1>'),
      { code: 'UNSUPPORTED_MEDIA_TYPE' },
    ],
    ['half a PDF', send('application/pdf', A_PDF.subarray(0, 40)), { code: 'UNREADABLE_DOCUMENT', retryable: false }],
    ['a PDF that is cut off', cutOff, { code: 'UNAVAILABLE', retryable: true }],
    ['nothing', send('application/pdf', ''), { code: 'UNAVAILABLE', retryable: true }],
    [
      'too large a PDF',
      send('application/pdf', Buffer.concat([A_PDF, Buffer.alloc(2_000)])),
      { code: 'QUOTA_EXCEEDED' },
    ],
    ['503', send('text/html', 'oops', 503), { code: 'UNAVAILABLE', retryable: true }],
  ])('that gives %s for a PDF is a typed failure with what to do', async (_, fault, failure) => {
    const services = await startPaperServices({ ...FEED, '/pdf/hep-th/9901001v2': fault }, { maxBytes: 1_000 });
    await expect(fetchPaper(services, { arxivId: 'hep-th/9901001' })).rejects.toMatchObject({
      ...failure,
      hint: expect.stringContaining('upload'),
    });
  });

  it('that never ends a PDF is a typed failure with what to do, when the time is up', async () => {
    const endless: Route = (response) =>
      response.writeHead(200, { 'content-type': 'application/pdf' }).write('%PDF-1.4');
    const services = await startPaperServices({ ...FEED, '/pdf/hep-th/9901001v2': endless }, { timeoutMs: 100 });
    await expect(fetchPaper(services, { arxivId: 'hep-th/9901001' })).rejects.toMatchObject({
      code: 'UNAVAILABLE',
      retryable: true,
      message: expect.stringContaining('0.1 seconds'),
      hint: expect.stringContaining('upload'),
    });
  });

  it.each<[string, Route, object]>([
    ['JSON cut short', send('application/json', '{"message":{"DOI":"10.5'), { code: 'UNAVAILABLE', retryable: true }],
    ['JSON of another kind', sendJson({ message: [] }), { code: 'UNAVAILABLE', retryable: true }],
    ['HTML', send('text/html', '<h1>hello</h1>'), { code: 'UNAVAILABLE', retryable: true }],
    ['HTML with 404', send('text/html', '<h1>no</h1>', 404), { code: 'NOT_FOUND' }],
  ])('that gives %s for a work is a typed failure', async (_, fault, failure) => {
    await expect(fetchPaper(await startPaperServices({ [WORK]: fault }), { doi: DOI })).rejects.toMatchObject(failure);
  });

  it('at the publisher is told as such: another time the PDF may come', async () => {
    const services = await startPaperServices({
      [WORK]: workWith(['/forbidden.pdf', '/busy.pdf']),
      '/forbidden.pdf': send('text/html', 'no', 403),
      '/busy.pdf': send('text/html', 'busy', 503),
    });
    await expect(fetchPaper(services, { doi: DOI })).rejects.toMatchObject({
      code: 'UNAVAILABLE',
      retryable: true,
      hint: expect.stringContaining('upload'),
    });
  });

  it.each<PaperAddress>([{ arxivId: 'hep-th/9901001' }, { doi: DOI }])(
    'is left when the caller stops (%j)',
    async (address) => {
      const stop = new AbortController();
      const services = await startPaperServices({
        ...FEED,
        [WORK]: workWith(['/slow.pdf', '/open.pdf']),
        '/pdf/hep-th/9901001v2': () => stop.abort('CANCELED'),
        '/slow.pdf': () => stop.abort('CANCELED'),
        '/open.pdf': sendPdf,
      });
      await expect(services.fetcher.fetch(address, { signal: stop.signal })).rejects.toBe('CANCELED');
      expect(services.requests).toHaveLength(2);
    },
  );
});

function cutOff(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'application/pdf', 'content-length': A_PDF.length });
  response.write(A_PDF.subarray(0, 40), () => response.destroy());
}

function sendWithLinks(link: object[]): Route {
  return sendJson(crossrefWork(DOI, { link }));
}
