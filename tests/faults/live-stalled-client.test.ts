import { once } from 'node:events';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import WebSocket from 'ws';
import { type Account, openAccount } from '../support/account.js';
import { createProjectRow } from '../support/people.js';
import { type Product, type ProductProcess, startProduct } from '../support/product.js';
import { FOLLOW } from '../support/subscriber.js';
import { openTimeline } from '../support/timeline.js';
import {
  buildSubscribers,
  digestOf,
  type SubscriberProcess,
  startSubscribers,
  stopSubscribers,
} from './subscribers.js';

const CLIENTS = 3; // well-behaved ones, of each API
const PINGS_MS = 2 * 12_000; // src/api/websocket/websocket.ts

let product: Product;
let account: Account;
let program: string;
let subscribers: SubscriberProcess[] = [];

beforeAll(async () => {
  program = await buildSubscribers();
  product = await startProduct({ workers: 0, apis: 2 });
  account = await openAccount(product.url, product.db);
});

afterEach(async () => {
  await stopSubscribers(subscribers);
  subscribers = [];
});

afterAll(() => product?.stop());

async function metric(api: ProductProcess | undefined, name: string): Promise<number> {
  const text = await (await fetch(`${api?.url}/metrics`)).text();
  return Number(new RegExp(`^${name}(?:{[^}]*})? (\\S+)$`, 'm').exec(text)?.[1]);
}

const openRun = async () => openTimeline(product.db, account.actor, await createProjectRow(product.db, account.actor));

/** Subscribes, and from then on reads nothing. */
async function stall(api: ProductProcess | undefined, runId: string): Promise<WebSocket> {
  const socket = new WebSocket(`${api?.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
  socket.on('error', () => undefined);
  await once(socket, 'open');
  socket.send(JSON.stringify({ type: 'connection_init', payload: { authorization: `Bearer ${account.token}` } }));
  await once(socket, 'message');
  socket.pause();
  socket.send(
    JSON.stringify({ id: '1', type: 'subscribe', payload: { query: FOLLOW, variables: { runId, after: 0 } } }),
  );
  return socket;
}

test('one stalled client costs an API next to nothing, and the other clients see the whole table', async () => {
  const run = await openRun();
  const filler = 'x'.repeat(1_500);
  const [withStalled, without] = product.apis;
  const orders = { token: account.token, runId: run.publicId, clients: CLIENTS };
  subscribers = product.apis.map((api) => startSubscribers(program, { ...orders, urls: [api.url] }));
  await Promise.all(subscribers.map(({ ready }) => ready));
  const stalled = await stall(withStalled, run.publicId);
  await vi.waitFor(
    async () => expect(await metric(withStalled, 'paperwright_graphql_subscriptions')).toBe(CLIENTS + 1),
    { timeout: 20_000, interval: 50 },
  );
  for (let i = 0; i < 60; i++) await run.append(200, (at) => `${i} ${at} ${filler}`); // 19 MB: more than kernels hold
  const seenBy = async (api: ProductProcess | undefined) => ({
    rss: await metric(api, 'process_resident_memory_bytes'),
    heap: await metric(api, 'nodejs_heap_size_used_bytes'),
  });
  await run.move('SUCCEEDED');
  const expected = digestOf(await run.table());
  for (const { done } of subscribers) {
    for (const history of (await done).histories) expect(history).toEqual(expected);
  }
  const [a, b] = [await seenBy(withStalled), await seenBy(without)];
  const mib = (bytes: number) => Math.round(bytes / 2 ** 20);
  process.stdout.write(
    `stalled client: rss ${mib(a.rss)} MiB against ${mib(b.rss)} without, ratio ${(a.rss / b.rss).toFixed(3)}; heap ${mib(a.heap)} against ${mib(b.heap)}\n`,
  );
  expect(a.rss / b.rss).toBeLessThan(1.25); // two processes differ by some per cent without any cause
  stalled.terminate();
}, 180_000);

test('a client process that is stopped with open sockets is reaped within two pings', async () => {
  const run = await openRun();
  const [api] = product.apis;
  subscribers = [
    startSubscribers(program, { urls: [api?.url ?? ''], token: account.token, runId: run.publicId, clients: 20 }),
  ];
  await subscribers[0]?.ready;
  expect(await metric(api, 'paperwright_websocket_connections')).toBe(20);
  const from = performance.now();
  subscribers[0]?.child.kill('SIGSTOP');
  await vi.waitFor(async () => expect(await metric(api, 'paperwright_websocket_connections')).toBe(0), {
    timeout: 2 * PINGS_MS,
    interval: 200,
  });
  expect(await metric(api, 'paperwright_graphql_subscriptions')).toBe(0);
  process.stdout.write(
    `stopped client process: reaped after ${Math.round(performance.now() - from)} ms, pings every 12 s\n`,
  );
  await run.append(3);
  await run.move('SUCCEEDED');
  subscribers[0]?.child.kill('SIGCONT'); // it finds its sockets cut, comes again from its cursor, and misses nothing
  const expected = digestOf(await run.table());
  expect((await subscribers[0]?.done)?.histories).toEqual(Array.from({ length: 20 }, () => expected));
}, 120_000);
