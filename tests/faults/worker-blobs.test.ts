import { rename, truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { loadConfig } from '../../src/config.js';
import { ingestPaper } from '../../src/kinds/ingestion/ingest-paper.js';
import { INGESTION_STAGES } from '../../src/kinds/ingestion/ingestion-kind.js';
import { sha256Of } from '../../src/platform/blobs/blob-key.js';
import { encodeId } from '../../src/platform/ids.js';
import { backoffMs } from '../../worker/engine/settle-failure.js';
import { startTestApi } from '../support/api.js';
import { accessTokenFor } from '../support/auth.js';
import type { ProductProcess } from '../support/product.js';
import { expectWhole, type FaultLab, openFaultLab, WITHIN } from './support/fault-lab.js';

let lab: FaultLab;
let worker: ProductProcess;

beforeAll(async () => {
  lab = await openFaultLab();
});
afterEach(() => worker?.kill('SIGTERM'));
afterAll(() => lab?.stop());

test('while the blob store is away a stage tries again with an event each time and the API serves; then the run succeeds', async () => {
  const uploadId = await lab.upload('# Soil\n\nA roof of soil retains the rain of a night.');
  const [there, away] = ['blobs', 'blobs-away'].map((name) => path.join(lab.dataDir, name)) as [string, string];
  worker = await lab.startWorker();
  await rename(there, away);
  const run = await ingestPaper(lab.contextOf(), { projectId: encodeId('proj', lab.person.projectId), uploadId });
  const failedTries = async () => (await lab.timeline(run.id)).filter((event) => event.type === 'ERROR_RAISED');
  const api = await startTestApi(lab.db, { blobs: lab.blobs });
  try {
    await vi.waitFor(async () => expect((await failedTries()).length).toBeGreaterThanOrEqual(2), WITHIN);
    const query = 'query ($id: ID!) { run(id: $id) { status stages { name attempt } } }';
    const answer = await api.gql(query, { id: encodeId('run', run.id) }, await accessTokenFor(lab.person.actor));
    expect(answer.errors).toBeUndefined();
    expect(answer.data.run.status).toBe('RUNNING');
  } finally {
    await api.close();
    await rename(away, there);
  }
  await lab.reach(run.id, 'SUCCEEDED');
  await expectWhole(lab, run.id, INGESTION_STAGES);
  const [first] = await failedTries();
  expect(first?.payload).toMatchObject({ code: 'UNAVAILABLE', retryable: true, attempt: 1, retryInMs: 500 });
});

test('with the settings as they come, a stage outlasts a minute without blob store', () => {
  const { maxStageAttempts } = loadConfig({ DATA_DIR: lab.dataDir }).worker;
  const waits = Array.from({ length: maxStageAttempts - 1 }, (_, index) => backoffMs(index + 1));
  expect(waits.reduce((sum, wait) => sum + wait, 0)).toBeGreaterThan(60_000);
});

test.each([
  ['truncated', (file: string) => truncate(file, 10)],
  ['altered', (file: string) => writeFile(file, '# Soil\n\nA roof of soil retains nothing at all.')],
])(
  'stored content that was %s is refused by its hash: the run FAILS, and nothing of it can be found',
  async (word, damage) => {
    const text = `# Soil\n\nA roof of soil retains the rain of a night (${word}).`;
    const run = await ingestPaper(lab.contextOf(), { projectId: encodeId('proj', lab.person.projectId), text });
    await damage(path.join(lab.dataDir, 'blobs', lab.person.actor.tenantId, sha256Of(text)));
    worker = await lab.startWorker();
    await lab.reach(run.id, 'FAILED');
    expect((await lab.run(run.id)).failure).toMatchObject({
      code: 'HASH_MISMATCH',
      stage: 'extract',
      retryable: false,
    });
    const { rows } = await lab.db.admin.query('select status from papers where content_sha256 = $1', [sha256Of(text)]);
    expect(rows).toEqual([{ status: 'FAILED' }]);
    expect((await lab.db.admin.query('select 1 from snapshots where text like $1', [`%${word}%`])).rows).toEqual([]);
  },
);
