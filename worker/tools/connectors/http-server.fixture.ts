/** A service to ask, on this machine: answers as the test says, and remembers what it was asked. */
import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

export interface TestServer {
  url: string; // http://127.0.0.1:PORT, or at the address it was given
  host: string; // 127.0.0.1:PORT
  port: number;
  requests: { path: string; headers: IncomingMessage['headers'] }[];
}

/** Closed when the test ends, with whatever connections are still open. */
export async function startServer(answer: RequestListener, address = '127.0.0.1'): Promise<TestServer> {
  const requests: TestServer['requests'] = [];
  const server = createServer((request, response) => {
    requests.push({ path: request.url ?? '', headers: request.headers });
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, address, resolve));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://${address}:${port}`, host: `${address}:${port}`, port, requests };
}
