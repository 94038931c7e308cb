import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApi, type TestApi } from '../../../tests/support/api.js';
import { createTestDatabase, type TestDatabase } from '../../../tests/support/database.js';
import { newId } from '../../platform/ids.js';

const KEY = 'sk-secret-0123456789';
const ADDRESS = 'http://models.example.org:8000/v1';
const INFO =
  '{ serverInfo { name version runKinds paperEngines connectors model { outline draft judge priced lastCall { ok reason model at } } } }';

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
  });
  token = (await api.register()).token;
});
afterAll(async () => {
  await api?.close();
  await bare?.close();
  await db?.drop();
});

/** A worker as its lease writes it, with the outcome of its last call. */
const addWorker = (health: object | null) =>
  db.admin.query(
    `insert into workers (id, host, pid, version, lease_until, model_health) values ($1, 'here', 1, '0', now() + interval '1 hour', $2)`,
    [newId(), health && JSON.stringify(health)],
  );

describe('serverInfo', () => {
  it('says that no model is configured where none is', async () => {
    const { data } = await bare.gql(INFO, {}, token);
    expect(data.serverInfo).toMatchObject({
      name: 'Paperwright',
      model: null,
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
    await addWorker(null);
    await addWorker({ ok: true, reason: null, model: 'planner', at: '2026-01-01T10:00:00.000Z' });
    await addWorker({ ok: false, reason: 'RATE_LIMITED', model: 'writer', at: '2026-01-01T11:00:00.000Z' });
    const answer = await api.gql(INFO, {}, token);
    expect(answer.data.serverInfo.model.lastCall).toMatchObject({ ok: false, reason: 'RATE_LIMITED', model: 'writer' });
    expect(JSON.stringify([answer, api.logged])).not.toMatch(/sk-secret|models\.example/u);
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
