/**
 * Durable events appended per second by 16 writers, each to a run of its own, in batches as a worker's event buffer
 * flushes them: with live push ÷ without, and ÷ bare single-row inserts in equal transactions. Live push is measured twice:
 * what it asks of writers (a hint after each commit, to a process that listens and follows none of the runs), and with what
 * it takes to read every event again beside them, on the same processors (that process follows all the runs; a round ends only when it has
 * seen every event).
 */
import pg from 'pg';
import { createNotifier, type Notifier, silentNotifier } from '../src/platform/notifications/notifier.js';
import { appendEvents } from '../src/runs/append-events.js';
import { RUN_CHANNEL } from '../src/runs/run-channel.js';
import type { RunEventDraft } from '../src/runs/run-event.js';
import { type BenchDatabase, insertRunningRun, openBenchDatabase } from './support/bench-database.js';
import { type Child, startChild } from './support/child-process.js';
import type { FeedOrder, FeedReport } from './support/feed-process.js';
import type { Measurement, Size } from './support/report.js';
import { interleave } from './support/rounds.js';

const WRITERS = 16;
const BATCH = 20; // events
const LINE = 'a line of output as long as those of most programs, so eighty characters or so.';
const SIZES = { full: { rounds: 5, ms: 2_000 }, smoke: { rounds: 1, ms: 300 } };

interface WrittenRun {
  id: string;
  lastSeq: number;
}

export async function measureAppends(size: Size): Promise<Measurement[]> {
  const { rounds, ms } = SIZES[size];
  const bench = await openBenchDatabase(WRITERS + 2);
  const feed: Child<FeedOrder, FeedReport> = startChild('./feed-process.js');
  const bare = await openBareTable(bench);
  try {
    const runs: WrittenRun[] = [];
    for (let i = 0; i < WRITERS; i++) runs.push({ id: await insertRunningRun(bench), lastSeq: 0 });
    const notifier = createNotifier(bench.database, RUN_CHANNEL, (error) => console.error(error));
    const append = (batch: number, to: Notifier) => appendFor(bench, runs, { ms, batch, notifier: to });
    const rates = await interleave(rounds, {
      pushed: () => followed(feed, bench, runs, () => append(BATCH, notifier)),
      hinted: () => followed(feed, bench, [], () => append(BATCH, notifier)),
      silent: () => append(BATCH, silentNotifier),
      single: () => append(1, silentNotifier),
      bare: () => bare.insertFor(ms),
    });
    const perSecond = (rate: number) => `${rate.toFixed(0)}/s`;
    return [
      {
        what: `events appended with hints to who listens, ${WRITERS} writers, batches of ${BATCH}`,
        ours: perSecond(rates.hinted),
        baseline: `the same without push: ${perSecond(rates.silent)}`,
        ratio: rates.hinted / rates.silent,
        wanted: '≥ 0.95',
        rounds,
      },
      {
        what: `events appended while one process follows all ${WRITERS} runs`,
        ours: perSecond(rates.pushed),
        baseline: `the same without push: ${perSecond(rates.silent)}`,
        ratio: rates.pushed / rates.silent,
        wanted: '≥ 0.95',
        rounds,
      },
      {
        what: `events appended in batches of ${BATCH}`,
        ours: perSecond(rates.silent),
        baseline: `bare single-row inserts: ${perSecond(rates.bare)}`,
        ratio: rates.silent / rates.bare,
        wanted: '≥ 3',
        rounds,
      },
      {
        what: 'events appended one by one',
        ours: perSecond(rates.single),
        baseline: `bare single-row inserts: ${perSecond(rates.bare)}`,
        ratio: rates.single / rates.bare,
        wanted: '',
        rounds,
      },
    ];
  } finally {
    await feed.stop();
    await bare.close();
    await bench.close();
  }
}

/** Events per second. */
async function appendFor(
  { database, actor }: BenchDatabase,
  runs: readonly WrittenRun[],
  { ms, batch, notifier }: { ms: number; batch: number; notifier: Notifier },
): Promise<number> {
  const events: RunEventDraft[] = Array.from({ length: batch }, () => ({
    type: 'LOG_LINE',
    message: LINE,
    payload: {},
  }));
  return ratePerSecond(ms, runs, async (run) => {
    await database.inTenant(actor.tenantId, (sql) => appendEvents(sql, run.id, events, 0));
    notifier.touch(run.id);
    run.lastSeq += batch;
    return batch;
  });
}

async function ratePerSecond<T>(
  ms: number,
  writers: readonly T[],
  write: (writer: T) => Promise<number>,
): Promise<number> {
  let written = 0;
  const began = performance.now();
  const until = began + ms;
  await Promise.all(
    writers.map(async (writer) => {
      while (performance.now() < until) {
        const count = await write(writer); // `written += await …` would add to what it was before the wait
        written += count;
      }
    }),
  );
  return written / ((performance.now() - began) / 1000);
}

async function followed(
  feed: Child<FeedOrder, FeedReport>,
  { urls, actor }: BenchDatabase,
  runs: readonly WrittenRun[],
  write: () => Promise<number>,
): Promise<number> {
  const following = feed.next((report): report is { type: 'following' } => report.type === 'following');
  feed.send({ type: 'follow', appUrl: urls.app, actor, runs: runs.map(({ id, lastSeq }) => ({ id, after: lastSeq })) });
  await following;
  const rate = await write();
  const finished = feed.next((report): report is { type: 'finished' } => report.type === 'finished');
  feed.send({ type: 'finish', heads: runs.map(({ id, lastSeq }) => ({ id, lastSeq })) });
  await finished;
  return rate;
}

/** A table with the columns and the key of run_events and nothing else: no policies, no references, no partitions. */
async function openBareTable({ admin, urls, actor }: BenchDatabase) {
  await admin.query(
    `create table bare_events (run_id uuid, seq integer, tenant_id uuid not null, at timestamptz not null default clock_timestamp(),
       level text not null, stage text, type text not null, message text not null, payload jsonb not null, primary key (run_id, seq))`,
  );
  await admin.query('grant all on bare_events to pw_app');
  const writers: { client: pg.Client; id: string; seq: number }[] = [];
  for (let i = 0; i < WRITERS; i++) {
    const client = new pg.Client({ connectionString: urls.app });
    client.on('error', () => undefined); // the server is stopped under it at the end
    await client.connect();
    writers.push({ client, id: crypto.randomUUID(), seq: 0 });
  }
  const begin = `begin; select set_config('app.tenant', '${actor.tenantId}', true), set_config('app.user', '', true), set_config('app.sees_all', 'off', true)`;
  const insert = {
    name: 'insert',
    text: `insert into bare_events (run_id, seq, tenant_id, level, stage, type, message, payload) values ($1, $2, $3, 'INFO', null, 'LOG_LINE', $4, '{}')`,
  };
  return {
    insertFor: (ms: number) =>
      ratePerSecond(ms, writers, async (writer) => {
        await writer.client.query(begin);
        await writer.client.query({ ...insert, values: [writer.id, ++writer.seq, actor.tenantId, LINE] });
        await writer.client.query('commit');
        return 1;
      }),
    close: () => Promise.all(writers.map(({ client }) => client.end())),
  };
}
