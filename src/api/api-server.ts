/**
 * The API's one HTTP server: GraphQL over HTTP and WebSockets, health, metrics, and the routes the composition root adds.
 *
 * Closing drains: sockets are told to go elsewhere (1001), no connection is accepted any more, requests under way are
 * answered; what still hangs after `shutdownMs` is cut. A port that cannot be had is UNAVAILABLE with a clear sentence.
 */
import cors from '@fastify/cors';
import Fastify, { type FastifyInstance } from 'fastify';
import type { GraphQLSchema } from 'graphql';
import { trustOf } from '../platform/client-address.js';
import { AppError } from '../platform/errors.js';
import type { Services } from '../platform/graphql/api-context.js';
import { Listener } from '../platform/notifications/listener.js';
import type { EdgeSettings } from './edge-settings.js';
import { createApollo } from './graphql/apollo.js';
import { registerGraphQL } from './graphql/graphql-route.js';
import type { GraphQLLimits } from './graphql/limits.js';
import { observeRequests } from './graphql/observe-operations.js';
import { createGuards, type Guards } from './guards.js';
import { registerHttpEdge } from './http-edge.js';
import { registerHttpErrors } from './http-errors.js';
import { REQUEST_ID_HEADER, requestIdOf } from './request-origin.js';
import { registerHealth } from './routes/health.js';
import { createMetrics, registerMetrics } from './routes/metrics.js';
import { serveWebSockets, type WebSocketEndpoint, type WebSocketOptions } from './websocket/websocket.js';

export interface ApiServerOptions {
  schema: GraphQLSchema;
  services: Services;
  http: { host: string; port: number; allowedOrigins: readonly string[] };
  limits: GraphQLLimits;
  edge: EdgeSettings;
  /** Of role pw_app: where it is told of credentials that have changed. Without it, it asks every moment only. */
  listenUrl?: string;
  shutdownMs: number;
  /** Adds the routes of other slices: playground, blobs, event streams. */
  addRoutes?: (app: FastifyInstance, guards: Guards) => Promise<void>;
  /** For tests of what otherwise takes long. */
  webSocket?: Pick<WebSocketOptions, 'pingMs' | 'credentialCheckMs'>;
}

export interface ApiServer {
  /** Where it listens, without a slash at the end. */
  url: string;
  close(): Promise<void>;
}

const BODY_LIMIT = 1_000_000; // 1 MB: the text of a paper may come within an operation; files are uploaded beside GraphQL
const BACKLOG = 4_096; // connections that wait to be accepted: as many as Linux allows, for when all come back at once
const HEADERS_WITHIN_MS = 20_000; // 20 seconds from the first byte, or from connecting
const REQUEST_WITHIN_MS = 5 * 60_000; // 5 minutes: an upload of 50 MB at 1.4 Mbit/s
const LOOK_FOR_SLOW_MS = 5_000; // 5 seconds
const CREDENTIALS_CHANNEL = 'credentials'; // src/migrations/0020_edge.sql

export async function startApiServer(options: ApiServerOptions): Promise<ApiServer> {
  const { schema, services, http, limits, edge } = options;
  const log = services.log;
  let sockets: WebSocketEndpoint | undefined;
  let draining = false;

  const app = Fastify({
    bodyLimit: BODY_LIMIT,
    requestTimeout: REQUEST_WITHIN_MS,
    http: { headersTimeout: HEADERS_WITHIN_MS, connectionsCheckingInterval: LOOK_FOR_SLOW_MS },
    trustProxy: edge.trustedProxies.length > 0 && trustOf(edge.trustedProxies),
    forceCloseConnections: 'idle',
    return503OnClosing: false, // a request on an open connection is still answered
    logger: false, // /metrics counts requests; the log is for what went wrong
    requestIdHeader: false, // genReqId looks at it
    genReqId: ({ headers }) => requestIdOf(headers),
  });
  app.addHook('onSend', async (request, reply) => {
    reply.header(REQUEST_ID_HEADER, request.id);
    if (draining) reply.header('connection', 'close'); // or a kept-alive connection holds up the end
  });
  const guards = createGuards(services.database, edge, log);
  const metrics = createMetrics(services, () => sockets?.operationCount() ?? 0);
  const apollo = createApollo({ schema, limits, edge, admission: guards.admission, log, metrics });
  await apollo.start();
  registerHttpErrors(app, log, BODY_LIMIT, edge);
  registerHttpEdge(app, edge, guards, log);
  await app.register(cors, {
    origin: [...http.allowedOrigins], // never `*`: credentials below is for the refresh cookie of these
    credentials: true,
    maxAge: 600,
    exposedHeaders: [REQUEST_ID_HEADER, 'ratelimit', 'ratelimit-policy', 'retry-after', 'etag'],
  });
  observeRequests(app);
  registerMetrics(app, metrics);
  registerHealth(app, services.database, () => draining);
  registerGraphQL(app, { apollo, schema, services, allowedOrigins: http.allowedOrigins, edge, guards });
  await options.addRoutes?.(app, guards);
  await app.ready();
  if (edge.maxConnections > 0) app.server.maxConnections = edge.maxConnections;

  sockets = serveWebSockets(app.server, {
    schema,
    services,
    limits,
    edge,
    guards,
    metrics,
    allowedOrigins: http.allowedOrigins,
    ...options.webSocket,
  });
  const recheck = () => sockets?.recheckCredentials();
  const listener =
    options.listenUrl &&
    new Listener({ url: options.listenUrl, channel: CREDENTIALS_CHANNEL, onIds: recheck, onReconnect: recheck });

  async function close(): Promise<void> {
    draining = true;
    const cut = setTimeout(() => app.server.closeAllConnections(), options.shutdownMs);
    if (listener) await listener.stop();
    await sockets?.close();
    await app.close();
    clearTimeout(cut);
    await apollo.stop();
    await guards.close();
    metrics.registry.clear();
  }

  try {
    if (listener) await listener.start();
    const url = await app.listen({ host: http.host, port: http.port, backlog: BACKLOG });
    return { url, close };
  } catch (error) {
    await close();
    throw cannotListen(error, http);
  }
}

function cannotListen(cause: unknown, { host, port }: { host: string; port: number }): unknown {
  switch ((cause as NodeJS.ErrnoException).code) {
    case 'EADDRINUSE':
      return new AppError('UNAVAILABLE', `Port ${port} on ${host} is taken by another program.`, {
        cause,
        hint: 'Stop that one, or set PORT to another number.',
      });
    case 'EACCES':
      return new AppError('UNAVAILABLE', `This user may not listen on port ${port}.`, {
        cause,
        hint: 'Set PORT to a number above 1023.',
      });
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return new AppError('UNAVAILABLE', `${host} is not an address this machine can listen on.`, {
        cause,
        hint: 'Set HOST to one that is.',
      });
    default:
      return cause;
  }
}
