/**
 * The services that are searched, on one port of this machine, with short answers written to their documentation: two
 * pages of each, a work that all of them know, a retracted one, one without an abstract.
 */

import type { SearchServiceName } from '../../../src/kinds/research/connector-name.js';
import { failureCodeOf } from '../report-health.js';
import { createSourceConnectors } from './create-source-connectors.js';
import { fakeClock } from './fake-clock.fixture.js';
import { startServer } from './http-server.fixture.js';
import { A_PDF, type Route, send, sendJson } from './paper-services.fixture.js';
import { createMemoryResponseCache } from './response-cache.js';
import { openScholarlyServices } from './scholarly-services.js';

export const QUESTION = 'How do eelgrass meadows store carbon?';

const openAlexWork = (title: string, more: Record<string, unknown> = {}) => ({
  title,
  doi: null,
  publication_year: 2019,
  authorships: [{ author: { display_name: 'Inês Ferreira' } }],
  primary_location: {
    is_oa: true,
    landing_page_url: 'https://journal.example/salt',
    source: { display_name: 'Shores' },
  },
  ...more,
});

export const OPENALEX_PAGES: Record<string, unknown> = {
  '*': {
    meta: { count: 4, next_cursor: 'second' },
    results: [
      openAlexWork('Carbon stores of eelgrass meadows', {
        doi: 'https://doi.org/10.1000/EELGRASS.1',
        abstract_inverted_index: { Eelgrass: [0], carbon: [3], meadows: [1], store: [2], in: [4], 'mud.': [5] },
        best_oa_location: { is_oa: true, pdf_url: 'https://journal.example/salt.pdf' },
        locations: [{ is_oa: true, landing_page_url: 'https://arxiv.org/abs/2001.00001', pdf_url: null }],
      }),
      openAlexWork('Front cover', { is_paratext: true }),
    ],
  },
  second: {
    meta: { count: 4, next_cursor: null },
    results: [
      openAlexWork('Eelgrass was never there at all', { doi: 'https://doi.org/10.1000/gone', is_retracted: true }),
      openAlexWork('', { doi: 'https://doi.org/10.1000/untitled' }),
    ],
  },
};

const scholarPaper = (title: string, more: Record<string, unknown> = {}) => ({
  paperId: 'x',
  title,
  year: 2018,
  authors: [{ name: 'I. Ferreira' }],
  ...more,
});

export const SCHOLAR_PAGES: Record<string, unknown> = {
  '0': {
    total: 3,
    offset: 0,
    next: 2,
    data: [
      scholarPaper('Carbon Stores of Eelgrass Meadows', {
        externalIds: { ArXiv: '2001.00001', DOI: '10.48550/arXiv.2001.00001' },
        openAccessPdf: { url: 'https://arxiv.org/pdf/2001.00001' },
      }),
      scholarPaper('Roots of seagrasses', { abstract: 'Abstract Roots hold the mud.', openAccessPdf: null, venue: '' }),
    ],
  },
  '2': { total: 3, offset: 2, data: [scholarPaper('A third paper on the matter')] },
};

const crossrefItem = (doi: string, title: string, more: Record<string, unknown> = {}) => ({
  DOI: doi,
  title: [title],
  author: [{ given: 'Inês', family: 'Ferreira' }],
  issued: { 'date-parts': [[2019]] },
  ...more,
});

export const CROSSREF_PAGES: Record<string, unknown> = {
  '0': {
    status: 'ok',
    message: {
      'total-results': 4,
      items: [
        crossrefItem('10.1000/GONE', 'RETRACTED: Eelgrass was never there at all', {
          'updated-by': [
            {
              DOI: '10.1000/notice',
              type: 'retraction',
              source: 'publisher',
              updated: { 'date-parts': [[2021, 2, 3]] },
            },
          ],
        }),
        crossrefItem('10.1000/notice', 'Retraction note', {
          'update-to': [{ DOI: '10.1000/gone', type: 'retraction' }],
        }),
      ],
    },
  },
  '2': {
    status: 'ok',
    message: {
      'total-results': 4,
      items: [
        crossrefItem('10.1000/eelgrass.1', 'Carbon stores of eelgrass meadows', {
          abstract:
            '<jats:title>Abstract</jats:title><jats:p>Crossref&#39;s <jats:italic>own</jats:italic> words.</jats:p>',
        }),
        crossrefItem('10.1000/other', 'Something else altogether'),
      ],
    },
  },
};

const arxivEntry = (id: string, title: string, more = ''): string => `<entry>
    <id>http://arxiv.org/abs/${id}</id><published>2020-01-01T00:00:00Z</published><title>${title}</title>
    <summary>Meadows of &lt;eelgrass&gt;
      store carbon.</summary><author><name>Inês Ferreira</name></author>${more}</entry>`;

const arxivFeed = (start: number, total: number, entries: string[]): string => `<?xml version='1.0' encoding='UTF-8'?>
<feed xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/" xmlns:arxiv="http://arxiv.org/schemas/atom" xmlns="http://www.w3.org/2005/Atom">
  <opensearch:totalResults>${total}</opensearch:totalResults><opensearch:startIndex>${start}</opensearch:startIndex>
  ${entries.join('\n')}</feed>`;

export const ARXIV_PAGES: Record<string, string> = {
  '0': arxivFeed(0, 3, [
    arxivEntry('2001.00001v2', 'Carbon stores of eelgrass meadows'),
    arxivEntry(
      '2002.00002v1',
      'Eelgrass by night',
      '<arxiv:comment>This paper has been withdrawn by the authors.</arxiv:comment>',
    ),
  ]),
  '2': arxivFeed(2, 3, [arxivEntry('hep-th/9901001v1', 'Eelgrass in the far field')]),
};

export const emptyArxivFeed = (start: number, total: number): string => arxivFeed(start, total, []);

const PAPER_PAGE = `<html><head><meta name="citation_title" content="Tides &amp; currents in shallow bays"/>
<META content='Ferreira, Inês' name=citation_author><meta name="citation_author" content="Bo Okafor">
<meta name="citation_publication_date" content="2017/05/01"><meta name="citation_doi" content="10.1000/tides">
<meta name="citation_pdf_url" content="/tides.pdf"><meta name="citation_abstract" content="Abstract: Tides rise."></head></html>`;

const parameter = (url: string | undefined, name: string): string =>
  new URL(url ?? '', 'http://127.0.0.1').searchParams.get(name) ?? '';
const page =
  (pages: Record<string, unknown>, name: string): Route =>
  (response, request, url) =>
    sendJson(pages[parameter(request.url, name)])(response, request, url);

export const ROUTES: Record<string, Route> = {
  '/works?search': page(OPENALEX_PAGES, 'cursor'),
  '/works?query.bibliographic': page(CROSSREF_PAGES, 'offset'),
  '/graph/v1/paper/search?query': page(SCHOLAR_PAGES, 'offset'),
  '/api/query?search_query': (response, request, url) =>
    send('application/atom+xml', ARXIV_PAGES[parameter(request.url, 'start')] ?? '')(response, request, url),
  '/paper.html': send('text/html; charset=utf-8', PAPER_PAGE),
  '/blog.html': send('text/html', '<html><head><meta name="author" content="x"></head>Words</html>'),
  '/some%20paper.pdf': send('application/pdf', A_PDF),
};

/** Routes by path and first parameter. `routes` go before the standard ones. */
export async function startSearchServices(routes: Record<string, Route> = {}) {
  const server = await startServer((request, response) => {
    const path = (request.url ?? '').replace(/=.*$/, '');
    const route = routes[path] ?? ROUTES[path] ?? send('text/html', '<h1>Not found</h1>', 404);
    route(response, request, server.url);
  });
  const clock = fakeClock();
  const outcomes: [SearchServiceName, string | null][] = []; // of asking each, as they are told
  const services = openScholarlyServices({
    onOutcome: (service, failure) => void outcomes.push([service, failure && failureCodeOf(failure)]),
    arxivApiUrl: server.url,
    arxivUrl: server.url,
    crossrefUrl: server.url,
    allow: [server.host],
    mailto: 'people@example.org',
    cache: createMemoryResponseCache(10_000_000, clock),
    clock,
    random: () => 0,
  });
  const connectors = createSourceConnectors(services, {
    openAlexUrl: server.url,
    openAlexKey: 'a-key',
    semanticScholarUrl: server.url,
    semanticScholarKey: 'another-key',
  });
  return { ...server, clock, services, connectors, outcomes };
}
