/**
 * The WebSocket that all subscriptions of a client share. It is opened by the first and closed a moment after the last.
 * It never retries by itself: whoever subscribed knows from where to go on. A peer that vanished without a word is
 * noticed by an unanswered ping, and every subscription then fails as if the socket had been closed.
 */
import { type Client, createClient } from 'graphql-ws';

const PING_MS = 10_000;
const PONG_WITHIN_MS = 5_000;
const ACK_WITHIN_MS = 10_000;
const KEEP_IDLE_MS = 1_000; // the next subscription often follows at once

export interface LiveSocketOptions {
  /** `ws://…/graphql` */
  url: string;
  /** Asked at each connection, so that a renewed token is used. */
  token: () => Promise<string | undefined>;
  /** A WebSocket class, as in browsers; the `ws` package's is one. The global one when absent. */
  webSocket?: unknown;
}

export function openLiveSocket({ url, token, webSocket }: LiveSocketOptions): Client {
  let overdue: ReturnType<typeof setTimeout> | undefined;
  const client = createClient({
    url,
    ...(webSocket ? { webSocketImpl: webSocket } : {}),
    connectionParams: async () => {
      const current = await token();
      return current ? { authorization: `Bearer ${current}` } : {};
    },
    retryAttempts: 0,
    lazyCloseTimeout: KEEP_IDLE_MS,
    connectionAckWaitTimeout: ACK_WITHIN_MS,
    keepAlive: PING_MS,
    on: {
      ping: (received) => {
        if (!received) overdue = setTimeout(() => client.terminate(), PONG_WITHIN_MS);
      },
      pong: (received) => {
        if (received) clearTimeout(overdue);
      },
      closed: () => clearTimeout(overdue),
    },
  });
  return client;
}
