/** A run with services and a model is recorded, then replayed and forked when both are gone and the library has changed. */
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { contentKey } from '../../../src/platform/blobs/blob-key.js';
import { decodeId, encodeId } from '../../../src/platform/ids.js';
import { createLog } from '../../../src/platform/log.js';
import { startTestApi, type TestApi } from '../../../tests/support/api.js';
import { answers, dataOf, type ModelCall, openModelEndpoint } from '../../../tests/support/model-endpoint.js';
import { seedRun } from '../../../tests/support/seed-run.js';
import { column, simplePdf } from '../../../tests/support/simple-pdf.js';
import { startTestWorker } from '../../../tests/support/start-test-worker.js';
import type { RunningWorker } from '../../start-worker.js';
import { createPaperFetcher } from '../../tools/connectors/fetch-paper.js';
import { type Route, send, sendJson } from '../../tools/connectors/paper-services.fixture.js';
import { startSearchServices } from '../../tools/connectors/search-services.fixture.js';
import type { LanguageModel } from '../../tools/model/language-model.js';
import { modelConfig, TEST_KEY } from '../../tools/model/model.fixture.js';
import { createOpenAiChat } from '../../tools/model/openai-chat.js';
import { builtinEngine } from '../../tools/papers/builtin/read-paper.js';
import { createPaperTools, type PaperTools } from '../../tools/papers/paper-tools.js';
import { ROOF_ARTICLES, ROOF_QUESTION } from '../../tools/writer/roof-library.fixture.js';
import { openResearchBench, type ResearchBench } from './research-bench.fixture.js';
import { RESEARCH_PIPELINE } from './stages.js';

const START = 'mutation ($input: StartResearchInput!) { startResearch(input: $input) { id } }';
const REPLAY = 'mutation ($id: ID!, $key: String) { replayRun(id: $id, clientRequestId: $key) { id } }';
const FORK = `mutation ($id: ID!, $stage: String!, $changes: ForkChangesInput, $key: String) {
  forkRun(id: $id, fromStage: $stage, changes: $changes, clientRequestId: $key) { id } }`;
const RUN = `query ($id: ID!) { run(id: $id) { id status attempt failure { code stage message details }
  pendingInput { id proposal } budget { spentModelTokens spentCostUsd } stages { name status attempt reused }
  events(first: 300) { events { type stage message payload } }
  artifacts(first: 20) { nodes { name sha256 } }
  ... on ResearchRun { question outline { sections { heading } } replayOf { id } forkedFrom { id } forkedFromStage
    sources(first: 50) { nodes { id } } claims(first: 100) { nodes { id text verdict receipts { quote stance } } } } } }`;

const [pdf, abstract, ...shelf] = ROOF_ARTICLES;
const plain = (text = '') => text.replace(/^##.*\n+/gm, '').replace(/[^\x20-\x7e\n]/g, 'o');
const lines = (text: string): string[] =>
  text.split('\n\n').flatMap((paragraph) => paragraph.match(/\S.{0,85}(?=\s|$)/g) ?? []);
const invert = (text: string) =>
  Object.fromEntries([...new Set(text.split(/\s+/))].map((word) => [word, placesOf(word, text.split(/\s+/))]));
const placesOf = (word: string, words: string[]) => words.flatMap((each, place) => (each === word ? place : []));

/** OpenAlex repeats the address it was asked for, key and all; arXiv is down; one PDF has moved. */
const ROUTES: Record<string, Route> = {
  '/works?search': (response, request, url) =>
    sendJson({
      asked: request.url,
      meta: { next_cursor: null },
      results: [
        { title: pdf?.title, publication_year: 2011, best_oa_location: { is_oa: true, pdf_url: `${url}/roof.pdf` } },
        {
          title: abstract?.title,
          abstract_inverted_index: invert(plain(abstract?.body)),
          best_oa_location: { is_oa: true, pdf_url: `${url}/moved.pdf` },
        },
      ],
    })(response, request, url),
  '/roof.pdf': send('application/pdf', simplePdf([column(lines(plain(pdf?.body)))], pdf?.title)),
  '/moved.pdf': send('text/html', '<h1>We have moved</h1>'),
  '/api/query?search_query': (response) => response.writeHead(503).end(),
};

interface PromptData {
  sentences: { id: string; text: string }[];
  sections: { heading: string; sentences: { passage: string; quote: string }[] }[];
}

/** Four sections of what there is, each sentence as its source has it; no contradiction. */
const helpful = (call: ModelCall) => {
  const { sentences, sections } = dataOf(call) as PromptData;
  if (call.body.model === 'judge') return { contradictions: [] };
  if (call.body.model === 'writer')
    return {
      sections: sections.map(({ heading, sentences: of }) => ({
        heading,
        sentences: of.map(({ passage, quote }) => ({ passage, quote, text: quote })),
      })),
    };
  const headings = ['Rainwater in the growing medium', 'Green roofs and buildings', 'Water and plants', 'Measurements'];
  const size = Math.ceil(sentences.length / headings.length);
  return {
    sections: headings.map((heading, index) => ({
      heading,
      sentences: sentences.slice(index * size, (index + 1) * size).map(({ id }) => id),
    })),
  };
};

interface RunRead {
  id: string;
  status: string;
  attempt: number;
  failure: { code: string; stage: string; message: string; details: Record<string, unknown> } | null;
  pendingInput: { id: string; proposal: { title: string; sections: { heading: string; evidence: string[] }[] } } | null;
  budget: { spentModelTokens: number; spentCostUsd: number };
  stages: { name: string; status: string; attempt: number; reused: boolean }[];
  events: { events: { type: string; stage: string | null; message: string }[] };
  artifacts: { nodes: { name: string; sha256: string }[] };
  question: string;
  outline: { sections: { heading: string }[] };
  replayOf: { id: string } | null;
  forkedFrom: { id: string } | null;
  forkedFromStage: string | null;
  sources: { nodes: { id: string }[] };
  claims: { nodes: { id: string; text: string; verdict: string; receipts: { quote: string; stance: string }[] }[] };
}

describe('a recorded run', () => {
  let bench: ResearchBench;
  let api: TestApi;
  let token: string;
  let tenantId: string;
  let projectId: string;
  let papers: PaperTools;
  let model: LanguageModel;
  let original: RunRead;
  let empty: RunRead; // found nothing: its only service was down
  let modelCalls: () => number;

  beforeAll(async () => {
    bench = await openResearchBench();
    api = await startTestApi(bench.db, { blobs: bench.blobs, researchConnectors: ['OPENALEX', 'ARXIV'] });
    const account = await api.register();
    token = account.token;
    tenantId = decodeId('ten', account.tenantId);
    projectId = await createProject();
    await addToLibrary(shelf);
  });
  afterAll(async () => {
    await api?.close();
    await bench?.close();
  });

  const createProject = async (): Promise<string> =>
    (await api.gql('mutation { createProject(input: { name: "Roofs" }) { id } }', {}, token)).data.createProject.id;
  const addToLibrary = (articles: readonly { title: string; body: string }[]) =>
    bench.addLibrary(
      articles.map(({ title, body }, index) => ({ name: `${index}.md`, content: `# ${title}\n\n${body}\n` })),
      { tenantId, projectId: decodeId('proj', projectId) },
    );
  /** Without a network there are the services of the first test, which are closed, and none of them is allowed. */
  const startWorker = (network: 'ONLINE' | 'OFFLINE') =>
    startTestWorker({
      urls: bench.db.urls,
      blobs: bench.blobs,
      pipelines: [RESEARCH_PIPELINE],
      log: createLog('worker', 'silent'),
      maxStageAttempts: network === 'ONLINE' ? 1 : 3,
      pollMs: 100,
      papers: () => (network === 'ONLINE' ? papers : { ...papers, connectors: new Map() }),
      model: network === 'ONLINE' ? model : null,
    });
  const read = async (id: string): Promise<RunRead> => {
    const answer = await api.gql(RUN, { id }, token);
    if (answer.errors) throw new Error(JSON.stringify(answer.errors));
    return answer.data.run;
  };
  const reach = (id: string, status = /SUCCEEDED|FAILED/) =>
    vi.waitFor(
      async () => {
        const run = await read(id);
        expect(run.status).toMatch(status);
        return run;
      },
      { timeout: 30_000, interval: 50 },
    );
  const ask = async (document: string, field: string, variables: Record<string, unknown>): Promise<string> => {
    const answer = await api.gql(document, variables, token);
    if (answer.errors) throw new Error(JSON.stringify(answer.errors));
    return answer.data[field].id;
  };
  const replay = async (id: string) => reach(await ask(REPLAY, 'replayRun', { id }));
  const fork = async (id: string, stage: string, changes?: Record<string, unknown>) =>
    reach(await ask(FORK, 'forkRun', { id, stage, changes }));
  const refusal = async (document: string, variables: Record<string, unknown>, as = token) =>
    (await api.gql(document, variables, as)).errors?.[0];
  const filesOf = ({ artifacts }: RunRead) =>
    Object.fromEntries(artifacts.nodes.map(({ name, sha256 }) => [name, sha256]).sort());
  const rowsOf = async ({ id }: Pick<RunRead, 'id'>) =>
    (
      await bench.db.admin.query('select * from run_exchanges where run_id = $1 order by stage, ordinal', [
        decodeId('run', id),
      ])
    ).rows;

  it('keeps what its tools asked and were told, failures too, and no secret', async () => {
    const { services, connectors } = await startSearchServices(ROUTES);
    const endpoint = await openModelEndpoint(answers(helpful));
    onTestFinished(() => endpoint.close());
    modelCalls = () => endpoint.calls.length;
    model = createOpenAiChat({ config: modelConfig(endpoint.baseUrl) });
    papers = createPaperTools({
      standard: 'BUILTIN',
      engines: { BUILTIN: builtinEngine },
      fetcher: createPaperFetcher(services),
      connectors: [connectors.OPENALEX, connectors.ARXIV],
      maxPages: 10,
    });
    const worker = await startWorker('ONLINE');
    onTestFinished(() => worker.stop());
    const input = { projectId, question: ROOF_QUESTION, connectors: ['OPENALEX', 'ARXIV'], approveOutline: true };
    const id = await ask(START, 'startResearch', { input });
    const nothing = { projectId: await createProject(), question: ROOF_QUESTION, connectors: ['ARXIV'] };
    const emptyId = await ask(START, 'startResearch', { input: nothing });
    const { pendingInput } = await reach(id, /BLOCKED|FAILED/);
    const { title, sections } = pendingInput?.proposal ?? { title: '', sections: [] };
    const [first, ...others] = sections;
    const answer = { title, sections: [...others, { ...first, heading: 'Rain above all' }] };
    await ask(
      'mutation ($input: AnswerInputRequestInput!) { answerInputRequest(input: $input) { id } }',
      'answerInputRequest',
      {
        input: { requestId: pendingInput?.id, answer },
      },
    );
    original = await reach(id);
    empty = await reach(emptyId);
    expect(original.failure).toBeNull();
    expect(empty.failure).toMatchObject({ code: 'UNAVAILABLE', stage: 'retrieve' });
    expect(modelCalls()).toBe(3);
    expect(original.budget.spentModelTokens).toBe(360);

    const rows = await rowsOf(original);
    const told = rows.map(({ stage, kind, request, status, failure }) =>
      [stage, kind, request.operation ?? request.role ?? new URL(request.url).pathname, status, failure?.code]
        .filter((each) => each != null)
        .join(' '),
    );
    expect(told.sort()).toEqual([
      'draft MODEL draft',
      'factcheck MODEL judge',
      'ingest HTTP /moved.pdf UNSUPPORTED_MEDIA_TYPE',
      'ingest HTTP /roof.pdf 200',
      'ingest LIBRARY read evidence',
      'ingest LIBRARY search',
      'ingest LIBRARY take in',
      'ingest LIBRARY take in',
      'outline MODEL outline',
      'retrieve HTTP /api/query 503 UNAVAILABLE',
      'retrieve HTTP /works 200',
      'retrieve LIBRARY search',
      'retrieve LIBRARY services',
      'retrieve LIBRARY size',
    ]);
    const blobs = await Promise.all(
      rows
        .flatMap((row) => [row.request_sha256, row.response_sha256 ?? []].flat())
        .map((sha256) => bench.blobs.read(contentKey(tenantId, sha256), 10_000_000)),
    );
    const kept = `${JSON.stringify(rows)}${Buffer.concat(blobs).toString('latin1')}`;
    expect(kept.includes('Rainwater in the growing medium')).toBe(true);
    const secrets = ['a-key', 'api_key=a', 'people@', 'people%40', TEST_KEY, 'authorization', 'Bearer'];
    expect(secrets.filter((secret) => kept.includes(secret))).toEqual([]);
  });

  describe('without a network', () => {
    let worker: RunningWorker;
    beforeAll(async () => {
      worker = await startWorker('OFFLINE');
    });
    afterAll(() => worker?.stop());

    it('is replayed to the same bytes: offline, at no cost, over the library as it was', async () => {
      await addToLibrary(
        [1, 2, 3].map((n) => ({
          title: `Newer green roofs ${n}`,
          body: `${ROOF_QUESTION} Green roofs retain ${n}1% of the yearly rainfall in the growing medium.`,
        })),
      );
      await bench.db.admin.query(`update sources set title = 'Altered', retracted = true where project_id = $1`, [
        decodeId('proj', projectId),
      ]);
      await bench.db.admin.query('delete from latent_spaces where project_id = $1', [decodeId('proj', projectId)]);
      const [sourcesBefore] = (await bench.db.admin.query('select count(*) from sources')).rows;
      const again = await replay(original.id);
      expect(again.failure).toBeNull();
      expect(Object.keys(filesOf(again)).length).toBeGreaterThanOrEqual(8);
      expect(filesOf(again)).toEqual(filesOf(original));
      expect(modelCalls()).toBe(3);
      expect(again).toMatchObject({
        budget: { spentModelTokens: 0, spentCostUsd: 0 },
        question: ROOF_QUESTION,
        outline: original.outline,
        replayOf: { id: original.id },
        forkedFrom: null,
      });
      expect(again.outline.sections.at(-1)?.heading).toBe('Rain above all');
      expect(again.sources).toEqual(original.sources);
      expect(again.events.events.map(({ message }) => message)).toContain(
        `A replay of ${original.id}: every answer comes from its record, and nobody is asked.`,
      );
      expect((await bench.db.admin.query('select count(*) from sources')).rows[0]).toEqual(sourcesBefore);
      expect(filesOf(await replay(again.id))).toEqual(filesOf(original)); // its record is its own
    });

    it('meets the same failure again, at the first attempt', async () => {
      const again = await replay(empty.id);
      expect(again).toMatchObject({ status: 'FAILED', attempt: 1 });
      expect(again.failure).toEqual(empty.failure);
    });

    it('fails typed where the record has a gap, and says what was asked', async () => {
      const runId = decodeId('run', original.id);
      const altered = async (statement: string, undo: string) => {
        await bench.db.admin.query(statement, [runId]);
        const { failure } = await replay(original.id);
        await bench.db.admin.query(undo, [runId]);
        return failure;
      };
      const otherRequest = `update run_exchanges set request_sha256 = reverse(request_sha256) where run_id = $1 and kind = 'MODEL' and stage = 'draft'`;
      expect(await altered(otherRequest, otherRequest)).toMatchObject({
        code: 'NOT_RECORDED',
        stage: 'draft',
        message: 'The record of the stage draft has no answer to what was asked: MODEL draft writer.',
        details: { stage: 'draft', kind: 'MODEL', request: { role: 'draft', model: 'writer' } },
      });
      // a search treats a failure of a service as one source less: a gap must not pass for that
      const otherSearch = `update run_exchanges set request_sha256 = reverse(request_sha256) where run_id = $1 and status = 503`;
      expect(await altered(otherSearch, otherSearch)).toMatchObject({ code: 'NOT_RECORDED', stage: 'retrieve' });
      const oneMore = (n: number) =>
        `update run_stages set exchanges = exchanges + ${n} where run_id = $1 and name = 'factcheck'`;
      expect(await altered(oneMore(1), oneMore(-1))).toMatchObject({
        code: 'NOT_RECORDED',
        stage: 'factcheck',
        message: 'The record of the stage factcheck is not whole.',
      });
    });

    it('is forked from its draft with another outline: what came before is taken over, and said to be', async () => {
      const kept = original.outline.sections[0]?.heading ?? '';
      const changes = { outline: { title: 'Roofs', sections: [{ heading: kept }, { heading: 'Weight of a roof' }] } };
      const forked = await fork(original.id, 'draft', changes);
      expect(forked.failure).toBeNull();
      expect(forked.outline.sections.map(({ heading }) => heading)).toEqual([kept, 'Weight of a roof']);
      expect(filesOf(forked)['report.md']).not.toBe(filesOf(original)['report.md']);
      expect(forked).toMatchObject({ replayOf: null, forkedFrom: { id: original.id }, forkedFromStage: 'draft' });
      expect(forked.sources).toEqual(original.sources);
      expect(forked.stages.map(({ name, status, attempt, reused }) => [name, status, attempt, reused])).toEqual([
        ...['retrieve', 'ingest', 'outline'].map((name) => [name, 'SUCCEEDED', 0, true]),
        ...['draft', 'validate', 'factcheck', 'export'].map((name) => [name, 'SUCCEEDED', 1, false]),
      ]);
      const said = forked.events.events.filter(({ message }) => message.includes('is reused'));
      expect(said.map(({ stage }) => stage)).toEqual(['retrieve', 'ingest', 'outline']);
      expect(said[0]?.message).toBe(`retrieve is not run again: what it left in ${original.id} is reused.`);

      const again = await replay(forked.id);
      expect(again.stages.filter(({ reused }) => reused)).toHaveLength(3);
      expect(filesOf(again)).toEqual(filesOf(forked));
    });

    it('is forked from a later stage with claims of its own', async () => {
      const budget = { artifactBytes: 20_000_000 };
      const stages = ['validate', 'factcheck', 'export'];
      const shown = (run: RunRead) => run.claims.nodes.map(({ id, ...claim }) => claim);
      const ids = new Set(original.claims.nodes.map(({ id }) => id));
      for (const forked of await Promise.all(stages.map((stage) => fork(original.id, stage, { budget })))) {
        expect(forked.failure).toBeNull();
        expect(filesOf(forked)).toEqual(filesOf(original));
        expect(shown(forked)).toEqual(shown(original));
        expect(forked.claims.nodes.filter(({ id }) => ids.has(id))).toEqual([]);
      }
    });

    it('refuses what cannot be replayed or forked', async () => {
      const runId = original.id;
      const queued = await ask(START, 'startResearch', { input: { projectId, question: 'Why?' } });
      expect(await refusal(REPLAY, { id: queued })).toMatchObject({ extensions: { code: 'INVALID_STATE' } });
      expect(await refusal(FORK, { id: queued, stage: 'retrieve' })).toMatchObject({
        extensions: { code: 'INVALID_STATE' },
      });
      expect(await refusal(FORK, { id: runId, stage: 'publish' })).toMatchObject({ extensions: { code: 'BAD_INPUT' } });
      expect(await refusal(FORK, { id: empty.id, stage: 'draft' })).toMatchObject({
        message: 'The run never came to draft: it did not complete the stage retrieve.',
        extensions: { code: 'INVALID_STATE' },
      });
      for (const [changes, stage] of [
        [{ question: 'What else?' }, 'retrieve'],
        [{ maxSources: 3 }, 'retrieve'],
        [{ budget: { sources: 3 } }, 'retrieve'],
        [{ connectors: ['ARXIV'] }, 'retrieve'],
        [{ approveOutline: true }, 'outline'],
      ] as const)
        expect(await refusal(FORK, { id: runId, stage: 'draft', changes })).toMatchObject({
          message: expect.stringContaining(`Fork from ${stage} to change it.`),
          extensions: { code: 'BAD_INPUT' },
        });
      const outline = { sections: [{ heading: 'One' }] };
      for (const stage of ['retrieve', 'outline', 'export'])
        expect(await refusal(FORK, { id: runId, stage, changes: { outline } })).toMatchObject({
          message: expect.stringContaining('Fork from draft to change it.'),
        });

      const stranger = await api.register('other');
      for (const [document, variables] of [
        [REPLAY, { id: runId }],
        [FORK, { id: runId, stage: 'draft' }],
      ] as const)
        expect(await refusal(document, variables, stranger.token)).toMatchObject({ extensions: { code: 'NOT_FOUND' } });

      const place = { tenantId, projectId: decodeId('proj', projectId) };
      const { rows } = await bench.db.admin.query('select created_by from runs where id = $1', [
        decodeId('run', runId),
      ]);
      const unrecorded = await seedRun(bench.db, { ...place, userId: rows[0].created_by });
      await bench.db.admin.query(`update runs set status = 'SUCCEEDED' where id = $1`, [unrecorded]);
      expect(await refusal(REPLAY, { id: encodeId('run', unrecorded) })).toMatchObject({
        extensions: { code: 'NOT_RECORDED' },
      });
      await bench.db.admin.query(`update runs set kind = 'INGESTION' where id = $1`, [unrecorded]);
      expect(await refusal(REPLAY, { id: encodeId('run', unrecorded) })).toMatchObject({
        extensions: { code: 'BAD_INPUT' },
      });
    });

    it('is one run for one clientRequestId, and leaves its copies alone when it is deleted', async () => {
      const variables = { id: original.id, key: 'replay-once' };
      const id = await ask(REPLAY, 'replayRun', variables);
      expect(await ask(REPLAY, 'replayRun', variables)).toBe(id);
      expect(await refusal(FORK, { ...variables, stage: 'draft' })).toMatchObject({
        extensions: { code: 'IDEMPOTENCY_CONFLICT' },
      });
      await api.gql('mutation ($id: ID!) { deleteRun(id: $id) }', { id: original.id }, token);
      expect(await rowsOf(original)).toEqual([]);
      const again = await reach(id);
      expect(again).toMatchObject({ status: 'SUCCEEDED', replayOf: null });
      expect(filesOf(again)).toEqual(filesOf(original));
    });
  });
});
