/**
 * The WebSocket that all subscriptions of a client share. It is opened by the first and closed a moment after the last.
 * It never retries by itself: whoever subscribed knows from where to go on. A peer that vanished without a word is
 * noticed by an unanswered ping, and every subscription then fails as if the socket had been closed.
 *
 * The server closes it when the token it was opened with no longer holds; the next connection asks for another.
 */
import { type Client, CloseCode, createClient } from 'graphql-ws';

const PING_MS = 10_000;
const PONG_WITHIN_MS = 5_000;
const ACK_WITHIN_MS = 10_000;
const KEEP_IDLE_MS = 1_000; // the next subscription often follows at once

export interface LiveSocketOptions {
  /** `ws://…/graphql` */
  url: string;
  /** Asked at each connection, so that a renewed token is used; told which one the server has just refused. */
  token: (refused?: string) => Promise<string | undefined>;
  /** Whether `token` may answer another one when it is told of a refusal. */
  renews: boolean;
  /** A WebSocket class, as in browsers; the `ws` package's is one. The global one when absent. */
  webSocket?: unknown;
}

export interface LiveSocket extends Client {
  /** Why there was no token for the last connection; undefined when there was one, or none was needed. */
  readonly tokenFailure: unknown;
  /** Whether the next connection will come with another token than one that was refused just now. */
  readonly renewsNext: boolean;
}

export function openLiveSocket({ url, token, renews, webSocket }: LiveSocketOptions): LiveSocket {
  let overdue: ReturnType<typeof setTimeout> | undefined;
  let used: string | undefined;
  let refused: string | undefined;
  let tokenFailure: unknown;
  let afterRefusal = false;
  const client = createClient({
    url,
    ...(webSocket ? { webSocketImpl: webSocket } : {}),
    connectionParams: async () => {
      tokenFailure = undefined;
      afterRefusal = refused !== undefined;
      used = await token(refused).catch((error: unknown) => {
        tokenFailure = error;
        throw error; // closes the socket
      });
      refused = undefined;
      return used ? { authorization: `Bearer ${used}` } : {};
    },
    retryAttempts: 0,
    lazyCloseTimeout: KEEP_IDLE_MS,
    connectionAckWaitTimeout: ACK_WITHIN_MS,
    keepAlive: PING_MS,
    on: {
      connected: () => {
        afterRefusal = false;
      },
      ping: (received) => {
        if (!received) overdue = setTimeout(() => client.terminate(), PONG_WITHIN_MS);
      },
      pong: (received) => {
        if (received) clearTimeout(overdue);
      },
      closed: (event) => {
        clearTimeout(overdue);
        const { code } = event as { code?: unknown };
        if (code === CloseCode.Unauthorized || code === CloseCode.Forbidden) refused = used;
      },
    },
  });
  return Object.defineProperties(client, {
    tokenFailure: { get: () => tokenFailure },
    renewsNext: { get: () => renews && !afterRefusal },
  }) as LiveSocket;
}
