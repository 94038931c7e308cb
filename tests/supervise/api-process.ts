/** Stands in for the API: answers every request with its process id and the database it was given. */
import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { runChild } from './child-script.js';

await runChild('api', async () => {
  const server = http.createServer((_, response) => {
    response.end(JSON.stringify({ pid: process.pid, databaseUrl: process.env.DATABASE_OWNER_URL }));
  });
  server.listen(Number(process.env.PORT ?? 0), '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    shutdownMs: 1000,
    stop: async () => {
      server.closeAllConnections();
      server.close();
    },
  };
});
