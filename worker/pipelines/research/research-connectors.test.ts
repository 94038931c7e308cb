/** A research run that looks outside of its library, over the public API, with services on this machine. */
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { SEARCH_SERVICES, type SearchServiceName } from '../../../src/kinds/research/connector-name.js';
import { decodeId } from '../../../src/platform/ids.js';
import { startTestApi, type TestApi } from '../../../tests/support/api.js';
import { column, simplePdf } from '../../../tests/support/simple-pdf.js';
import { startTestWorker } from '../../../tests/support/start-test-worker.js';
import { createPaperFetcher } from '../../tools/connectors/fetch-paper.js';
import { type Route, send, sendJson } from '../../tools/connectors/paper-services.fixture.js';
import { startSearchServices } from '../../tools/connectors/search-services.fixture.js';
import { builtinEngine } from '../../tools/papers/builtin/read-paper.js';
import { createPaperTools } from '../../tools/papers/paper-tools.js';
import { ROOF_ARTICLES, ROOF_QUESTION } from '../../tools/writer/roof-library.fixture.js';
import { openResearchBench, type ResearchBench } from './research-bench.fixture.js';
import { RESEARCH_PIPELINE } from './stages.js';

const START = 'mutation ($input: StartResearchInput!) { startResearch(input: $input) { id } }';
const RUN = `query ($id: ID!) { run(id: $id) { status failure { code message }
  events(first: 200) { events { type stage message ... on UncertaintyFound { code } ... on SourceFound { connector } } }
  ... on ResearchRun { connectors report { markdown } sources { nodes { title authors year doi url connector retracted
    notices { type doi date source } snapshot { extractor text } paper { id status title } } } } } }`;

const refuse: Route = (response) => response.writeHead(503).end();
const [article, abstract, gone] = ROOF_ARTICLES.map(({ title, authors, year, body }) => ({
  title,
  authors,
  year,
  text: body.replace(/^##.*\n+/gm, '').replace(/[^\x20-\x7e\n]/g, 'o'),
}));

const lines = (text: string): string[] =>
  text.split('\n\n').flatMap((paragraph) => paragraph.match(/\S.{0,85}(?=\s|$)/g) ?? []);

const openAlexWork = (work: typeof article, more: Record<string, unknown>) => ({
  title: work?.title,
  publication_year: work?.year,
  authorships: work?.authors.map((name) => ({ author: { display_name: name } })),
  ...more,
});

const invert = (text: string) => {
  const index: Record<string, number[]> = {};
  for (const [place, word] of text.split(/\s+/).entries()) index[word] = [...(index[word] ?? []), place];
  return index;
};

/** One work with an open PDF, one with only an abstract, one retracted, one whose PDF is a page. */
const ROUTES: Record<string, Route> = {
  '/works?search': (response, request, url) =>
    sendJson({
      meta: { next_cursor: null },
      results: [
        openAlexWork(article, {
          doi: 'https://doi.org/10.1000/roof',
          best_oa_location: { is_oa: true, pdf_url: `${url}/roof.pdf` },
        }),
        openAlexWork(abstract, { abstract_inverted_index: invert(abstract?.text ?? '') }),
        openAlexWork(gone, {
          doi: 'https://doi.org/10.1000/gone',
          is_retracted: true,
          abstract_inverted_index: invert(gone?.text ?? ''),
          best_oa_location: { is_oa: true, pdf_url: `${url}/moved.pdf` },
        }),
      ],
    })(response, request, url),
  '/roof.pdf': send('application/pdf', simplePdf([column(lines(article?.text ?? ''))], article?.title)),
  '/moved.pdf': send('text/html', '<h1>We have moved</h1>'),
  '/api/query?search_query': refuse,
};

describe('research with connectors', () => {
  let bench: ResearchBench;
  let api: TestApi;
  let token: string;
  let tenantId: string;

  beforeAll(async () => {
    bench = await openResearchBench();
    api = await startTestApi(bench.db, { blobs: bench.blobs, researchConnectors: ['OPENALEX', 'ARXIV', 'URL'] });
    const account = await api.register();
    token = account.token;
    tenantId = decodeId('ten', account.tenantId);
  });
  afterAll(async () => {
    await api?.close();
    await bench?.close();
  });

  const createProject = async (): Promise<string> => {
    const create = 'mutation { createProject(input: { name: "Roofs" }) { id } }';
    return (await api.gql(create, {}, token)).data.createProject.id;
  };

  async function startServices(routes: Record<string, Route>, allowed: readonly SearchServiceName[] = SEARCH_SERVICES) {
    const { services, connectors, ...server } = await startSearchServices(routes);
    const worker = await startTestWorker({
      urls: bench.db.urls,
      blobs: bench.blobs,
      pipelines: [RESEARCH_PIPELINE],
      maxStageAttempts: 1,
      papers: () =>
        createPaperTools({
          standard: 'BUILTIN',
          engines: { BUILTIN: builtinEngine },
          fetcher: createPaperFetcher(services),
          connectors: allowed.map((name) => connectors[name]),
          maxPages: 10,
        }),
    });
    onTestFinished(() => worker.stop());
    return server;
  }

  const research = async (projectId: string, input: Record<string, unknown>) => {
    const started = await api.gql(START, { input: { projectId, question: ROOF_QUESTION, ...input } }, token);
    if (started.errors) throw new Error(JSON.stringify(started.errors));
    return vi.waitFor(
      async () => {
        const { run } = (await api.gql(RUN, { id: started.data.startResearch.id }, token)).data;
        expect(run.status).toMatch(/SUCCEEDED|FAILED/);
        return run;
      },
      { timeout: 60_000, interval: 100 },
    );
  };
  const eventsOf = (run: { events: { events: { type: string }[] } }, type: string) =>
    run.events.events.filter((event) => event.type === type);
  const countSources = async (projectId: string) =>
    Number(
      (await bench.db.admin.query('select count(*) from sources where project_id = $1', [decodeId('proj', projectId)]))
        .rows[0].count,
    );

  it('reads open papers into the library and takes abstracts of the others; a failure is told, and the run goes on', async () => {
    const { requests } = await startServices(ROUTES);
    const projectId = await createProject();
    const run = await research(projectId, { connectors: ['OPENALEX', 'ARXIV'] });
    expect(run.failure).toBeNull();
    expect(run.connectors).toEqual(['LIBRARY', 'OPENALEX', 'ARXIV']);
    const byTitle = new Map(run.sources.nodes.map((source: { title: string }) => [source.title, source]));
    expect(byTitle.get(article?.title)).toMatchObject({
      doi: '10.1000/roof',
      authors: article?.authors,
      connector: 'OPENALEX',
      retracted: false,
      notices: [],
      paper: { status: 'READY', title: article?.title },
    });
    expect(byTitle.get(abstract?.title)).toMatchObject({
      paper: null,
      retracted: false,
      snapshot: { extractor: 'abstract@1', text: abstract?.text.replace(/\s+/g, ' ') },
    });
    expect(byTitle.get(gone?.title)).toMatchObject({
      paper: null,
      retracted: true,
      notices: [{ type: 'retraction', doi: null, date: null, source: 'openalex' }],
    });
    expect(eventsOf(run, 'UNCERTAINTY_FOUND')).toEqual([
      expect.objectContaining({
        code: 'CONNECTOR_FAILED',
        stage: 'retrieve',
        message: expect.stringMatching(/^ARXIV/),
      }),
      expect.objectContaining({
        code: 'SOURCE_NOT_READ',
        stage: 'ingest',
        message: expect.stringContaining('only its abstract'),
      }),
    ]);
    expect(eventsOf(run, 'SOURCE_FOUND').map((event) => (event as { connector?: string }).connector)).toEqual([
      'OPENALEX',
      'OPENALEX',
      'OPENALEX',
    ]);

    const asked = requests.length;
    const again = await research(projectId, { connectors: ['OPENALEX'] });
    expect(again.status).toBe('SUCCEEDED');
    expect(await countSources(projectId)).toBe(3);
    expect(requests.slice(asked).map(({ path }) => path)).toEqual([]); // answered by cache and library
  });

  it('leaves the machine only when it is asked to', async () => {
    const { requests } = await startServices(ROUTES);
    const projectId = await createProject();
    const library = ROOF_ARTICLES.map(({ title, body }, at) => ({
      name: `${at}.md`,
      title,
      content: `# ${title}\n\n${body}`,
    }));
    await bench.addLibrary(library, { tenantId, projectId: decodeId('proj', projectId) });
    const run = await research(projectId, {});
    expect([run.status, run.connectors, requests]).toEqual(['SUCCEEDED', ['LIBRARY'], []]);
  });

  it('keeps what is said against a work that the library has already', async () => {
    await startServices(ROUTES);
    const projectId = await createProject();
    const library = ROOF_ARTICLES.map(({ title, authors, year, body }, at) => ({
      name: `${at}.md`,
      title,
      authors,
      ...(year !== null && { year }),
      content: `# ${title}\n\n${body}`,
    }));
    await bench.addLibrary(library, { tenantId, projectId: decodeId('proj', projectId) });
    const run = await research(projectId, { connectors: ['OPENALEX'] });
    expect(await countSources(projectId)).toBe(library.length);
    const retracted = run.sources.nodes.filter((source: { retracted: boolean }) => source.retracted);
    expect(retracted.map(({ title, connector }: { title: string; connector: string }) => [title, connector])).toEqual([
      [gone?.title, 'TEXT'],
    ]);
  });

  it('fails with the failure of the service when that is why there is nothing', async () => {
    await startServices({ '/works?search': refuse });
    const run = await research(await createProject(), { connectors: ['OPENALEX'] });
    expect(run).toMatchObject({ status: 'FAILED', failure: { code: 'UNAVAILABLE' } });
  });

  it('goes on without a service that this worker may not ask', async () => {
    await startServices(ROUTES, ['OPENALEX']);
    const run = await research(await createProject(), { connectors: ['OPENALEX', 'ARXIV'] });
    expect(run.status).toBe('SUCCEEDED');
    expect(eventsOf(run, 'UNCERTAINTY_FOUND')[0]).toMatchObject({ code: 'CONNECTOR_FAILED' });
  });

  it.each([['CROSSREF'], ['NONSENSE']])('refuses %s, which is not allowed here', async (name) => {
    const input = { projectId: await createProject(), question: ROOF_QUESTION, connectors: [name] };
    const { errors } = await api.gql(START, { input }, token);
    expect(errors?.[0]?.extensions.code).toMatch(/^BAD_/);
  });
});
