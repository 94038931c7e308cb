// Follows a run to its end: URL=… TOKEN=… node docs/watch-run.mjs RUN_ID [AFTER]
import { createClient } from 'graphql-ws';
import WebSocket from 'ws';

const [runId, after = '0'] = process.argv.slice(2);
const url = `${(process.env.URL ?? 'http://localhost:4000').replace(/^http/, 'ws')}/graphql`;
const client = createClient({
  url,
  webSocketImpl: WebSocket,
  connectionParams: { authorization: `Bearer ${process.env.TOKEN}` },
});
const query = `subscription ($runId: ID!, $after: Int!) {
  runEvents(runId: $runId, after: $after) { cursor caughtUp events { seq stage type message } }
}`;
for await (const { data, errors } of client.iterate({ query, variables: { runId, after: Number(after) } })) {
  if (errors) throw new Error(JSON.stringify(errors));
  for (const event of data.runEvents.events) {
    process.stdout.write(`${String(event.seq).padStart(4)}  ${event.stage ?? '-'}  ${event.type}  ${event.message}\n`);
  }
}
await client.dispose(); // the subscription completes by itself when the run has ended
