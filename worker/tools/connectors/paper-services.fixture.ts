/** arXiv, Crossref and a publisher on one port of this machine, as far as a paper is fetched from them. */
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { fakeClock } from './fake-clock.fixture.js';
import { createPaperFetcher, type PaperFetcherOptions } from './fetch-paper.js';
import { startServer } from './http-server.fixture.js';
import { openScholarlyServices, type ScholarlyServicesOptions } from './scholarly-services.js';

export type Route = (response: ServerResponse, request: IncomingMessage, url: string) => unknown;

export const A_PDF = Buffer.from('%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n');

export const send =
  (mediaType: string, body: string | Buffer, status = 200): Route =>
  (response) =>
    response.writeHead(status, { 'content-type': mediaType }).end(body);
export const sendPdf = send('application/pdf', A_PDF);
export const sendJson = (body: unknown) => send('application/json', JSON.stringify(body));

/** Made to the API's manual: an old-style id, a title over two lines, a collaboration, a DOI of the journal. */
export const arxivFeed = (id: string, more = ''): string => `<?xml version="1.0" encoding="UTF-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xmlns:arxiv="http://arxiv.org/schemas/atom">
  <title>arXiv Query</title>
  <entry>
    <id>http://arxiv.org/abs/${id}</id>
    <published>1999-01-04T10:00:00Z</published>
    <updated>2001-02-03T10:00:00Z</updated>
    <title>Tides &amp; currents
      in shallow bays</title>
    <summary>  We measure tides.
  They rise.  </summary>
    <author><name>Inês Ferreira</name><arxiv:affiliation>Coastal Institute</arxiv:affiliation></author>
    <author><name>The Bay Collaboration</name></author>
    <author><name/></author>
    <arxiv:primary_category term="hep-th"/>
    <category term="physics.ao-ph"/><category term="hep-th"/>${more}
  </entry>
</feed>`;

/** Made to the API's schema. `host` is the publisher's. */
export const crossrefWork = (doi: string, more: Record<string, unknown> = {}) => ({
  status: 'ok',
  'message-type': 'work',
  message: {
    DOI: doi.toUpperCase(),
    type: 'journal-article',
    title: ['Salt in\n   <i>Zostera</i> meadows &amp; <mml:math><mml:mi>x</mml:mi></mml:math>'],
    subtitle: ['A survey'],
    author: [
      { given: 'Inês', family: 'Ferreira', sequence: 'first' },
      { family: 'Okafor', suffix: 'Jr.' },
      { name: 'The Bay Collaboration' },
      {},
    ],
    issued: { 'date-parts': [[2019, 3]] },
    resource: { primary: { URL: 'https://journal.example/salt' } },
    ...more,
  },
});

export const pdfLink = (url: string, application = 'text-mining') => ({
  URL: url,
  'content-type': 'application/pdf',
  'intended-application': application,
});

/** Routes by path; a path that is not listed answers 404 with HTML, as such services do. */
export async function startPaperServices(
  routes: Record<string, Route>,
  options: PaperFetcherOptions & ScholarlyServicesOptions = {},
) {
  const answer: RequestListener = (request, response) => {
    const path = decodeURIComponent((request.url ?? '').replace(/[?&](?:max_results|mailto)=[^&]*/g, ''));
    const route = routes[path] ?? send('text/html', '<h1>Not found</h1>', 404);
    route(response, request, server.url);
  };
  const server = await startServer(answer);
  const clock = fakeClock();
  const services = openScholarlyServices({
    arxivApiUrl: server.url,
    arxivUrl: server.url,
    crossrefUrl: server.url,
    allow: [server.host],
    clock,
    random: () => 0,
    ...options,
  });
  const fetcher = createPaperFetcher(services, options);
  return { ...server, clock, fetcher, paths: () => server.requests.map(({ path }) => path) };
}
