/**
 * GraphQL over WebSockets (the graphql-transport-ws protocol) at /graphql, on the HTTP server's port.
 *
 * Who: the credentials of `connectionParams`, named like headers, or of the upgrade request; checked at the start, and while
 * the socket is open (watch-credentials.ts).
 * From where: programs send no Origin and prove themselves by token; a browser's must be our own or on the list (cross-site
 * WebSocket hijacking).
 * How much: sockets and subscriptions per person and address, operations per socket and in a minute, message size; and
 * what is sent waits until the socket has taken it.
 *
 * Close codes a client sees besides the protocol's own: 1001 going away (resume elsewhere), 1013 try again later (the
 * database does not answer), 4401 the token does not hold, 4403 it no longer holds.
 */
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import {
  type ExecutionArgs,
  execute,
  GraphQLError,
  type GraphQLSchema,
  getOperationAST,
  type OperationDefinitionNode,
  OperationTypeNode,
} from 'graphql';
import { CloseCode, type Context, handleProtocols, makeServer, type SubscribePayload } from 'graphql-ws';
import { type WebSocket, WebSocketServer } from 'ws';
import { addressOf, trustOf } from '../../platform/client-address.js';
import type { Services } from '../../platform/graphql/api-context.js';
import { withFacts } from '../../platform/telemetry/facts.js';
import type { EdgeSettings } from '../edge-settings.js';
import { formatGraphQLError, toAppError } from '../error-format.js';
import { chargeOperation } from '../graphql/charge-operation.js';
import type { GraphQLLimits } from '../graphql/limits.js';
import { describeOperation, observeCaller, observeOperation } from '../graphql/observe-operations.js';
import { type Caller, OperationContext } from '../graphql/operation-context.js';
import { withDocument } from '../graphql/persisted-documents.js';
import { documentPreparer } from '../graphql/prepare-operation.js';
import type { Guards } from '../guards.js';
import { retryAfterSeconds } from '../http-edge.js';
import { identifyCaller, presentedBy } from '../identify-caller.js';
import { originOfUpgrade } from '../request-origin.js';
import type { Metrics } from '../routes/metrics.js';
import { isAllowedOrigin } from './allowed-origin.js';
import { watchCredentials } from './watch-credentials.js';
import { keepAlive, ourSocket } from './websocket-adapter.js';

export interface WebSocketOptions {
  schema: GraphQLSchema;
  services: Services;
  limits: GraphQLLimits;
  edge: EdgeSettings;
  guards: Guards;
  metrics: Metrics;
  /** Origins besides the server's own. */
  allowedOrigins: readonly string[];
  pingMs?: number;
  credentialCheckMs?: number;
}

export interface WebSocketEndpoint {
  /** Operations under way, over all sockets. */
  operationCount(): number;
  /** Asks now which sockets' credentials still hold, and closes the others. */
  recheckCredentials(): void;
  /** Closes every socket with 1001, so that clients go elsewhere and resume. */
  close(): Promise<void>;
}

const PATH = '/graphql';
const SOCKETS = {
  maxPayload: 64 * 1024, // 64 KB: operations are text; bytes are uploaded over HTTP
  perMessageDeflate: false,
  closeTimeout: 5_000, // 5 seconds for a client to answer a close frame, then its socket is cut
};
const MAX_OPERATIONS_PER_SOCKET = 100;
const INIT_WAIT_MS = 10_000; // 10 seconds from the upgrade to connection_init: a server that is busy with many must not send all away
const PING_MS = 12_000; // 12 seconds; a socket that has not answered by the next ping is half-open
const TRY_AGAIN_LATER = 1013;
const CLOSE_WAIT_MS = 1_000; // 1 second for close frames, then sockets are cut

interface Extra {
  socket: WebSocket;
  request: IncomingMessage;
  ip: string;
  /** What to give back when the socket closes: its person's place, and those of its subscriptions by operation. */
  places: Map<string, () => void>;
  /** From connection_init on. */
  caller?: Caller;
}
type ConnectionContext = Context<Record<string, unknown>, Extra>;

export function serveWebSockets(server: Server, options: WebSocketOptions): WebSocketEndpoint {
  const { schema, services, metrics, edge, guards } = options;
  const { maxCost } = options.limits;
  const prepare = documentPreparer(schema, options.limits, edge);
  const isTrusted = trustOf(edge.trustedProxies);
  const format = (error: unknown) => formatGraphQLError(services.log, error, !edge.introspection) as GraphQLError;
  const connections = new Map<WebSocket, Context<Record<string, unknown>, Required<Extra>>>();
  const cleanUps = new Set<Promise<void>>();
  const acknowledged = () => [...connections].map(([socket, { extra }]) => ({ socket, caller: extra.caller }));

  const protocol = makeServer<Record<string, unknown>, Extra>({
    schema,
    connectionInitWaitTimeout: INIT_WAIT_MS,
    onConnect: (connection) => identify(connection),
    onSubscribe: (connection, id, payload) => begin(connection, id, payload).catch(refusal),
    onComplete: ({ extra }, id) => giveBack(extra.places, id),
    execute: (args) => executeAndEndReading(args as ExecutionArgs),
    onNext: (_connection, _id, _payload, _args, result) =>
      result.errors && {
        ...result,
        errors: result.errors.map(format),
      },
    onError: ({ extra }, id, _payload, errors) => {
      giveBack(extra.places, id);
      return errors.map(format);
    },
  });

  async function identify(connection: ConnectionContext): Promise<boolean> {
    const { extra, connectionParams } = connection;
    try {
      const presented = presentedBy(extra.request, connectionParams);
      extra.caller = await identifyCaller(services, presented, originOfUpgrade(extra.request, extra.ip));
    } catch (error) {
      services.log.warn({ err: error }, 'a socket could not be authenticated');
      extra.socket.close(TRY_AGAIN_LATER, 'The server is busy. Try again in a moment.');
      return true; // closed already, with a code that says to come again
    }
    if (extra.caller.refusal) extra.socket.close(CloseCode.Unauthorized, extra.caller.refusal.message);
    else if (extra.caller.actor && !takePlace(extra, extra.caller.actor.userId)) return true;
    else if (extra.socket.readyState === extra.socket.OPEN)
      connections.set(extra.socket, connection as Context<Record<string, unknown>, Required<Extra>>);
    return true;
  }

  /** False when the person has too many sockets: this one is closed then. */
  function takePlace(extra: Extra, userId: string): boolean {
    try {
      hold(extra, '', guards.openSocket({ userId })); // no operation has the empty id
      return true;
    } catch (error) {
      extra.socket.close(TRY_AGAIN_LATER, toAppError(error).message);
      return false;
    }
  }

  async function begin(
    connection: ConnectionContext,
    id: string,
    payload: SubscribePayload,
  ): Promise<ExecutionArgs | readonly GraphQLError[]> {
    const { caller, ip } = connection.extra;
    if (!caller) return [new GraphQLError('This connection was not acknowledged.')];
    if (Object.keys(connection.subscriptions).length > MAX_OPERATIONS_PER_SOCKET) {
      return [
        new GraphQLError(`One connection carries ${MAX_OPERATIONS_PER_SOCKET} operations at a time. Open another.`),
      ];
    }
    await guards.admission.operation({ actor: caller.actor, ip });
    const document = prepare(withDocument(edge.documents, payload).query);
    if (!('kind' in document)) return document;
    const contextValue = new OperationContext(services, caller);
    const operation = getOperationAST(document, payload.operationName);
    if (operation) {
      const variables = payload.variables ?? {};
      await chargeOperation({ schema, maxCost, admission: guards.admission }, contextValue, {
        document,
        operation,
        variables,
      });
    }
    if (operation?.operation === OperationTypeNode.SUBSCRIPTION)
      hold(connection.extra, id, guards.openSubscription({ ip, userId: caller.actor?.userId }));
    return {
      schema,
      document,
      operationName: payload.operationName,
      variableValues: payload.variables,
      contextValue,
    };
  }

  const sockets = new WebSocketServer({
    ...SOCKETS,
    noServer: true,
    handleProtocols: (protocols) => handleProtocols(protocols),
  });
  sockets.on('connection', (socket: WebSocket, request: IncomingMessage, ip: string) => {
    const places = new Map<string, () => void>();
    metrics.sockets.inc();
    const stopPinging = keepAlive(socket, options.pingMs ?? PING_MS);
    const closed = protocol.opened(ourSocket(socket, services.log), { socket, request, ip, places });
    socket.on('error', (error) => services.log.debug({ err: error }, 'socket error')); // ws closes it with a fitting code
    socket.once('close', (code, reason) => {
      stopPinging();
      connections.delete(socket);
      for (const id of [...places.keys()]) giveBack(places, id);
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
    if (request.headers.origin !== undefined && !isAllowedOrigin(request.headers, options.allowedOrigins))
      return refuse(socket, '403 Forbidden');
    void admit(request, socket, head);
  };
  server.on('upgrade', upgrade);

  async function admit(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    const ip = addressOf(request, isTrusted);
    socket.on('error', () => undefined); // it may be gone by the time it is answered
    try {
      await guards.admission.address(ip);
      const leave = guards.openSocket({ ip });
      socket.once('close', leave); // also when it never becomes a WebSocket
      sockets.handleUpgrade(request, socket, head, (opened) => sockets.emit('connection', opened, request, ip));
    } catch (error) {
      const { message, details } = toAppError(error);
      services.log.debug({ ip }, message);
      refuse(socket, '429 Too Many Requests', retryAfterSeconds(details));
    }
  }

  const credentials = watchCredentials(services, acknowledged, options.credentialCheckMs);

  return {
    operationCount: () =>
      [...connections.values()].reduce((sum, connection) => sum + Object.keys(connection.subscriptions).length, 0),
    recheckCredentials: credentials.recheck,
    async close() {
      credentials.stop();
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
  const observed = () =>
    observeOperation('websocket', async () => {
      observeCaller(context);
      describeOperation(getOperationAST(args.document, args.operationName) as OperationDefinitionNode);
      return execute(args);
    });
  try {
    const result = await withFacts(context.origin.requestId ? { requestId: context.origin.requestId } : {}, observed);
    await context.finish();
    return context.cost ? { ...result, extensions: { ...result.extensions, cost: context.cost } } : result;
  } catch (error) {
    return { data: null, errors: [asGraphQLError(error)] };
  } finally {
    await context.endReading();
  }
}

const asGraphQLError = (error: unknown): GraphQLError =>
  new GraphQLError('What goes before the answer could not be written.', { originalError: error as Error });

const pathOf = (request: IncomingMessage): string => (request.url ?? '').split('?')[0] ?? '';

function refuse(socket: Duplex, status: string, retryAfter?: number): void {
  socket.on('error', () => undefined); // it may be gone already, and nobody else listens any more
  const hint = retryAfter === undefined ? '' : `Retry-After: ${retryAfter}\r\n`;
  socket.end(`HTTP/1.1 ${status}\r\n${hint}Connection: close\r\nContent-Length: 0\r\n\r\n`);
}

/** Keeps a place until the operation ends or the socket closes, which it may have done meanwhile. */
function hold({ socket, places }: Extra, id: string, leave: () => void): void {
  if (socket.readyState === socket.OPEN) places.set(id, leave);
  else leave();
}

function giveBack(places: Map<string, () => void>, id: string): void {
  places.get(id)?.();
  places.delete(id);
}

/** graphql-ws sends what `onSubscribe` returns, and closes the socket on what it throws. */
const refusal = (error: unknown): readonly GraphQLError[] => {
  const appError = toAppError(error);
  return [new GraphQLError(appError.message, { originalError: appError })];
};
