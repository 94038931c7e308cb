/**
 * What thousands of clients that come and go leave behind in the API process, and how long it takes until all of ten
 * thousand subscribers that were cut off at once are served again, each waiting as the SDK does.
 */
import { once } from 'node:events';
import WebSocket from 'ws';
import { backoffMs } from '../sdk/backoff.js';
import { encodeId } from '../src/platform/ids.js';
import { type ApiProcess, startApi } from './support/api-process.js';
import { type BenchDatabase, insertRunningRun, openBenchDatabase } from './support/bench-database.js';
import { churn } from './support/churn-sockets.js';
import { SUBSCRIPTION } from './support/follow-by-socket.js';
import { quantile } from './support/quantile.js';
import type { Measurement, Size } from './support/report.js';

const SIZES = {
  full: { churned: 10_000, atATime: 200, reconnecting: 10_000 },
  smoke: { churned: 200, atATime: 20, reconnecting: 50 },
};
const MIB = 2 ** 20;
const WITHIN_MS = 5_000; // what tests/faults asks of ten thousand
const OPENING_AT_A_TIME = 100;
const GIVE_UP_MS = 60_000;

export async function measureChurn(size: Size): Promise<Measurement[]> {
  const bench = await openBenchDatabase(4);
  const api = await startApi(bench);
  try {
    return [...(await comeAndGo(api, bench, SIZES[size])), await comeBack(api, bench, SIZES[size].reconnecting)];
  } finally {
    await api.stop();
    await bench.close();
  }
}

async function comeAndGo(
  api: ApiProcess,
  { token }: BenchDatabase,
  { churned, atATime }: typeof SIZES.full,
): Promise<Measurement[]> {
  await churn({ url: api.url, token, sockets: atATime, atATime }); // what is loaded and compiled once is not what is measured
  const before = { rss: (await api.memory()).rss, files: await metric(api, 'process_open_fds') };
  const { silent } = await churn({ url: api.url, token, sockets: churned, atATime });
  for (const socket of silent) socket.destroy();
  while ((await metric(api, 'paperwright_websocket_connections')) > 0) await new Promise(setImmediate);
  const after = { rss: (await api.memory()).rss, files: await metric(api, 'process_open_fds') };
  const count = churned.toLocaleString('en');
  return [
    {
      what: `memory of the API after ${count} clients came and went`,
      ours: `${(after.rss / MIB).toFixed(0)} MiB`,
      baseline: `before them: ${(before.rss / MIB).toFixed(0)} MiB`,
      ratio: after.rss / before.rss,
      wanted: '≤ 1.5',
      rounds: 1,
    },
    {
      what: `open files of the API after ${count} clients came and went`,
      ours: String(after.files),
      baseline: `before them: ${before.files}`,
      ratio: after.files / before.files,
      wanted: '≤ 1.25',
      rounds: 1,
    },
  ];
}

/** Reads a figure that has no labels from /metrics. */
async function metric({ url }: ApiProcess, name: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  const value = new RegExp(`^${name} (\\S+)`, 'm').exec(text)?.[1];
  if (value === undefined) throw new Error(`The API has no metric ${name}.`);
  return Number(value);
}

async function comeBack(api: ApiProcess, bench: BenchDatabase, clients: number): Promise<Measurement> {
  const runId = encodeId('run', await insertRunningRun(bench));
  const subscriber = { url: `${api.url.replace('http', 'ws')}/graphql`, token: bench.token, runId };
  const held: WebSocket[] = [];
  for (let at = 0; at < clients; at += OPENING_AT_A_TIME) {
    const group = Array.from({ length: Math.min(OPENING_AT_A_TIME, clients - at) }, () => served(subscriber));
    held.push(...(await Promise.all(group)));
  }
  const cut = performance.now();
  for (const socket of held) socket.terminate();
  const waits = await Promise.all(
    held.map(async () => {
      const socket = await servedAgain(subscriber);
      return { socket, ms: performance.now() - cut };
    }),
  );
  for (const { socket } of waits) socket.terminate();
  const p99 = quantile(
    waits.map(({ ms }) => ms),
    0.99,
  );
  return {
    what: `p99 until each of ${clients.toLocaleString('en')} cut subscribers was served again`,
    ours: `${p99.toFixed(0)} ms`,
    baseline: `wanted within ${WITHIN_MS} ms`,
    ratio: p99 / WITHIN_MS,
    wanted: '≤ 1',
    rounds: 1,
  };
}

interface Subscriber {
  url: string;
  token: string;
  runId: string;
}

/** As the SDK waits: a little at first and by chance, then longer. */
async function servedAgain(subscriber: Subscriber): Promise<WebSocket> {
  const since = performance.now();
  for (let failures = 1; performance.now() - since < GIVE_UP_MS; failures++) {
    await new Promise((resolve) => setTimeout(resolve, backoffMs(failures)));
    const socket = await served(subscriber).catch(() => undefined);
    if (socket) return socket;
  }
  throw new Error('A subscriber was not served again within a minute.');
}

/** Resolves with the first batch; rejects when the socket closes before. */
async function served({ url, token, runId }: Subscriber): Promise<WebSocket> {
  const socket = new WebSocket(url, 'graphql-transport-ws');
  socket.on('error', () => undefined);
  const closed = once(socket, 'close').then(() => {
    throw new Error('closed');
  });
  closed.catch(() => undefined);
  await Promise.race([once(socket, 'open'), closed]);
  socket.send(JSON.stringify({ type: 'connection_init', payload: { authorization: `Bearer ${token}` } }));
  await Promise.race([once(socket, 'message'), closed]);
  const payload = { query: SUBSCRIPTION, variables: { runId, after: 0 } };
  socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload }));
  await Promise.race([once(socket, 'message'), closed]);
  return socket;
}
