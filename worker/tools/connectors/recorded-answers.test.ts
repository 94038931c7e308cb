/** What arXiv, Crossref and OpenAlex really answered once, replayed. The recordings do not ship. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseArxivId } from '../../../src/papers/arxiv-id.js';
import { normaliseDoi } from '../../../src/papers/doi.js';
import { createArxiv } from './arxiv.js';
import { createCrossref } from './crossref.js';
import { fakeClock } from './fake-clock.fixture.js';
import { startServer } from './http-server.fixture.js';
import { createOpenAlex } from './openalex.js';
import { createPoliteHttp } from './polite-http.js';
import { noResponseCache } from './response-cache.js';
import { createSafeFetch } from './safe-fetch.js';
import type { FoundWork, SourceConnector } from './source-connector.js';
import { isRetracted } from './work-facts.js';

interface Recording {
  service: string;
  file: string;
  url: string;
  status: number;
  headers: Record<string, string> | null;
}

const folder = path.join(process.env.PAPERWRIGHT_DATA ?? path.resolve('../shared/data'), 'api');
const index = path.join(folder, 'index.json');
const recordings: Recording[] = existsSync(index) ? JSON.parse(readFileSync(index, 'utf8')) : [];
const signal = new AbortController().signal;

/** arXiv is asked with other parameters than were recorded, so the id alone decides; Crossref by the DOI alone. */
const keyOf = (url: URL): string =>
  url.searchParams.get('id_list') ?? decodeURIComponent(url.pathname.replace('/works/', '')).toLowerCase();
const found = (service: string) =>
  new Map(recordings.filter((each) => each.service === service).map((each) => [keyOf(new URL(each.url)), each]));
const pageOf = (url: URL): string => `${url.searchParams.get('start')}+${url.searchParams.get('max_results')}`;
const collect = async (connector: SourceConnector, query: string, limit: number): Promise<FoundWork[]> => {
  const works: FoundWork[] = [];
  for await (const work of connector.search(query, { limit, signal })) works.push(work);
  return works;
};
const works = [...found('crossref')].filter(
  ([doi, { status }]) => status === 200 && normaliseDoi(doi) && !doi.includes('/transform/'),
);

async function replay(service: string) {
  const recorded = found(service);
  const server = await startServer((request, response) => {
    const recording = recorded.get(keyOf(new URL(request.url ?? '', 'http://127.0.0.1')));
    if (!recording) return response.writeHead(599).end();
    const headers = recording.headers ?? { 'content-type': 'application/atom+xml; charset=utf-8' };
    response.writeHead(recording.status, headers).end(readFileSync(path.join(folder, recording.file)));
  });
  const clock = fakeClock();
  const fetch = createSafeFetch({ userAgent: 'Tester/1', allow: [server.host] });
  const http = createPoliteHttp({ fetch, cache: noResponseCache, clock, random: () => 0 });
  return { http, clock, apiUrl: server.url };
}

describe.runIf(recordings.length > 0)(
  'recorded answers (skipped where they are not at hand: set PAPERWRIGHT_DATA)',
  () => {
    const findArxiv = async (id: string) => {
      const parsed = parseArxivId(id);
      if (!parsed) throw new Error(`${id} is no arXiv id`);
      return createArxiv(await replay('arxiv')).find(parsed, signal);
    };

    it('of arXiv give title, authors, year, version and PDF', async () => {
      const { facts, pdfUrl, categories } = await findArxiv('1605.08386');
      expect(facts).toMatchObject({
        title: 'Heat-bath random walks with Markov bases',
        authors: ['Caprice Stanley', 'Tobias Windisch'],
        year: 2016,
        arxivId: '1605.08386v1',
      });
      expect(pdfUrl).toBe('https://arxiv.org/pdf/1605.08386v1');
      expect(categories).toEqual(['math.CO', 'math.ST']);
    });

    it('of arXiv give affiliations and journal of an old paper', async () => {
      const { facts, affiliations, journal } = await findArxiv('astro-ph/0601001');
      expect([facts.authors[2], affiliations[2], journal]).toEqual([
        'B. Scott Gaudi',
        ['CfA'],
        'ActaAstron.56:1-50,2006',
      ]);
    });

    it.each(['2104.12255v1', 'quant-ph/0201082v1'])('of arXiv for %s are of that version', async (id) => {
      expect((await findArxiv(id)).facts.arxivId).toBe(id);
    });

    it.each(['0000.0000', '0808.05394'])('of arXiv for %s, which does not exist, are NOT_FOUND', async (id) => {
      await expect(findArxiv(id)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    });

    it.each(works.map(([doi]) => doi))('of Crossref for %s are a work', async (doi) => {
      const { facts } = await createCrossref(await replay('crossref')).find(doi, signal);
      expect(facts.doi).toBe(doi);
      expect(facts.title).toMatch(/^[^<>\n]{10,}$/);
      expect(facts.year).toBeGreaterThan(1990);
      for (const author of facts.authors) expect(author).toMatch(/^\S.*\S$/);
      expect(isRetracted(facts)).toBe(false);
    });

    it('of Crossref give the PDFs that are meant for readers', async () => {
      const crossref = createCrossref(await replay('crossref'));
      expect(works.length).toBeGreaterThan(10);
      const of = async (doi: string) => (await crossref.find(doi, signal)).pdfUrls;
      expect(await of('10.1038/s41598-018-27044-6')).toEqual([
        'https://www.nature.com/articles/s41598-018-27044-6.pdf',
      ]);
      expect(await of('10.1073/pnas.1205508109')).toEqual([]);
    });

    it('of Crossref keep a correction', async () => {
      const { facts } = await createCrossref(await replay('crossref')).find('10.1073/pnas.1414271111', signal);
      expect(facts.notices).toEqual([
        {
          type: 'correction',
          direction: 'RECEIVED',
          doi: '10.1073/pnas.1507001112',
          date: '2015-05-04',
          source: 'publisher',
        },
      ]);
    });

    it('of arXiv to a search give the same works in pages of ten as in one of a hundred', async () => {
      const pages = new Map(
        recordings
          .filter(({ url }) => url.includes('search_query=testing'))
          .map((each) => [pageOf(new URL(each.url)), each] as const),
      );
      const search = async (pageSize: number, limit: number) => {
        const server = await startServer((request, response) => {
          const recording = pages.get(pageOf(new URL(request.url ?? '', 'http://127.0.0.1')));
          if (!recording) return response.writeHead(404).end();
          const body = readFileSync(path.join(folder, recording.file));
          response.writeHead(200, { 'content-type': 'application/atom+xml; charset=utf-8' }).end(body);
        });
        const clock = fakeClock();
        const fetch = createSafeFetch({ userAgent: 'Tester/1', allow: [server.host] });
        const http = createPoliteHttp({ fetch, cache: noResponseCache, clock, random: () => 0 });
        return collect(createArxiv({ http, clock, apiUrl: server.url, pageSize }), 'testing', limit);
      };
      const [tens, hundred] = [await search(10, 60), await search(100, 100)];
      expect([tens.length, hundred.length]).toEqual([60, 100]);
      const ids = (works: readonly FoundWork[]) => new Set(works.map(({ facts }) => facts.arxivId));
      expect(ids(hundred).size).toBe(100);
      expect([...ids(tens)].filter((id) => ids(hundred).has(id)).length).toBeGreaterThan(50);
      for (const { facts, abstract } of hundred) {
        expect(facts.authors.length).toBeGreaterThan(0);
        expect(facts.year).toBeGreaterThan(1990);
        expect(abstract).toMatch(/^\S.{40,}$/);
      }
    });

    it('of OpenAlex to a search give a work with its abstract in order', async () => {
      const recording = recordings.find(({ service, url }) => service === 'openalex' && url.includes('title.search'));
      const server = await startServer((_request, response) =>
        response
          .writeHead(200, { 'content-type': 'application/json' })
          .end(readFileSync(path.join(folder, recording?.file ?? ''))),
      );
      const clock = fakeClock();
      const fetch = createSafeFetch({ userAgent: 'Tester/1', allow: [server.host] });
      const http = createPoliteHttp({ fetch, cache: noResponseCache, clock, random: () => 0 });
      const [work, ...others] = await collect(createOpenAlex({ http, clock, apiUrl: server.url }), 'PaperQA', 10);
      expect(others).toEqual([]);
      expect(work).toMatchObject({
        facts: { year: 2023, doi: '10.48550/arxiv.2312.07559', arxivId: '2312.07559', notices: [] },
        venue: 'arXiv (Cornell University)',
        abstract: expect.stringMatching(/^Large Language Models \(LLMs\) generalize well across language tasks/),
      });
      expect(work?.facts.authors[0]).toBe('Jakub Lála');
    });

    it('of Crossref for a DOI it does not have are NOT_FOUND', async () => {
      const crossref = createCrossref(await replay('crossref'));
      await expect(crossref.find('10.48550/arxiv.2312.07559', signal)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    });
  },
);
