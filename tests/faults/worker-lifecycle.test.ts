import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { contentKey, sha256Of } from '../../src/platform/blobs/blob-key.js';
import { isAppError } from '../../src/platform/errors.js';
import { encodeId } from '../../src/platform/ids.js';
import { answerInputRequest } from '../../src/runs/answer-input-request.js';
import { cancelRun } from '../../src/runs/cancel-run.js';
import { ROOF_ARTICLES, ROOF_QUESTION } from '../../worker/tools/writer/roof-library.fixture.js';
import type { ProductProcess } from '../support/product.js';
import { expectDense, expectWhole, FAULT_TEST, type FaultLab, openFaultLab, WITHIN } from './support/fault-lab.js';

const SHORT_LEASE = { LEASE_MS: '1500', SWEEP_MS: '300', WORKER_POLL_MS: '200' };
/** How much longer than its run needs to go elsewhere a worker stays stopped: docs/testing.md has the long stop. */
const STOPPED_MS = Number(process.env.FAULT_STOP_MS ?? 0);
const SHIFT_CLOCK = fileURLToPath(new URL('./support/shift-clock.mjs', import.meta.url));

let lab: FaultLab;
const workers = new Set<ProductProcess>();

beforeAll(async () => {
  lab = await openFaultLab({ env: SHORT_LEASE });
});
afterEach(async () => {
  await Promise.all([...workers].map((worker) => worker.kill('SIGKILL')));
  workers.clear();
});
afterAll(() => lab?.stop());

async function startWorker(env: Record<string, string> = {}): Promise<ProductProcess> {
  const worker = await lab.startTestWorker(env);
  workers.add(worker);
  return worker;
}

/** Until the run is being worked on. */
const isClaimed = (runId: string) =>
  vi.waitFor(async () => expect((await lab.run(runId)).worker_id).not.toBeNull(), WITHIN);

test('a worker stopped inside completeStage holds nobody up; its commit is refused and its late finish deletes no live job', async () => {
  // the sweeper holds on to a run of its own, so that what it queues anew stays in the queue
  const busy = await lab.start('quick');
  const holdAt = JSON.stringify({ [busy.clientRequestId ?? '']: 'first.working' });
  const sweeper = await startWorker({ WORKER_CONCURRENCY: '1', HOLD_AT: holdAt });
  await isClaimed(busy.id);
  const stopped = await startWorker({
    DEBUG_POINT: 'FAULT_TEST.first.inside-transaction:SIGSTOP',
    WORKER_CONCURRENCY: '2',
  });
  const beside = await lab.start('linger 3000');
  await isClaimed(beside.id);
  const run = await lab.start('quick');
  await vi.waitFor(async () => expect(await stateOf(stopped)).toBe('T'), WITHIN);
  await vi.waitFor(async () => expect((await lab.run(run.id)).fence).toBe(2), WITHIN);
  const [job] = await liveJobs(run.id);
  expect(job).toBeDefined();
  const [movedBeside, moved] = [await lossOf(beside.id), await lossOf(run.id)];
  expect(movedBeside, 'the run beside the locked one was moved first').toBeLessThan(moved);

  await delay(STOPPED_MS);
  expect(await liveJobs(run.id)).toEqual([job]);
  stopped.child.kill('SIGCONT');
  await lab.reach(run.id, 'SUCCEEDED');
  const events = await expectWhole(lab, run.id, FAULT_TEST.stages);
  expect(events.filter((event) => event.type === 'STAGE_STARTED').map((event) => event.payload.attempt)).toEqual([
    1, 2, 1,
  ]);
  // claimed, lost, claimed, finished, claimed, finished: no other hand has had to put a job back
  expect((await lab.run(run.id)).fence).toBe(6);
  await sweeper.kill('SIGKILL');
});

test('a stage that another worker has taken over is stopped in the worker that stood still, and its place is free again', async () => {
  const stopped = await startWorker({ WORKER_CONCURRENCY: '1' });
  const run = await lab.start('stuck');
  await isClaimed(run.id);
  stopped.child.kill('SIGSTOP');
  const successor = await startWorker();
  await lab.reach(run.id, 'SUCCEEDED');
  await successor.kill('SIGTERM');
  await delay(STOPPED_MS);
  stopped.child.kill('SIGCONT');
  const next = await lab.start('quick');
  await lab.reach(next.id, 'SUCCEEDED');
  await stopped.kill('SIGTERM');
  expect(stopped.child.exitCode).toBe(0);
  await expectWhole(lab, run.id, FAULT_TEST.stages);
  await expectWhole(lab, next.id, FAULT_TEST.stages);
});

test('a worker told to stop finishes what ends in time and hands a long stage back, with no attempt counted', async () => {
  const patient = await startWorker({ SHUTDOWN_MS: '30000' });
  const short = await lab.start('linger 1500');
  await isClaimed(short.id);
  await patient.kill('SIGTERM');
  expect(patient.child.exitCode).toBe(0);
  const finished = (await lab.timeline(short.id)).filter((event) => event.type === 'STAGE_FINISHED');
  expect(finished.map((event) => event.stage)).toContain('first');

  const hasty = await startWorker({ SHUTDOWN_MS: '100' });
  const long = await lab.start('linger 4000');
  await isClaimed(long.id);
  await hasty.kill('SIGTERM');
  expect(hasty.child.exitCode).toBe(0);
  expect(await lab.run(long.id)).toMatchObject({ status: 'RUNNING', worker_id: null, current_stage: 'first' });
  expect(await liveJobs(long.id)).toHaveLength(1);

  await startWorker();
  await lab.reach(long.id, 'SUCCEEDED');
  await lab.reach(short.id, 'SUCCEEDED');
  const events = await expectWhole(lab, long.id, FAULT_TEST.stages);
  const started = events.filter((event) => event.type === 'STAGE_STARTED' && event.stage === 'first');
  expect(started.map((event) => event.payload.attempt)).toEqual([1, 1]);
  const [stage] = (
    await lab.db.admin.query(`select losses, attempt from run_stages where run_id = $1 and name = 'first'`, [long.id])
  ).rows;
  expect(stage).toEqual({ losses: 0, attempt: 1 });
});

test('a stage that kills its worker ends FAILED WORKER_LOST after three, and the stages beside it succeed', async () => {
  const poison = await lab.start('poison');
  const innocent = await Promise.all(Array.from({ length: 3 }, () => lab.start('linger 800')));
  let deaths = 0;
  while ((await lab.run(poison.id)).status !== 'FAILED') {
    const worker = await startWorker({ SWEEP_MS: '100' });
    await vi.waitFor(async () => {
      const dead = worker.child.signalCode !== null;
      expect(dead || (await lab.run(poison.id)).status === 'FAILED').toBe(true);
    }, WITHIN);
    if (worker.child.signalCode === 'SIGKILL') deaths += 1;
  }
  expect(deaths).toBe(3);
  expect((await lab.run(poison.id)).failure).toMatchObject({ code: 'WORKER_LOST', stage: 'first', retryable: true });
  const late = await lab.start('quick');
  for (const run of [...innocent, late]) {
    await lab.reach(run.id, 'SUCCEEDED');
    await expectWhole(lab, run.id, FAULT_TEST.stages);
  }
  const events = await lab.timeline(poison.id);
  expectDense(await lab.run(poison.id), events);
  expect(events.filter((event) => event.type === 'ERROR_RAISED').map((event) => event.payload.code)).toEqual(
    Array(3).fill('WORKER_LOST'),
  );
});

test('two hundred queued runs of one tenant do not starve the single run of another', async () => {
  const other = await lab.newPerson();
  const crowd = [];
  for (let batch = 0; batch < 20; batch++) {
    crowd.push(...(await Promise.all(Array.from({ length: 10 }, () => lab.start('quick')))));
  }
  const single = await lab.start('quick', other);
  const worker = await startWorker({ WORKER_CONCURRENCY: '2' });
  await lab.reach(single.id, 'SUCCEEDED');
  await worker.kill('SIGKILL');
  const { rows } = await lab.db.admin.query(
    `select count(*)::integer as before from runs
     where id = any ($1) and finished_at < (select finished_at from runs where id = $2)`,
    [crowd.map((run) => run.id), single.id],
  );
  expect(rows[0].before).toBeLessThan(20);
  await lab.db.admin.query('delete from runs where id = any ($1)', [crowd.map((run) => run.id)]);
});

test('two tenants with the same text and question, worked on side by side, share no row and no blob', async () => {
  await Promise.all([startWorker(), startWorker()]);
  const people = [await lab.newPerson(), await lab.newPerson()];
  const library = ROOF_ARTICLES.map(({ title, body }) => ({ title, text: `# ${title}\n\n${body}\n` }));
  const [shared, ...others] = library;
  const own = [others.slice(0, 2), others.slice(2)];
  const ingested = people.flatMap((person, index) =>
    [shared, ...(own[index] ?? [])].map((article) => lab.ingest(article?.text ?? '', undefined, person)),
  );
  for (const run of await Promise.all(ingested)) await lab.reach(run.id, 'SUCCEEDED');
  const asked = await Promise.all(people.map((person) => lab.ask(ROOF_QUESTION, undefined, person)));
  for (const run of asked) await lab.reach(run.id, 'SUCCEEDED');

  const { rows: tables } = await lab.db.admin.query(
    `select r.table_name as name from information_schema.columns r join information_schema.columns t using (table_schema, table_name)
     where table_schema = 'public' and r.column_name = 'run_id' and t.column_name = 'tenant_id'`,
  );
  expect(tables.length).toBeGreaterThan(5);
  for (const { name } of tables) {
    const { rows } = await lab.db.admin.query(
      `select 1 from ${name} x join runs r on r.id = x.run_id where r.tenant_id <> x.tenant_id`,
    );
    expect(rows, name).toEqual([]);
  }
  for (const [index, { actor }] of people.entries()) {
    const foreign = own[1 - index]?.map(({ title }) => title) ?? [];
    const expected = [shared, ...(own[index] ?? [])].map((article) => sha256Of(article?.text ?? ''));
    const { rows } = await lab.db.admin.query('select content_sha256 from papers where tenant_id = $1', [
      actor.tenantId,
    ]);
    expect(rows.map((row) => row.content_sha256).sort()).toEqual(expected.sort());
    const reports = await lab.db.admin.query('select report::text from research_runs where tenant_id = $1', [
      actor.tenantId,
    ]);
    expect(reports.rows).toHaveLength(1);
    for (const title of foreign) expect(reports.rows[0].report).not.toContain(title);
    expect(await lab.blobs.stat(contentKey(actor.tenantId, sha256Of(shared?.text ?? '')))).toBeDefined();
  }
});

test('workers whose clocks are ten minutes off keep their leases, and the order of events is that of the database', async () => {
  const shifted = (ms: number) =>
    startWorker({ NODE_OPTIONS: `--import ${SHIFT_CLOCK}`, CLOCK_SHIFT_MS: String(ms), WORKER_CONCURRENCY: '2' });
  await Promise.all([shifted(600_000), shifted(-600_000)]);
  const runs = await Promise.all(Array.from({ length: 4 }, () => lab.start('emit 300')));
  for (const run of runs) {
    await lab.reach(run.id, 'SUCCEEDED');
    const events = await expectWhole(lab, run.id, FAULT_TEST.stages);
    expect(events.filter((event) => event.type === 'LOG_LINE').map((event) => event.message)).toEqual(
      Array.from({ length: 300 }, (_, index) => `line ${index + 1}`),
    );
    expect(events.filter((event) => event.type === 'STAGE_STARTED')).toHaveLength(2); // none was taken for lost
    const times = events.map((event) => event.at.getTime());
    expect(times).toEqual([...times].sort((a, b) => a - b));
  }
  const { rows } = await lab.db.admin.query(
    'select max(abs(extract(epoch from lease_until - clock_timestamp()))) as off from workers where lease_until > now()',
  );
  expect(Number(rows[0].off)).toBeLessThan(60);
});

test('an answer races a cancel fifty times: one terminal state, and never SUCCEEDED after the cancel was acknowledged', async () => {
  await startWorker({ WORKER_CONCURRENCY: '8' });
  const race = async () => {
    const run = await lab.start('ask');
    await lab.reach(run.id, 'BLOCKED');
    const [request] = (await lab.db.admin.query('select id from input_requests where run_id = $1', [run.id])).rows;
    const answer = { requestId: encodeId('req', request.id), answer: { go: true } };
    const [, canceled] = await Promise.allSettled([
      answerInputRequest(lab.contextOf(), answer, new Map()).catch(unlessOvertaken),
      cancelRun(lab.contextOf(), encodeId('run', run.id)),
    ]);
    if (canceled.status === 'rejected') throw canceled.reason;
    await vi.waitFor(async () => expect(['CANCELED', 'SUCCEEDED']).toContain((await lab.run(run.id)).status), WITHIN);
    const row = await lab.run(run.id);
    if (canceled.value.cancelRequestedAt) expect(row.status).toBe('CANCELED');
    const events = await lab.timeline(run.id);
    expectDense(row, events);
    const ends = events.filter(
      (event) => event.type === 'STATE_CHANGED' && ['CANCELED', 'SUCCEEDED'].includes(String(event.payload.to)),
    );
    expect(ends).toHaveLength(1);
    return row.status;
  };
  const outcomes: string[] = [];
  for (let batch = 0; batch < 5; batch++) outcomes.push(...(await Promise.all(Array.from({ length: 10 }, race))));
  expect(outcomes).toHaveLength(50);
  expect(outcomes).toContain('CANCELED');
});

function unlessOvertaken(error: unknown): void {
  if (!isAppError(error) || error.code !== 'CONFLICT') throw error;
}

/** R, S, T (stopped) …, as the kernel says. */
async function stateOf({ child }: ProductProcess): Promise<string | undefined> {
  return /\) (\w)/.exec(await readFile(`/proc/${child.pid}/stat`, 'utf8'))?.[1];
}

async function liveJobs(runId: string): Promise<{ key: string }[]> {
  const { rows } = await lab.db.admin.query('select key from graphile_worker._private_jobs where key like $1', [
    `run:${runId}:%`,
  ]);
  return rows as { key: string }[];
}

/** When the run was taken from its lost worker, in ms. */
async function lossOf(runId: string): Promise<number> {
  const lost = (await lab.timeline(runId)).find((event) => event.payload.code === 'WORKER_LOST');
  return lost?.at.getTime() ?? Number.NaN;
}
