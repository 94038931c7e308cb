import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApi, type TestApi } from '../../../tests/support/api.js';
import { createTestDatabase, type TestDatabase } from '../../../tests/support/database.js';
import { storeServiceHealth } from '../../platform/service-health/service-health.js';

const KEY = 'sk-secret-0123456789';
const ADDRESS = 'http://models.example.org:8000/v1';
const INFO =
  '{ serverInfo { name version runKinds paperEngines connectors model { outline draft judge priced lastCall { ok reason model at } } embedding { model dimensions priced lastCall { ok reason model at } } connectorHealth { name configured lastSuccessAt lastFailureAt lastFailureCode } } }';

let db: TestDatabase;
let bare: TestApi;
let api: TestApi;
let token: string;
beforeAll(async () => {
  db = await createTestDatabase();
  bare = await startTestApi(db);
  api = await startTestApi(db, {
    model: {
      baseUrl: ADDRESS,
      apiKey: KEY,
      models: { outline: 'planner', draft: 'writer', judge: 'judge' },
      timeoutMs: 1_000,
      prices: { input: 1, output: 10 },
    },
    embedding: {
      baseUrl: ADDRESS,
      apiKey: KEY,
      model: 'vectors',
      dimensions: 256,
      prefixes: { query: '', passage: '' },
      timeoutMs: 1_000,
      price: null,
    },
    researchConnectors: ['OPENALEX'],
  });
  token = (await api.register()).token;
});
afterAll(async () => {
  await api?.close();
  await bare?.close();
  await db?.drop();
});

/** As workers tell it: each call in turn, a minute after the one before. */
async function called(service: string, outcomes: (string | null)[], detail: string | null = null): Promise<void> {
  for (const failureCode of outcomes) {
    await storeServiceHealth(db.database.nobody, { service, failureCode, detail });
    await db.admin.query(
      `update service_health set last_success_at = last_success_at - interval '1 minute',
      last_failure_at = last_failure_at - interval '1 minute' where service = $1`,
      [service],
    );
  }
}

describe('serverInfo', () => {
  it('says that no model is configured where none is', async () => {
    const { data } = await bare.gql(INFO, {}, token);
    expect(data.serverInfo).toMatchObject({
      name: 'Paperwright',
      model: null,
      embedding: null,
      connectors: ['LIBRARY'],
      runKinds: ['INGESTION', 'RESEARCH'],
    });
    expect(data.serverInfo.version).toMatch(/^\d+\.\d+\.\d+/u);
  });

  it('names the model by what it is asked for and tells how its last call went, and neither key nor address', async () => {
    const before = await api.gql(INFO, {}, token);
    expect(before.data.serverInfo.model).toEqual({
      outline: 'planner',
      draft: 'writer',
      judge: 'judge',
      priced: true,
      lastCall: null,
    });
    await called('MODEL', [null], 'planner');
    const good = await api.gql(INFO, {}, token);
    expect(good.data.serverInfo.model.lastCall).toMatchObject({ ok: true, reason: null, model: 'planner' });
    await called('MODEL', ['RATE_LIMITED'], 'writer');
    const answer = await api.gql(INFO, {}, token);
    expect(answer.data.serverInfo.model.lastCall).toMatchObject({ ok: false, reason: 'RATE_LIMITED', model: 'writer' });
    expect(JSON.stringify([answer, api.logged])).not.toMatch(/sk-secret|models\.example/u);
  });
});

describe('the health of what workers ask', () => {
  it('names the embedding model and tells how its last call went', async () => {
    const { data } = await api.gql(INFO, {}, token);
    expect(data.serverInfo.embedding).toEqual({ model: 'vectors', dimensions: 256, priced: false, lastCall: null });
    await called('EMBEDDING', ['TIMED_OUT', null], 'vectors');
    const answer = await api.gql(INFO, {}, token);
    expect(answer.data.serverInfo.embedding.lastCall).toMatchObject({ ok: true, reason: null, model: 'vectors' });
    expect(JSON.stringify([answer, api.logged])).not.toMatch(/sk-secret|models\.example/u);
  });

  it('lists every connector: whether it may be asked, when it last answered, and when and how it last failed', async () => {
    await called('OPENALEX', [null, 'HTTP_429']);
    await called('CROSSREF', ['UNAVAILABLE', null]);
    const { data } = await api.gql(INFO, {}, token);
    const [openAlex, crossref, arxiv] = ['OPENALEX', 'CROSSREF', 'ARXIV'].map((wanted) =>
      data.serverInfo.connectorHealth.find(({ name }: { name: string }) => name === wanted),
    );
    expect(openAlex).toMatchObject({ configured: true, lastFailureCode: 'HTTP_429' });
    expect(Date.parse(openAlex.lastFailureAt)).toBeGreaterThan(Date.parse(openAlex.lastSuccessAt));
    expect(crossref).toMatchObject({ configured: false, lastFailureCode: 'UNAVAILABLE' });
    expect(Date.parse(crossref.lastSuccessAt)).toBeGreaterThan(Date.parse(crossref.lastFailureAt));
    expect(arxiv).toEqual({
      name: 'ARXIV',
      configured: false,
      lastSuccessAt: null,
      lastFailureAt: null,
      lastFailureCode: null,
    });
  });
});

describe('estimateResearch', () => {
  const ESTIMATE =
    'query ($input: StartResearchInput!) { estimateResearch(input: $input) { models sources calls tokens maxTokens costUsd maxCostUsd fitsBudget } }';
  const CREATE = 'mutation { createProject(input: { name: "P" }) { id } }';

  it('is nothing for a project without sources, and starts no run', async () => {
    const projectId = (await api.gql(CREATE, {}, token)).data.createProject.id;
    const { data } = await api.gql(ESTIMATE, { input: { projectId, question: 'Why?' } }, token);
    expect(data.estimateResearch).toMatchObject({ models: [], sources: 0, calls: 0, tokens: 0, fitsBudget: true });
    expect((await db.admin.query('select 1 from runs')).rowCount).toBe(0);
  });

  it.each([
    ['modelTokens', -1],
    ['modelTokens', 2_000_000_000],
    ['costUsd', -0.5],
  ])('refuses a budget of %s %d, as startResearch does', async (name, value) => {
    const projectId = (await api.gql(CREATE, {}, token)).data.createProject.id;
    const input = { projectId, question: 'Why?', budget: { [name]: value } };
    for (const query of [ESTIMATE, 'mutation ($input: StartResearchInput!) { startResearch(input: $input) { id } }']) {
      const { errors } = await api.gql(query, { input }, token);
      expect(errors?.[0]?.extensions.code).toBe('BAD_INPUT');
    }
  });

  it('takes a budget of a few cents', async () => {
    const projectId = (await api.gql(CREATE, {}, token)).data.createProject.id;
    const input = { projectId, question: 'Why?', budget: { costUsd: 0.05, modelTokens: 40_000 } };
    const { data } = await api.gql(
      'mutation ($input: StartResearchInput!) { startResearch(input: $input) { budget { costUsd modelTokens spentCostUsd } } }',
      { input },
      token,
    );
    expect(data.startResearch.budget).toEqual({ costUsd: 0.05, modelTokens: 40_000, spentCostUsd: 0 });
  });
});
