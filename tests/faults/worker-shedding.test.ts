import { afterAll, beforeAll, expect, test } from 'vitest';
import { type GraphQLAnswer, startTestApi, type TestApi } from '../support/api.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { type FaultLab, openFaultLab } from './support/fault-lab.js';

const RENAME = 'mutation ($id: ID!, $name: String!) { renameProject(id: $id, name: $name) { id } }';
const CREATE = 'mutation ($input: CreateProjectInput!) { createProject(input: $input) { id } }';
const INGEST = 'mutation ($input: IngestPaperInput!) { ingestPaper(input: $input) { id status } }';
const QUEUE_LIMIT = 3;

let lab: FaultLab;
let db: TestDatabase;
let api: TestApi;
let token: string;
let projectId: string;

beforeAll(async () => {
  db = await createTestDatabase({ poolSize: 2 });
  lab = await openFaultLab({ db });
  api = await startTestApi(db, { blobs: lab.blobs, queueLimit: QUEUE_LIMIT });
  ({ token } = await api.register());
  projectId = (await api.gql(CREATE, { input: { name: 'Busy' } }, token)).data.createProject.id;
});
afterAll(async () => {
  await api?.close();
  await lab?.stop();
});

const codesOf = (answers: readonly GraphQLAnswer[]) =>
  new Set(answers.map((answer) => answer.errors?.[0]?.extensions.code ?? 'OK'));

test('with every connection taken and a row locked, requests are shed as UNAVAILABLE with a hint, and none hangs', async () => {
  await db.admin.query('begin');
  await db.admin.query('select 1 from projects for update');
  const rename = (name: string) => api.gql(RENAME, { id: projectId, name }, token);
  const shed = await Promise.all(Array.from({ length: 8 }, (_, index) => rename(`Name ${index}`)));
  await db.admin.query('rollback');
  expect(codesOf(shed)).toEqual(new Set(['UNAVAILABLE']));
  for (const answer of shed) {
    expect(answer.errors?.[0]?.extensions).toMatchObject({ retryable: true, hint: expect.any(String) });
  }
  const served = await Promise.all(Array.from({ length: 20 }, (_, index) => rename(`Name ${index}`)));
  expect(codesOf(served)).toEqual(new Set(['OK']));
});

test('more requests than connections wait their turn: none is refused, none waits for ever', async () => {
  const answers = await Promise.all(
    Array.from({ length: 60 }, (_, index) => api.gql(CREATE, { input: { name: `P ${index}` } }, token)),
  );
  expect(codesOf(answers)).toEqual(new Set(['OK']));
});

test('a run beyond QUEUE_LIMIT is refused through the API with QUEUE_FULL and when to come again', async () => {
  const ingest = (text: string) => api.gql(INGEST, { input: { projectId, text } }, token);
  for (let i = 0; i < QUEUE_LIMIT; i++) {
    const answer = await ingest(`# Paper ${i}\n\nText.`);
    expect(answer.data?.ingestPaper.status, JSON.stringify(answer.errors)).toBe('QUEUED');
  }
  const refused = await ingest('# One more\n\nText.');
  expect(refused.errors?.[0]?.extensions).toMatchObject({
    code: 'QUEUE_FULL',
    retryable: true,
    hint: expect.any(String),
    details: { limit: QUEUE_LIMIT, retryInMs: expect.any(Number) },
  });
  const { rows } = await db.admin.query('select count(*)::integer as runs from runs');
  expect(rows[0].runs).toBe(QUEUE_LIMIT);
});
