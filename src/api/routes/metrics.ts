/**
 * What /metrics shows (Prometheus text format). Labels have few values, all of our own: no tenant, path, operation name or
 * anything else a client could make up.
 */
import type { FastifyInstance } from 'fastify';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { Services } from '../../platform/graphql/api-context.js';
import { countWaiting } from '../../runs/count-waiting.js';

const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

export type Metrics = ReturnType<typeof createMetrics>;

/** `countOperations`: how many operations are under way over WebSockets, asked at each scrape, as all that is a gauge. */
export function createMetrics(
  { database, runs, signInFailures }: Pick<Services, 'database' | 'runs' | 'signInFailures'>,
  countOperations: () => number,
) {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry }); // process, memory, event loop lag, garbage collection
  const registers = [registry];
  const eventLag = new Histogram({
    name: 'paperwright_event_lag_seconds',
    help: 'Age of the newest event when it is read for subscribers, by this clock against the database’s',
    buckets: SECONDS,
    registers,
  });
  runs.feed.measureLag((ms) => eventLag.observe(ms / 1000));
  return {
    registry,
    httpRequests: new Histogram({
      name: 'paperwright_http_request_duration_seconds',
      help: 'HTTP requests by route and status class',
      labelNames: ['method', 'route', 'status'],
      buckets: SECONDS,
      registers,
    }),
    operations: new Histogram({
      name: 'paperwright_graphql_operation_duration_seconds',
      help: 'GraphQL queries and mutations over HTTP by type and outcome (ok, or the first error code)',
      labelNames: ['type', 'outcome'],
      buckets: SECONDS,
      registers,
    }),
    sockets: new Gauge({ name: 'paperwright_websocket_connections', help: 'Open WebSockets', registers }),
    subscriptions: new Gauge({
      name: 'paperwright_graphql_subscriptions',
      help: 'Operations under way over WebSockets',
      registers,
      collect() {
        this.set(countOperations());
      },
    }),
    socketsClosed: new Counter({
      name: 'paperwright_websocket_closed_total',
      help: 'Closed WebSockets by close code',
      labelNames: ['code'],
      registers,
    }),
    followers: new Gauge({
      name: 'paperwright_run_followers',
      help: 'Subscribers of timelines, over WebSockets and SSE',
      registers,
      collect() {
        this.set(runs.feed.followers);
      },
    }),
    eventLag,
    signInFailures: new Counter({
      name: 'paperwright_sign_in_failures_total',
      help: 'Wrong passwords, codes and tokens, by whether there was such an account (those are in its audit log)',
      labelNames: ['account'],
      registers,
      collect() {
        this.reset();
        this.inc({ account: 'known' }, signInFailures.ofAccounts);
        this.inc({ account: 'none' }, signInFailures.ofNobody);
      },
    }),
    connections: new Gauge({
      name: 'paperwright_database_connections',
      help: 'Connections of the pool that are busy or idle, and callers waiting for one',
      labelNames: ['state'],
      registers,
      async collect() {
        const { open, idle, waiting } = await database.connections();
        this.set({ state: 'busy' }, open - idle);
        this.set({ state: 'idle' }, idle);
        this.set({ state: 'waiting' }, waiting);
      },
    }),
    queue: new Gauge({
      name: 'paperwright_queue_depth',
      help: 'Runs that wait for a worker; not a number while the database does not answer',
      registers,
      async collect() {
        this.set(await countWaiting(database.nobody).catch(() => Number.NaN));
      },
    }),
  };
}

/** Times every request and serves /metrics. */
export function registerMetrics(app: FastifyInstance, metrics: Metrics): void {
  app.addHook('onResponse', async (request, reply) => {
    const labels = {
      method: request.method,
      route: request.routeOptions.url ?? 'none',
      status: `${Math.floor(reply.statusCode / 100)}xx`,
    };
    metrics.httpRequests.observe(labels, reply.elapsedTime / 1000);
  });
  app.get('/metrics', async (_request, reply) => {
    reply.header('cache-control', 'no-store').type(metrics.registry.contentType);
    return metrics.registry.metrics();
  });
}
