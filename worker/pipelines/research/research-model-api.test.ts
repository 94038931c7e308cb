/** A worker that has a model, over the public API: what it cost, how it went, and a cancel in the middle of a call. */
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { decodeId } from '../../../src/platform/ids.js';
import { createLog } from '../../../src/platform/log.js';
import { startTestApi, type TestApi } from '../../../tests/support/api.js';
import {
  drips,
  type ModelBehaviour,
  type ModelEndpoint,
  openModelEndpoint,
  streams,
} from '../../../tests/support/model-endpoint.js';
import { startTestWorker } from '../../../tests/support/start-test-worker.js';
import type { RunningWorker } from '../../start-worker.js';
import { modelConfig, TEST_KEY } from '../../tools/model/model.fixture.js';
import { createOpenAiChat } from '../../tools/model/openai-chat.js';
import { ROOF_ARTICLES, ROOF_QUESTION } from '../../tools/writer/roof-library.fixture.js';
import { openResearchBench, type ResearchBench } from './research-bench.fixture.js';
import { RESEARCH_PIPELINE } from './stages.js';

const START = 'mutation ($input: StartResearchInput!) { startResearch(input: $input) { id } }';
const RUN = `query ($id: ID!) { run(id: $id) { status budget { spentModelTokens spentCostUsd }
  stages { name usage { calls inputTokens outputTokens costUsd } }
  events(first: 200) { events { type message } } ... on ResearchRun { report { markdown } } } }`;
const HEALTH = '{ serverInfo { model { lastCall { ok reason model } } } }';

interface StageRead {
  name: string;
  usage: { calls: number; inputTokens: number; outputTokens: number; costUsd: number };
}

describe('a worker that has a model', () => {
  let bench: ResearchBench;
  let endpoint: ModelEndpoint & { close(): Promise<void> };
  let behave: ModelBehaviour;
  let api: TestApi;
  let worker: RunningWorker;
  let token: string;
  let projectId: string;
  beforeAll(async () => {
    bench = await openResearchBench();
    endpoint = await openModelEndpoint((response, call) => behave(response, call));
    const model = modelConfig(endpoint.baseUrl);
    api = await startTestApi(bench.db, { blobs: bench.blobs, model });
    worker = await startTestWorker({
      urls: bench.db.urls,
      blobs: bench.blobs,
      pipelines: [RESEARCH_PIPELINE],
      model: createOpenAiChat({ config: model }),
      log: createLog('worker', 'silent'),
      concurrency: 2,
      pollMs: 200,
      stageTimeoutMs: 30_000,
      leaseMs: 5_000,
      sweepMs: 1_000,
      shutdownMs: 2_000,
    });
    const account = await api.register();
    token = account.token;
    projectId = (await api.gql('mutation { createProject(input: { name: "Roofs" }) { id } }', {}, token)).data
      .createProject.id;
    await bench.addLibrary(
      ROOF_ARTICLES.map(({ title, body }, index) => ({ name: `${index}.md`, content: `# ${title}\n\n${body}\n` })),
      { tenantId: decodeId('ten', account.tenantId), projectId: decodeId('proj', projectId) },
    );
  });
  afterAll(async () => {
    await worker?.stop();
    await api?.close();
    await endpoint?.close();
    await bench?.close();
  });

  const start = async (): Promise<string> =>
    (await api.gql(START, { input: { projectId, question: ROOF_QUESTION } }, token)).data.startResearch.id;
  const read = async (id: string) => (await api.gql(RUN, { id }, token)).data.run;
  const reach = (id: string, status: string) =>
    vi.waitFor(
      async () => {
        const run = await read(id);
        expect(run.status).toBe(status);
        return run;
      },
      { timeout: 20_000, interval: 100 },
    );

  it('tells what the run has spent and how the last call went, and its key nowhere', async () => {
    behave = streams(`{"sections": "the key is ${TEST_KEY}"}`);
    const run = await reach(await start(), 'SUCCEEDED');
    expect(run.budget).toEqual({ spentModelTokens: 240, spentCostUsd: expect.closeTo(0.0006, 9) }); // asked, and to mend it
    expect(run.stages.filter(({ usage }: StageRead) => usage.calls > 0)).toEqual([
      { name: 'outline', usage: { calls: 2, inputTokens: 200, outputTokens: 40, costUsd: run.budget.spentCostUsd } },
    ]);
    expect(run.report.markdown).toContain('because its answer could not be used.');
    const health = await api.gql(HEALTH, {}, token);
    expect(health.data.serverInfo.model.lastCall).toEqual({ ok: false, reason: 'BAD_ANSWER', model: 'planner' });
    expect(JSON.stringify([run, health, api.logged])).not.toContain(TEST_KEY);
  });

  it('breaks a call off when the run is canceled, and counts it', async () => {
    behave = drips;
    const before = endpoint.calls.length;
    const id = await start();
    await vi.waitFor(() => expect(endpoint.calls.length).toBe(before + 1), { timeout: 20_000, interval: 50 });
    await api.gql('mutation ($id: ID!) { cancelRun(id: $id) { id } }', { id }, token);
    await reach(id, 'CANCELED');
    await vi.waitFor(async () => expect((await read(id)).budget.spentModelTokens).toBeGreaterThan(100));
    const { budget, stages } = await read(id);
    const taken = stages.map(({ usage }: StageRead) => usage.inputTokens + usage.outputTokens);
    expect(taken.filter((tokens: number) => tokens > 0)).toEqual([budget.spentModelTokens]); // though its stage never ended
    expect(endpoint.calls.length).toBe(before + 1);
  });
});
