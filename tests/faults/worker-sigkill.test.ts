import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { sweepBlobs } from '../../src/artifacts/sweep-blobs.js';
import { INGESTION_STAGES } from '../../src/kinds/ingestion/ingestion-kind.js';
import { RESEARCH_STAGES } from '../../src/kinds/research/research-kind.js';
import { encodeId } from '../../src/platform/ids.js';
import { cancelRun } from '../../src/runs/cancel-run.js';
import { deleteRun } from '../../src/runs/delete-run.js';
import { BLOB_NAMES } from '../../worker/blob-names.js';
import { ROOF_ARTICLES, ROOF_QUESTION } from '../../worker/tools/writer/roof-library.fixture.js';
import type { ProductProcess } from '../support/product.js';
import { expectWhole, type FaultLab, openFaultLab, type TimelineRow, WITHIN } from './support/fault-lab.js';

const STAGES = { INGESTION: INGESTION_STAGES, RESEARCH: RESEARCH_STAGES };
const RESUME_MS = 15_000; // law 4
const HELD_MS = 100_000; // 100 seconds: thirty runs, each up to its place, in one process on a busy machine

interface Struck {
  kind: keyof typeof STAGES;
  stage: string;
  point: string;
  runId: string;
}

const everywhere = (kind: Struck['kind'], points: readonly string[], stages: readonly string[] = STAGES[kind]) =>
  stages.flatMap((stage) => points.map((point) => ({ kind, stage, point })));
const POINTS = ['working', 'inside-transaction', 'after-commit'];
const PLACES = [
  ...everywhere('INGESTION', POINTS),
  ...everywhere('RESEARCH', POINTS),
  ...everywhere('INGESTION', ['before-blob', 'after-blob'], ['fetch']),
  ...everywhere('RESEARCH', ['before-blob', 'after-blob'], ['export']),
];
const requestOf = ({ kind, stage, point }: Omit<Struck, 'runId'>) => `${kind} ${stage} ${point}`;

let lab: FaultLab;
let survivors: ProductProcess[];
let killedAt: number;
const struck: Struck[] = [];

/** Resolves when the worker waits at all of the places. */
function holdsAt(worker: ProductProcess, requests: readonly string[]): Promise<void> {
  const missing = new Set(requests);
  worker.child.on('message', (message: { type: string; request?: string }) => {
    if (message.type === 'held') missing.delete(message.request ?? '');
  });
  return vi.waitFor(() => expect([...missing], worker.log()).toEqual([]), { ...WITHIN, timeout: HELD_MS });
}

beforeAll(async () => {
  lab = await openFaultLab({ env: { WORKER_CONCURRENCY: String(PLACES.length) } });
  const library = await lab.startWorker();
  const articles = ROOF_ARTICLES.map(({ title, body }) => lab.ingest(`# ${title}\n\n${body}\n`));
  for (const run of await Promise.all(articles)) await lab.reach(run.id, 'SUCCEEDED');
  await library.kill('SIGTERM');
  // up already when the other dies, as in a product of several workers, yet taking nothing before
  survivors = await Promise.all([lab.startWorker(), lab.startWorker()]);
  for (const survivor of survivors) survivor.child.kill('SIGSTOP');

  const holdAt = Object.fromEntries(PLACES.map((place) => [requestOf(place), `${place.stage}.${place.point}`]));
  const doomed = await lab.startTestWorker({ HOLD_AT: JSON.stringify(holdAt) });
  const held = holdsAt(doomed, PLACES.map(requestOf));
  for (const place of PLACES) {
    const request = requestOf(place);
    const run =
      place.kind === 'INGESTION'
        ? await lab.ingest(`# ${request}\n\nA stage ends once.`, request)
        : await lab.ask(ROOF_QUESTION, request);
    struck.push({ ...place, runId: run.id });
  }
  await held;
  const exited = once(doomed.child, 'exit');
  doomed.child.kill('SIGKILL');
  await exited;
  killedAt = Date.now();
  for (const survivor of survivors) survivor.child.kill('SIGCONT');
}, 180_000);

afterAll(() => lab?.stop());

test('a run whose worker was killed, at any point of any stage, goes on within 15 s and succeeds with each stage finished once', async () => {
  const pauses: number[] = [];
  for (const { kind, stage, point, runId } of struck) {
    await lab.reach(runId, 'SUCCEEDED');
    const events = await expectWhole(lab, runId, STAGES[kind]);
    const goesOn = events.find((event) => event.type === 'STAGE_STARTED' && event.at.getTime() > killedAt);
    const committed = point === 'after-commit';
    if (goesOn) pauses.push(goesOn.at.getTime() - killedAt);
    // a stage whose commit stood before the strike may have been followed, by the same worker, to the run's end
    else expect(committed, requestOf({ kind, stage, point })).toBe(true);
    expect(attempts(events, stage), requestOf({ kind, stage, point })).toBe(committed ? 1 : 2);
  }
  expect(pauses.length).toBeGreaterThan(PLACES.length / 2);
  pauses.sort((a, b) => a - b);
  const [median, longest] = [pauses[Math.floor(pauses.length / 2)] ?? Number.NaN, pauses.at(-1) ?? Number.NaN];
  console.log(`resumed ${pauses.length} runs after SIGKILL: median ${median} ms, longest ${longest} ms`);
  expect(longest).toBeLessThanOrEqual(RESUME_MS);
});

const attempts = (events: readonly TimelineRow[], stage: string) =>
  events.filter((event) => event.type === 'STAGE_STARTED' && event.stage === stage).length;

test('what the killed worker had stored is named once by rows, and the sweep finds nothing to delete but what was uploaded', async () => {
  const { tenantId } = lab.person.actor;
  const named = await lab.db.admin.query(
    `select sha256 from artifacts union select content_sha256 from papers
     union select original_sha256 from snapshots where original_sha256 is not null
     union select request_sha256 from run_exchanges
     union select response_sha256 from run_exchanges where response_sha256 is not null`,
  );
  await sweep();
  const stored = await readdir(path.join(lab.dataDir, 'blobs', tenantId));
  expect(stored.sort()).toEqual(named.rows.map((row) => row.sha256).sort());
  const published = await lab.db.admin.query('select run_id, name from artifacts group by 1, 2 having count(*) > 1');
  expect(published.rows).toEqual([]);
  const recordsWithGaps = await lab.db.admin.query(
    `select s.run_id, s.name from run_stages s join runs r on r.id = s.run_id
     where r.kind = 'RESEARCH' and r.status = 'SUCCEEDED' and s.exchanges is distinct from
       (select count(*)::integer from run_exchanges e where e.run_id = s.run_id and e.stage = s.name)`,
  );
  expect(recordsWithGaps.rows).toEqual([]);
});

test('a blob of a worker killed between storing and commit is swept once its run is gone, by a worker of the product', async () => {
  const before = await readdir(path.join(lab.dataDir, 'blobs', lab.person.actor.tenantId));
  await Promise.all(survivors.map((survivor) => survivor.kill('SIGTERM')));
  const doomed = await lab.startWorker({ DEBUG_POINT: 'INGESTION.fetch.after-blob:SIGKILL' });
  const run = await lab.ingest('# Nobody names me\n\nThese bytes were stored, and no row came of it.');
  await once(doomed.child, 'exit');
  const after = await readdir(path.join(lab.dataDir, 'blobs', lab.person.actor.tenantId));
  expect(after).toHaveLength(before.length + 1);
  await cancelRun(lab.contextOf(), encodeId('run', run.id));
  await lab.startWorker({ BLOB_SWEEP_MS: '200', BLOB_GRACE_MS: '100' });
  await lab.reach(run.id, 'CANCELED');
  await deleteRun(lab.contextOf(), encodeId('run', run.id));
  await vi.waitFor(
    async () => expect(await readdir(path.join(lab.dataDir, 'blobs', lab.person.actor.tenantId))).toEqual(before),
    WITHIN,
  );
});

const sweep = () =>
  sweepBlobs(
    { database: lab.db.database, blobs: lab.blobs, clock: () => new Date() },
    { names: BLOB_NAMES, graceMs: 0 },
  );
