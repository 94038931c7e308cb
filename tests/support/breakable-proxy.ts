/**
 * A TCP relay in front of a real server, so that a test can take that server away and bring it back on the same port
 * without stopping it for every other test. `stall` keeps connections open and passes nothing on: a hung server.
 */
import net from 'node:net';

export interface BreakableProxy {
  url: string;
  /** Cuts every connection and refuses new ones. */
  stop(): Promise<void>;
  /** Accepts on the same port again. */
  start(): Promise<void>;
  stall(): void;
  /** Resolves when a client has sent something after this call. */
  nextRequest(): Promise<void>;
}

/** Relays 127.0.0.1:(free port) to `target`, `http://host:port`. Call `stop` when done. */
export async function openBreakableProxy(target: string): Promise<BreakableProxy> {
  const { hostname, port: targetPort } = new URL(target);
  const sockets = new Set<net.Socket>();
  let waiting: Array<() => void> = [];
  let stalled = false;
  let port = 0;

  const server = net.createServer((client) => {
    const upstream = net.connect(Number(targetPort), hostname);
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('close', () => sockets.delete(socket)).on('error', () => socket.destroy());
    }
    upstream.pipe(client);
    client.on('end', () => upstream.end());
    client.on('data', (chunk) => {
      if (!stalled) upstream.write(chunk);
      for (const resolve of waiting) resolve();
      waiting = [];
    });
  });

  const start = () =>
    new Promise<void>((resolve, reject) => {
      server.once('error', reject).listen(port, '127.0.0.1', () => {
        port = (server.address() as net.AddressInfo).port;
        resolve();
      });
    });

  await start();
  return {
    url: `http://127.0.0.1:${port}`,
    start,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
    stall: () => {
      stalled = true;
    },
    nextRequest: () => new Promise((resolve) => waiting.push(resolve)),
  };
}
