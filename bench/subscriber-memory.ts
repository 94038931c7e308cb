/**
 * Resident memory of the API process with a thousand subscribers, and with one of them stalled: a client that has
 * subscribed and reads nothing while its run writes more than kernels hold. Every figure is of a fresh process, after its
 * garbage was collected, so neither inherits what the other left.
 */
import { once } from 'node:events';
import WebSocket from 'ws';
import { encodeId } from '../src/platform/ids.js';
import { createNotifier, type Notifier } from '../src/platform/notifications/notifier.js';
import { appendEvents } from '../src/runs/append-events.js';
import { RUN_CHANNEL } from '../src/runs/run-channel.js';
import { type ApiProcess, startApi } from './support/api-process.js';
import { type BenchDatabase, insertRunningRun, openBenchDatabase } from './support/bench-database.js';
import { SUBSCRIPTION } from './support/follow-by-socket.js';
import { median } from './support/quantile.js';
import type { Measurement, Size } from './support/report.js';
import { interleave } from './support/rounds.js';
import { startSubscribers } from './support/subscribers.js';

const MIB = 2 ** 20;
const BATCH = 200; // events
const FILLER = 'x'.repeat(1_500);
const SIZES = {
  full: { rounds: 3, clients: 1_000, runs: 50, batches: 60 }, // 60 × 200 × 1.5 KB: 18 MB for the one that stalls
  smoke: { rounds: 1, clients: 40, runs: 5, batches: 10 },
};

export async function measureSubscriberMemory(size: Size): Promise<Measurement[]> {
  const { rounds, clients, runs, batches } = SIZES[size];
  const bench = await openBenchDatabase(4);
  const notifier = createNotifier(bench.database, RUN_CHANNEL, (error) => console.error(error));
  const empty: number[] = [];
  try {
    const held = (stalls: boolean) => async () => {
      const api = await startApi(bench);
      try {
        empty.push((await api.memory()).rss);
        return await memoryWithSubscribers({ bench, api, notifier }, { clients, runs, batches, stalls });
      } finally {
        await api.stop();
      }
    };
    const rss = await interleave(rounds, { all: held(false), oneStalled: held(true) });
    const count = clients.toLocaleString('en');
    return [
      {
        what: `memory of the API at ${count} subscribers`,
        ours: `${(rss.all / MIB).toFixed(0)} MiB`,
        baseline: `without any: ${(median(empty) / MIB).toFixed(0)} MiB`,
        ratio: rss.all / median(empty),
        wanted: '',
        rounds,
      },
      {
        what: `memory of the API, one of ${count} stalled`,
        ours: `${(rss.oneStalled / MIB).toFixed(0)} MiB`,
        baseline: `all of them read: ${(rss.all / MIB).toFixed(0)} MiB`,
        ratio: rss.oneStalled / rss.all,
        wanted: '≤ 1.05',
        rounds,
      },
    ];
  } finally {
    await bench.close();
  }
}

interface Stage {
  bench: BenchDatabase;
  api: ApiProcess;
  notifier: Notifier;
}

/** All but one follow quiet runs; the last follows one that writes, and reads or does not. Bytes. */
async function memoryWithSubscribers(
  { bench, api, notifier }: Stage,
  { clients, runs, batches, stalls }: { clients: number; runs: number; batches: number; stalls: boolean },
): Promise<number> {
  const runIds: string[] = [];
  for (let i = 0; i < runs; i++) runIds.push(encodeId('run', await insertRunningRun(bench)));
  const crowd = await startSubscribers({
    how: 'socket',
    url: api.url,
    token: bench.token,
    runIds,
    clients: clients - 1,
  });
  const busyRun = await insertRunningRun(bench);
  const one = await openClient(api.url, bench.token, encodeId('run', busyRun), stalls);
  try {
    const events = Array.from({ length: BATCH }, () => ({ type: 'LOG_LINE' as const, message: FILLER, payload: {} }));
    for (let i = 0; i < batches; i++) {
      await bench.database.inTenant(bench.actor.tenantId, (sql) => appendEvents(sql, busyRun, events, 0));
      notifier.touch(busyRun);
    }
    if (!stalls) await one.received(batches * BATCH);
    return (await api.memory()).rss;
  } finally {
    one.close();
    await crowd.stop();
  }
}

/** One that stalls asks and never reads; the other counts what it gets. */
async function openClient(url: string, token: string, runId: string, stalls: boolean) {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
  await once(socket, 'open');
  socket.on('error', () => undefined); // it is cut at the end
  socket.send(JSON.stringify({ type: 'connection_init', payload: { authorization: `Bearer ${token}` } }));
  await once(socket, 'message');
  if (stalls) socket.pause();
  let seen = 0;
  let onSeen: () => void = () => undefined;
  socket.on('message', (data) => {
    const { type, payload } = JSON.parse(String(data)) as {
      type: string;
      payload?: { data: { runEvents: { cursor: number } } };
    };
    if (type === 'ping') socket.send('{"type":"pong"}');
    if (type === 'next') seen = payload?.data.runEvents.cursor ?? seen;
    onSeen();
  });
  socket.send(
    JSON.stringify({ id: '1', type: 'subscribe', payload: { query: SUBSCRIPTION, variables: { runId, after: 0 } } }),
  );
  return {
    received: (lastSeq: number) =>
      new Promise<void>((resolve) => {
        onSeen = () => seen >= lastSeq && resolve();
        onSeen();
      }),
    close: () => socket.terminate(),
  };
}
