/**
 * From the commit of an event to its receipt by each client, against clients that ask every 500 ms. The API runs as it
 * does in production, clients in processes of their own; the writer notes the moment before it sends COMMIT, so the
 * commit itself is counted too. All clocks are the machine's monotonic one.
 *
 * The pollers are few, whatever the number of subscribers: that many pollers would overload the server, and it is the
 * best a poller can do that one should be compared with.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { encodeId } from '../src/platform/ids.js';
import { createNotifier, type Notifier } from '../src/platform/notifications/notifier.js';
import { appendEvents } from '../src/runs/append-events.js';
import { RUN_CHANNEL } from '../src/runs/run-channel.js';
import { type ApiProcess, startApi } from './support/api-process.js';
import { type BenchDatabase, insertRunningRun, openBenchDatabase } from './support/bench-database.js';
import { monotonicMs } from './support/clock.js';
import { quantile } from './support/quantile.js';
import type { Measurement, Size } from './support/report.js';
import { startSubscribers } from './support/subscribers.js';

interface Crowd {
  clients: number;
  runs: number;
  everyMs: number; // one event over all runs
}

const SIZES: Record<Size, { crowds: Crowd[]; rounds: number; events: number }> = {
  full: {
    crowds: [
      { clients: 1, runs: 1, everyMs: 40 },
      { clients: 100, runs: 1, everyMs: 100 },
      { clients: 1_000, runs: 50, everyMs: 50 },
    ],
    rounds: 3,
    events: 100, // of a round
  },
  smoke: {
    crowds: [
      { clients: 1, runs: 1, everyMs: 20 },
      { clients: 10, runs: 1, everyMs: 20 },
      { clients: 50, runs: 5, everyMs: 20 },
    ],
    rounds: 1,
    events: 20,
  },
};
const POLLERS = 10;
const POLLED_EVERY_MS = 37; // no divisor of the pollers' 500, so that events fall everywhere between two questions

interface Stage {
  bench: BenchDatabase;
  api: ApiProcess;
  notifier: Notifier;
}

export async function measureCommitToClient(size: Size): Promise<Measurement[]> {
  const { crowds, rounds, events } = SIZES[size];
  const bench = await openBenchDatabase(4);
  const notifier = createNotifier(bench.database, RUN_CHANNEL, (error) => console.error(error));
  const api = await startApi(bench);
  const measurements: Measurement[] = [];
  try {
    for (const crowd of crowds) measurements.push(...(await compare({ bench, api, notifier }, crowd, rounds, events)));
  } finally {
    await api.stop();
    await bench.close();
  }
  return measurements;
}

/** Subscribers and pollers stay connected throughout; in each round one are written to, then the other. */
async function compare(stage: Stage, crowd: Crowd, rounds: number, events: number): Promise<Measurement[]> {
  const ours = await openAudience(stage, 'socket', crowd.clients, crowd.runs);
  const live: number[] = [];
  const polled: number[] = [];
  try {
    await ours.latencies(10, crowd.everyMs); // the first events find code that was never run
    for (let round = 0; round < rounds; round++) {
      live.push(...(await ours.latencies(events, crowd.everyMs)));
      const pollers = await openAudience(stage, 'polling', POLLERS, 1);
      polled.push(...(await pollers.latencies(events, POLLED_EVERY_MS).finally(pollers.stop)));
    }
  } finally {
    await ours.stop();
  }
  const clients = `${crowd.clients.toLocaleString('en')} client${crowd.clients > 1 ? 's' : ''} on ${crowd.runs} run${crowd.runs > 1 ? 's' : ''}`;
  return [0.5, 0.95].map((q) => ({
    what: `commit to client p${q * 100}, ${clients}`,
    ours: `${quantile(live, q).toFixed(1)} ms`,
    baseline: `polling every 500 ms: ${quantile(polled, q).toFixed(0)} ms`,
    ratio: quantile(live, q) / quantile(polled, q),
    wanted: '≤ 0.05',
    rounds,
  }));
}

async function openAudience(
  { bench, api, notifier }: Stage,
  how: 'socket' | 'polling',
  clients: number,
  runCount: number,
) {
  const runs: { id: string; lastSeq: number }[] = [];
  for (let i = 0; i < runCount; i++) runs.push({ id: await insertRunningRun(bench), lastSeq: 0 });
  const runIds = runs.map(({ id }) => encodeId('run', id));
  const subscribers = await startSubscribers({ how, url: api.url, token: bench.token, runIds, clients });
  const clientsOf = (place: number) => Math.floor(clients / runCount) + (place < clients % runCount ? 1 : 0);
  return {
    /** Of each event and each client, in ms. */
    async latencies(events: number, everyMs: number): Promise<number[]> {
      const committing = new Map<string, number>();
      let expected = 0;
      for (let i = 0; i < events; i++) {
        const place = i % runCount;
        const run = runs[place];
        if (!run) throw new Error('There is no run to write to.');
        run.lastSeq += 1;
        expected += clientsOf(place);
        await bench.database.inTenant(bench.actor.tenantId, async (sql) => {
          await appendEvents(sql, run.id, [{ type: 'LOG_LINE', message: `line ${i}`, payload: {} }], 0);
          committing.set(`${place} ${run.lastSeq}`, monotonicMs());
        });
        notifier.touch(run.id);
        await delay(everyMs);
      }
      const receipts = await subscribers.received(expected);
      return receipts.map(([place, seq, at]) => at - (committing.get(`${place} ${seq}`) ?? Number.NaN));
    },
    stop: () => subscribers.stop(),
  };
}
