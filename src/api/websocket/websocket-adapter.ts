/**
 * Between `ws` and graphql-ws' protocol. `send` resolves when the kernel has taken the message, so an operation's next event is
 * not produced while its client does not read: a slow client's backlog stays in the database.
 */
import { CloseCode, type WebSocket as ProtocolSocket } from 'graphql-ws';
import type { WebSocket } from 'ws';
import type { Log } from '../../platform/log.js';

export function ourSocket(socket: WebSocket, log: Log): ProtocolSocket {
  return {
    protocol: socket.protocol,
    send: (data) =>
      new Promise((resolve, reject) => {
        if (socket.readyState !== socket.OPEN) return resolve();
        socket.send(data, (error) => (error ? reject(error) : resolve()));
      }),
    close: (code, reason) => socket.close(code, reason),
    onMessage: (handle) =>
      socket.on('message', (data) => {
        handle(String(data)).catch((error: unknown) => {
          if (socket.readyState !== socket.OPEN) return; // it went away while we answered: nobody to tell
          log.error({ err: error }, 'a WebSocket message could not be handled');
          socket.close(CloseCode.InternalServerError, 'Something went wrong on our side.');
        });
      }),
  };
}

/** Pings at each interval and cuts a socket that has not answered the ping before. Returns what stops it. */
export function keepAlive(socket: WebSocket, intervalMs: number): () => void {
  let answered = true;
  socket.on('pong', () => {
    answered = true;
  });
  const timer = setInterval(() => {
    if (!answered) return socket.terminate();
    answered = false;
    socket.ping();
  }, intervalMs);
  return () => clearInterval(timer);
}
