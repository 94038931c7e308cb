import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { type Account, openAccount } from '../support/account.js';
import { createProjectRow } from '../support/people.js';
import { type Product, startProduct } from '../support/product.js';
import { openTimeline, type Timeline } from '../support/timeline.js';
import {
  buildSubscribers,
  digestOf,
  type SubscriberProcess,
  startSubscribers,
  stopSubscribers,
} from './subscribers.js';

const PROCESSES = 4;
const CLIENTS = 50; // in each

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

/** 200 clients on a run, half of them on each API. */
async function subscribeAll(): Promise<Timeline> {
  const { db } = product;
  const run = await openTimeline(db, account.actor, await createProjectRow(db, account.actor));
  await run.append(50);
  const orders = { urls: urls(), token: account.token, runId: run.publicId, clients: CLIENTS };
  subscribers = Array.from({ length: PROCESSES }, () => startSubscribers(program, orders));
  await Promise.all(subscribers.map(({ ready }) => ready));
  return run;
}

const urls = () => product.apis.slice(0, 2).map((api) => api.url);
const write = async (run: Timeline, transactions: number) => {
  for (let i = 0; i < transactions; i++) await run.append(20);
};

/** Ends the run; every client's history must equal the table. Answers why clients had to come again. */
async function judge(run: Timeline): Promise<(string | number)[]> {
  await run.move('SUCCEEDED');
  const expected = digestOf(await run.table());
  const reports = await Promise.all(subscribers.map(({ done }) => done));
  const histories = reports.flatMap((report) => report.histories);
  expect(histories).toHaveLength(PROCESSES * CLIENTS);
  for (const history of histories) expect(history).toEqual(expected);
  return reports.flatMap((report) => report.interruptions);
}

async function restartApi(place: 0 | 1): Promise<void> {
  const old = product.apis[place];
  const started = await product.startApi({ PORT: new URL(old?.url ?? '').port });
  product.apis.splice(product.apis.indexOf(started), 1);
  product.apis[place] = started;
}

test('each API is killed in turn under 200 subscribers: every history equals the table', async () => {
  const run = await subscribeAll();
  await write(run, 15);
  await product.apis[0]?.kill('SIGKILL');
  await write(run, 15);
  await restartApi(0);
  await write(run, 8);
  await product.apis[1]?.kill('SIGKILL');
  await write(run, 15);
  await restartApi(1);
  const interruptions = await judge(run);
  expect(interruptions.filter((code) => code === 1006).length).toBeGreaterThanOrEqual(PROCESSES * CLIENTS);
}, 120_000);

test('an API that is told to stop sends its clients away with 1001, and they go on elsewhere without a gap', async () => {
  const run = await subscribeAll();
  await write(run, 8);
  const [leaving] = product.apis;
  const said: unknown[] = [];
  leaving?.child.on('message', (message) => said.push(message));
  await Promise.all([leaving?.kill('SIGTERM'), write(run, 15)]);
  expect(leaving?.child.exitCode, `${JSON.stringify(said)} ${leaving?.log()}`).toBe(0);
  await write(run, 8);
  const interruptions = await judge(run);
  expect(interruptions.filter((code) => code === 1001)).not.toHaveLength(0);
  await restartApi(0);
}, 120_000);
