/**
 * Clients that come and go by the thousand, as crawlers, broken networks and attackers do: some say goodbye, some vanish
 * in the middle of the handshake, some send half a request, and some fall silent with the connection open.
 */
import { connect, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { WebSocket } from 'ws';

export interface Churn {
  url: string; // http://host:port
  token: string;
  sockets: number;
  atATime: number;
}

export interface ChurnOutcome {
  /** How many of the well-behaved ones were answered. */
  answered: number;
  refused: number;
  /** Connections left open and silent: the server must find out by itself. */
  silent: Socket[];
}

const ANSWER_WITHIN_MS = 10_000;

export async function churn({ url, token, sockets, atATime }: Churn): Promise<ChurnOutcome> {
  const outcome: ChurnOutcome = { answered: 0, refused: 0, silent: [] };
  let next = 0;
  const client = async () => {
    while (next < sockets) {
      const kind = next++ % 4;
      if (kind === 0 || kind === 1) outcome[(await greet(url, token, kind === 0)) ? 'answered' : 'refused'] += 1;
      else if (kind === 2) await vanish(url);
      else if (outcome.silent.length < sockets / 20) outcome.silent.push(await fallSilent(url));
    }
  };
  await Promise.all(Array.from({ length: atATime }, client));
  return outcome;
}

/** Opens, is acknowledged, and closes; or is cut without a word (`polite` false). */
function greet(url: string, token: string, polite: boolean): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = new WebSocket(`${url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
    let acknowledged = false;
    socket.on('error', () => undefined);
    socket.on('open', () =>
      socket.send(JSON.stringify({ type: 'connection_init', payload: { authorization: `Bearer ${token}` } })),
    );
    socket.on('message', () => {
      acknowledged = true;
      if (polite) socket.close(1000);
      else socket.terminate();
    });
    const late = setTimeout(() => socket.terminate(), ANSWER_WITHIN_MS);
    socket.on('close', () => {
      clearTimeout(late);
      resolve(acknowledged);
    });
  });
}

/** Half a request, then nothing: the connection is reset. */
async function vanish(url: string): Promise<void> {
  const socket = await reach(url);
  socket.write('GET /graphql HTTP/1.1\r\nHost: x\r\nUpgr');
  await delay(1);
  socket.resetAndDestroy();
}

/** A WebSocket that reads what comes and never answers a ping. */
async function fallSilent(url: string): Promise<Socket> {
  const socket = await reach(url);
  socket.write(
    'GET /graphql HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n' +
      'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n',
  );
  socket.resume();
  return socket;
}

function reach(url: string): Promise<Socket> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => {
      socket.off('error', reject);
      socket.on('error', () => undefined);
      resolve(socket);
    });
    socket.once('error', reject);
  });
}
