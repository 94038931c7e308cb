/**
 * A bad network: a TCP relay that cuts each connection after a number of bytes from the server, wherever that falls: in
 * the handshake, between two messages, in the middle of one.
 */
import net from 'node:net';

export interface CuttingProxy {
  url: string;
  /** Connections that were cut so far. */
  cuts: number;
  close(): Promise<void>;
}

/** Relays to `target`, `http://host:port`. `nextLimit` says how many bytes the next connection lives for. */
export async function openCuttingProxy(target: string, nextLimit: () => number): Promise<CuttingProxy> {
  const { hostname, port } = new URL(target);
  const open = new Set<net.Socket>();
  const server = net.createServer((client) => {
    const upstream = net.connect(Number(port), hostname);
    let left = nextLimit();
    for (const socket of [client, upstream]) {
      open.add(socket);
      socket.on('error', () => socket.destroy()).on('close', () => open.delete(socket));
    }
    client.pipe(upstream).on('close', () => client.destroy());
    client.on('close', () => upstream.destroy());
    upstream.on('data', (chunk: Buffer) => {
      if (chunk.length < left) {
        left -= chunk.length;
        client.write(chunk);
        return;
      }
      proxy.cuts += 1;
      client.end(chunk.subarray(0, left));
      upstream.destroy();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const proxy: CuttingProxy = {
    url: `http://127.0.0.1:${(server.address() as net.AddressInfo).port}`,
    cuts: 0,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of open) socket.destroy();
      }),
  };
  return proxy;
}
