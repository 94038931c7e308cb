/** Somebody who follows a run over graphql-ws as the README tells them to: on any failure, again from the last cursor. */
import { setTimeout as delay } from 'node:timers/promises';
import { createClient } from 'graphql-ws';
import WebSocket from 'ws';

export interface Subscription {
  /** API servers, `http://host:port`; the next one is tried after each failure. */
  urls: string[];
  token: string;
  runId: string; // public
  startAt: number; // which of `urls` is tried first
  /** Called once, when the first batch has come. */
  onReady: () => void;
}

export interface History {
  /** `seq message` of every event in the order it came. */
  seen: string[];
  /** Close codes of its sockets, and codes of errors, that made it come again. */
  interruptions: (string | number)[];
}

interface Batch {
  events: { seq: number; message: string }[];
  cursor: number;
}

export const FOLLOW = `subscription ($runId: ID!, $after: Int!) {
  runEvents(runId: $runId, after: $after) { events { seq message } cursor caughtUp }
}`;
const RETRY_MS = 200; // 0.2 seconds, and as much again by chance

/** Resolves when the subscription has completed: the run has ended. */
export async function followToTheEnd({ urls, token, runId, startAt, onReady }: Subscription): Promise<History> {
  const history: History = { seen: [], interruptions: [] };
  let cursor = 0;
  let ready = false;
  for (let attempt = startAt; ; attempt++) {
    let closeCode: number | undefined;
    const client = createClient({
      url: `${urls[attempt % urls.length]?.replace('http', 'ws')}/graphql`,
      webSocketImpl: WebSocket,
      connectionParams: { authorization: `Bearer ${token}` },
      retryAttempts: 0,
      on: {
        closed: (event) => {
          closeCode = (event as { code?: number }).code;
        },
      },
    });
    try {
      const batches = client.iterate<{ runEvents: Batch }>({ query: FOLLOW, variables: { runId, after: cursor } });
      for await (const { data, errors } of batches) {
        if (errors) throw new Error(String(errors[0]?.extensions?.code));
        if (!data) continue;
        history.seen.push(...data.runEvents.events.map(({ seq, message }) => `${seq} ${message}`));
        cursor = data.runEvents.cursor;
        if (!ready) onReady();
        ready = true;
      }
      return history;
    } catch (error) {
      history.interruptions.push(closeCode ?? reasonOf(error));
    } finally {
      void client.dispose();
    }
    await delay(RETRY_MS * (1 + Math.random()));
  }
}

function reasonOf(error: unknown): string {
  if (Array.isArray(error)) return String((error[0] as { extensions?: { code?: string } })?.extensions?.code);
  return error instanceof Error ? error.message : String((error as { code?: unknown })?.code ?? error);
}
