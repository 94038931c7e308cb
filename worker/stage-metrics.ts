/**
 * What a worker counts (Prometheus text format), and the small HTTP server that shows it, with /healthz beside it for a
 * probe. Off unless a port is given; on loopback unless an address is. Labels are names of our own.
 */
import { createServer, type Server } from 'node:http';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { AppError } from '../src/platform/errors.js';

/** How a stage ended: OK, or STOPPED by a cancel, a limit or a shutdown, or FAILED (and is perhaps tried again). */
export type StageOutcome = 'OK' | 'STOPPED' | 'FAILED';

const STAGE_SECONDS = [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600];
const RUN_SECONDS = [0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600, 1_800, 3_600];

export type StageMetrics = ReturnType<typeof createStageMetrics>;

/** `countWaiting`: how many runs wait for a worker, asked at each scrape. */
export function createStageMetrics(countWaiting: () => Promise<number>) {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  return {
    registry,
    stages: new Histogram({
      name: 'paperwright_stage_duration_seconds',
      help: 'One attempt of a stage, from its claim to its end',
      labelNames: ['kind', 'stage', 'outcome'],
      buckets: STAGE_SECONDS,
      registers,
    }),
    runs: new Histogram({
      name: 'paperwright_run_duration_seconds',
      help: 'Runs that ended here, from the request to the end, waiting included',
      labelNames: ['kind', 'status'],
      buckets: RUN_SECONDS,
      registers,
    }),
    pickups: new Histogram({
      name: 'paperwright_run_wait_seconds',
      help: 'From the request of a run to the claim of its first stage',
      labelNames: ['kind'],
      buckets: RUN_SECONDS,
      registers,
    }),
    active: new Gauge({ name: 'paperwright_stages_active', help: 'Stages under way in this process', registers }),
    stale: new Counter({
      name: 'paperwright_stale_jobs_total',
      help: 'Jobs whose run had moved on: nothing was done',
      registers,
    }),
    waiting: new Gauge({
      name: 'paperwright_queue_depth',
      help: 'Runs that wait for a worker',
      registers,
      async collect() {
        this.set(await countWaiting());
      },
    }),
  };
}

/** Listens, or fails with UNAVAILABLE. Returns what ends it and the port it got. */
export async function serveMetrics(
  { registry }: StageMetrics,
  { host, port }: { host: string; port: number },
): Promise<{ port: number; close(): Promise<void> }> {
  const server = createServer((request, response) => {
    if (request.url === '/healthz') return void response.end('ok');
    if (request.url !== '/metrics') return void response.writeHead(404).end();
    registry.metrics().then(
      (text) => response.setHeader('content-type', registry.contentType).end(text),
      () => response.writeHead(503).end(), // the database does not answer
    );
  });
  await listen(server, host, port);
  const address = server.address();
  return {
    port: typeof address === 'object' && address ? address.port : port,
    close: () => new Promise((resolve) => server.close(() => resolve()) && server.closeAllConnections()),
  };
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause) => {
      reject(
        new AppError('UNAVAILABLE', `The worker's metrics cannot be shown on ${host}:${port}.`, {
          cause,
          hint: 'Set METRICS_PORT of the worker to a free port.',
        }),
      );
    });
    server.listen(port, host, resolve);
  });
}
