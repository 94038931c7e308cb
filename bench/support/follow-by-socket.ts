/** A subscriber as the README shows it: one socket, one `runEvents` subscription over graphql-ws. */
import { createClient } from 'graphql-ws';
import WebSocket from 'ws';
import type { Follow } from './follow.js';

export const SUBSCRIPTION = `subscription ($runId: ID!, $after: Int!) {
  runEvents(runId: $runId, after: $after) { events { seq at type stage message } cursor caughtUp }
}`;

interface Batch {
  runEvents: { events: { seq: number }[] };
}

export function followBySocket({ url, token, runId, onReady, onEvent }: Follow): void {
  const client = createClient({
    url: `${url.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    connectionParams: { authorization: `Bearer ${token}` },
    retryAttempts: 0,
  });
  let ready = false;
  client.subscribe<Batch>(
    { query: SUBSCRIPTION, variables: { runId, after: 0 } },
    {
      next({ data, errors }) {
        if (!data) throw new Error(`The subscription failed: ${JSON.stringify(errors)}`);
        for (const { seq } of data.runEvents.events) onEvent(seq);
        if (!ready) onReady();
        ready = true;
      },
      error: (error) => {
        throw new Error(`The subscription broke: ${error instanceof Error ? error.message : JSON.stringify(error)}`);
      },
      complete: () => undefined,
    },
  );
}
