/**
 * The product as it really runs: API and worker processes built into dist/, on a database of their own. Each process can be
 * struck (signals), started again and watched; nothing survives `stop()`.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ProcessMessage } from '../../src/run-process.js';
import { createTestDatabase, type TestDatabase } from './database.js';

const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const SCRIPTS = { api: 'dist/src/main.js', worker: 'dist/worker/main.js' };

export interface ProductProcess {
  child: ChildProcess;
  url: string; // of an API; empty for a worker
  /** What it has written on stderr so far. */
  log(): string;
  kill(signal?: NodeJS.Signals): Promise<void>;
}

export interface Product {
  url: string; // of the first API
  db: TestDatabase;
  dataDir: string; // blobs lie in its folder `blobs`
  apis: ProductProcess[];
  workers: ProductProcess[];
  startApi(env?: Record<string, string>): Promise<ProductProcess>;
  startWorker(env?: Record<string, string>): Promise<ProductProcess>;
  stop(): Promise<void>;
}

export interface ProductOptions {
  env?: Record<string, string>;
  workers?: number; // 1 when absent
  apis?: number; // 1 when absent
}

export async function startProduct(options: ProductOptions = {}): Promise<Product> {
  if (!existsSync(path.join(ROOT, SCRIPTS.api))) throw new Error('dist/ is missing: run `npm run build` first.');
  const db = await createTestDatabase();
  const dataDir = await mkdtemp(path.join(tmpdir(), 'paperwright-product-'));
  const base = { ...processSettings(db, dataDir), PORT: '0', ...options.env };
  const product: Product = {
    url: '',
    db,
    dataDir,
    apis: [],
    workers: [],
    async startApi(env = {}) {
      const started = await startChild(SCRIPTS.api, { ...base, ...env }, dataDir);
      product.apis.push(started);
      return started;
    },
    async startWorker(env = {}) {
      const started = await startChild(SCRIPTS.worker, { ...base, ...env }, dataDir);
      product.workers.push(started);
      return started;
    },
    async stop() {
      await Promise.all([...product.workers, ...product.apis].map((running) => running.kill('SIGKILL')));
      await db.drop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
  try {
    await Promise.all([
      ...Array.from({ length: options.apis ?? 1 }, () => product.startApi()),
      ...Array.from({ length: options.workers ?? 1 }, () => product.startWorker()),
    ]);
  } catch (error) {
    await product.stop();
    throw error;
  }
  product.url = product.apis[0]?.url ?? '';
  return product;
}

/** What every process of one product is given, and nothing of what surrounds the tests. Each call makes another secret. */
export const processSettings = (db: TestDatabase, dataDir: string): Record<string, string> => ({
  PATH: process.env.PATH ?? '',
  NODE_V8_COVERAGE: process.env.NODE_V8_COVERAGE ?? '',
  DATABASE_OWNER_URL: db.urls.owner,
  DATABASE_APP_URL: db.urls.app,
  DATABASE_QUEUE_URL: db.urls.queue,
  DATA_DIR: dataDir,
  SECRET_KEY: randomBytes(32).toString('hex'),
  LOG_LEVEL: 'warn',
});

/** `script` is absolute, or relative to the repository. Resolves when the process says that it is ready. */
export async function startChild(script: string, env: Record<string, string>, cwd: string): Promise<ProductProcess> {
  const child = fork(path.resolve(ROOT, script), { env, cwd, stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
  let log = '';
  child.stderr?.on('data', (chunk) => {
    log += chunk;
  });
  const message = await Promise.race([
    once(child, 'message').then(([first]) => first as ProcessMessage),
    once(child, 'exit').then(([code]) => ({ type: 'fatal' as const, message: `it exited with ${code}: ${log}` })),
  ]);
  if (message.type === 'fatal') throw new Error(`${script} did not start: ${message.message}`);
  return {
    child,
    url: message.url ?? '',
    log: () => log,
    async kill(signal = 'SIGKILL') {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exited = once(child, 'exit');
      child.kill(signal);
      await exited;
    },
  };
}
