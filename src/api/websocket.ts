/**
 * GraphQL over WebSockets (the graphql-transport-ws protocol) at /graphql, on the HTTP server's port.
 *
 * Who: `connectionParams.authorization`, or the upgrade request's Authorization header; checked at the start, and again
 * every `CREDENTIAL_CHECK_MS` for all open sockets in one statement, so that a revoked key or a changed role closes them.
 * From where: browsers send Origin, which must be our own or on the list (cross-site WebSocket hijacking).
 * How much: message size, operations per socket, and what is sent waits until the socket has taken it.
 *
 * Close codes a client sees besides the protocol's own: 1001 going away (resume elsewhere), 1013 try again later (the
 * database does not answer), 4401 the token does not hold, 4403 it no longer holds.
 */
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { type ExecutionArgs, execute, GraphQLError, type GraphQLSchema } from 'graphql';
import { CloseCode, type Context, handleProtocols, makeServer, type SubscribePayload } from 'graphql-ws';
import { type WebSocket, WebSocketServer } from 'ws';
import { liveCredentials } from '../identity/sessions/authenticate.js';
import type { Services } from '../platform/graphql/api-context.js';
import { formatGraphQLError } from './error-format.js';
import { identifyCaller } from './identify-caller.js';
import type { GraphQLLimits } from './limits.js';
import type { Metrics } from './metrics.js';
import { type Caller, OperationContext } from './operation-context.js';
import { documentPreparer } from './prepare-operation.js';
import { originOfUpgrade } from './request-origin.js';
import { keepAlive, ourSocket } from './websocket-adapter.js';

export interface WebSocketOptions {
  schema: GraphQLSchema;
  services: Services;
  limits: GraphQLLimits;
  metrics: Metrics;
  /** Origins besides the server's own. */
  allowedOrigins: readonly string[];
  pingMs?: number;
  credentialCheckMs?: number;
}

export interface WebSocketEndpoint {
  /** Operations under way, over all sockets. */
  operationCount(): number;
  /** Closes every socket with 1001, so that clients go elsewhere and resume. */
  close(): Promise<void>;
}

const PATH = '/graphql';
const MAX_MESSAGE_BYTES = 64 * 1024; // 64 KB: operations are text; bytes are uploaded over HTTP
const MAX_OPERATIONS_PER_SOCKET = 100;
const INIT_WAIT_MS = 3_000; // 3 seconds from the upgrade to connection_init
const PING_MS = 12_000; // 12 seconds; a socket that has not answered by the next ping is half-open
const CREDENTIAL_CHECK_MS = 1_500; // 1.5 seconds: a revoked credential's sockets are closed within 2
const CLOSE_WAIT_MS = 1_000; // 1 second for close frames, then sockets are cut

interface Extra {
  socket: WebSocket;
  request: IncomingMessage;
  /** From connection_init on. */
  caller?: Caller;
}
type ConnectionContext = Context<Record<string, unknown>, Extra>;
/** The acknowledged ones. */
type Connections = Map<WebSocket, Context<Record<string, unknown>, Required<Extra>>>;

export function serveWebSockets(server: Server, options: WebSocketOptions): WebSocketEndpoint {
  const { schema, services, metrics } = options;
  const prepare = documentPreparer(schema, options.limits);
  const connections: Connections = new Map();
  const cleanUps = new Set<Promise<void>>();

  const protocol = makeServer<Record<string, unknown>, Extra>({
    schema,
    connectionInitWaitTimeout: INIT_WAIT_MS,
    onConnect: (connection) => identify(connection),
    onSubscribe: (connection, _id, payload) => begin(connection, payload),
    execute: (args) => executeAndEndReading(args as ExecutionArgs),
    onNext: (_connection, _id, _payload, _args, result) =>
      result.errors && {
        ...result,
        errors: result.errors.map((error) => formatGraphQLError(services.log, error) as GraphQLError),
      },
    onError: (_connection, _id, _payload, errors) =>
      errors.map((error) => formatGraphQLError(services.log, error) as GraphQLError),
  });

  async function identify(connection: ConnectionContext): Promise<boolean> {
    const { extra, connectionParams = {} } = connection;
    const given =
      connectionParams.authorization ?? connectionParams.Authorization ?? extra.request.headers.authorization;
    try {
      const authorization = given === undefined || given === null ? undefined : String(given);
      extra.caller = await identifyCaller(services.database, authorization, originOfUpgrade(extra.request));
    } catch (error) {
      services.log.warn({ err: error }, 'a socket could not be authenticated');
      extra.socket.close(1013, 'The server is busy. Try again in a moment.');
      return true; // closed already, with a code that says to come again
    }
    if (extra.caller.refusal) extra.socket.close(CloseCode.Unauthorized, extra.caller.refusal.message);
    else connections.set(extra.socket, connection as Context<Record<string, unknown>, Required<Extra>>);
    return true;
  }

  function begin(connection: ConnectionContext, payload: SubscribePayload): ExecutionArgs | readonly GraphQLError[] {
    const caller = connection.extra.caller;
    if (!caller) return [new GraphQLError('This connection was not acknowledged.')];
    if (Object.keys(connection.subscriptions).length > MAX_OPERATIONS_PER_SOCKET) {
      return [
        new GraphQLError(`One connection carries ${MAX_OPERATIONS_PER_SOCKET} operations at a time. Open another.`),
      ];
    }
    const document = prepare(payload.query);
    if (!('kind' in document)) return document;
    return {
      schema,
      document,
      operationName: payload.operationName,
      variableValues: payload.variables,
      contextValue: new OperationContext(services, caller),
    };
  }

  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_MESSAGE_BYTES,
    perMessageDeflate: false,
    handleProtocols: (protocols) => handleProtocols(protocols),
  });
  sockets.on('connection', (socket: WebSocket, request: IncomingMessage) => {
    metrics.sockets.inc();
    const stopPinging = keepAlive(socket, options.pingMs ?? PING_MS);
    const closed = protocol.opened(ourSocket(socket, services.log), { socket, request });
    socket.on('error', (error) => services.log.debug({ err: error }, 'socket error')); // ws closes it with a fitting code
    socket.once('close', (code, reason) => {
      stopPinging();
      connections.delete(socket);
      metrics.sockets.dec();
      metrics.socketsClosed.inc({ code });
      const cleanUp = closed(code, reason.toString())
        .catch((error: unknown) => services.log.warn({ err: error }, 'socket clean-up'))
        .finally(() => cleanUps.delete(cleanUp));
      cleanUps.add(cleanUp);
    });
  });

  const upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    if (pathOf(request) !== PATH) return refuse(socket, '404 Not Found');
    if (!isAllowedOrigin(request, options.allowedOrigins)) return refuse(socket, '403 Forbidden');
    sockets.handleUpgrade(request, socket, head, (opened) => sockets.emit('connection', opened, request));
  };
  server.on('upgrade', upgrade);

  const checking = setInterval(
    () =>
      void closeRevoked(services, connections).catch((error: unknown) =>
        services.log.warn({ err: error }, 'credential check'),
      ),
    options.credentialCheckMs ?? CREDENTIAL_CHECK_MS,
  );
  checking.unref();

  return {
    operationCount: () =>
      [...connections.values()].reduce((sum, connection) => sum + Object.keys(connection.subscriptions).length, 0),
    async close() {
      clearInterval(checking);
      server.off('upgrade', upgrade);
      for (const socket of sockets.clients) socket.close(1001, 'Going away');
      const cut = setTimeout(() => {
        for (const socket of sockets.clients) socket.terminate();
      }, CLOSE_WAIT_MS);
      await new Promise<void>((resolve) => sockets.close(() => resolve()));
      const patience = new Promise<void>((resolve) => setTimeout(resolve, CLOSE_WAIT_MS).unref());
      await Promise.race([Promise.all(cleanUps), patience]); // operations end before the database does
      clearTimeout(cut);
    },
  };
}

async function executeAndEndReading(args: ExecutionArgs) {
  const context = args.contextValue as OperationContext;
  try {
    return await execute(args);
  } finally {
    await context.endReading();
  }
}

/** Closes the sockets whose credential has been revoked, has expired, or whose member's roles have changed. */
async function closeRevoked(services: Services, connections: Connections): Promise<void> {
  const ids = new Set([...connections.values()].flatMap(({ extra }) => extra.caller.actor?.credentialId ?? []));
  const live = await liveCredentials(services.database.nobody, [...ids]);
  for (const [socket, { extra }] of connections) {
    const { actor } = extra.caller;
    if (!actor || !ids.has(actor.credentialId)) continue; // anonymous, or opened while we asked
    const roles = live.get(actor.credentialId);
    if (!roles) socket.close(CloseCode.Forbidden, 'Your session or API key was revoked or has expired.');
    else if (roles.join() !== [...actor.roles].join()) socket.close(CloseCode.Forbidden, 'Your roles have changed.');
  }
}

const pathOf = (request: IncomingMessage): string => (request.url ?? '').split('?')[0] ?? '';

/** Programs send no Origin and prove themselves by token; a browser's must be this host or on the list. */
function isAllowedOrigin(request: IncomingMessage, allowed: readonly string[]): boolean {
  const { origin, host } = request.headers;
  if (origin === undefined || allowed.includes(origin)) return true;
  return URL.canParse(origin) && new URL(origin).host === host;
}

function refuse(socket: Duplex, status: string): void {
  socket.on('error', () => undefined); // it may be gone already, and nobody else listens any more
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}
