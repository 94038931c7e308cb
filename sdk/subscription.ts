/**
 * One subscription on a live socket as an async iterable: what arrives waits here until it is taken. It ends when the
 * server completes it, throws PaperwrightError when the server refuses it, throws `Interrupted` when the connection
 * broke, and throws the signal's reason, at once, when that is aborted.
 */
import { type DocumentNode, print } from 'graphql';
import { fromWire, PaperwrightError, type WireError } from './errors.js';
import type { LiveSocket } from './live-socket.js';

/** The connection broke; what was subscribed to may be asked for again. */
export class Interrupted extends Error {
  constructor(cause: unknown) {
    super('The connection was interrupted.', { cause });
    this.name = 'Interrupted';
  }
}

/** Close codes that would come again: the token does not hold, or the two sides do not speak the same protocol. */
const UNAUTHORIZED = 4401;
const PROTOCOL_FAULTS = [4400, 4406, 4409, 4429];

export async function* subscribe<Data>(
  socket: LiveSocket,
  document: DocumentNode,
  variables: Record<string, unknown>,
  signal: AbortSignal,
): AsyncGenerator<Data, void, void> {
  signal.throwIfAborted();
  const waiting: Data[] = [];
  let ended = false;
  let failure: unknown;
  let wake = () => {};
  const end = (reason?: unknown) => {
    ended = true;
    failure ??= reason;
    wake();
  };
  const unsubscribe = socket.subscribe<Data>(
    { query: print(document), variables },
    {
      next: ({ data, errors }) => {
        if (errors) return end(fromWire(errors));
        if (data) waiting.push(data);
        wake();
      },
      error: (reason) => end(whyClosed(socket, reason)),
      complete: () => end(),
    },
  );
  const abort = () => end(signal.reason);
  signal.addEventListener('abort', abort, { once: true });
  try {
    for (;;) {
      signal.throwIfAborted();
      const next = waiting.shift();
      if (next) yield next;
      else if (failure) throw failure;
      else if (ended) return;
      else {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    }
  } finally {
    signal.removeEventListener('abort', abort);
    unsubscribe();
  }
}

/** graphql-ws hands over a list of errors (the operation was refused), a close event, or the socket's error. */
function whyClosed(socket: LiveSocket, reason: unknown): PaperwrightError | Interrupted {
  if (socket.tokenFailure instanceof PaperwrightError) return socket.tokenFailure;
  if (Array.isArray(reason)) return fromWire(reason as WireError[]);
  const { code, reason: words } = reason as { code?: unknown; reason?: unknown };
  if (code === UNAUTHORIZED && !socket.renewsNext) {
    return new PaperwrightError('UNAUTHENTICATED', String(words || 'The token does not hold.'), {
      hint: 'Sign in again, and go on from your last cursor.',
      cause: reason,
    });
  }
  if (typeof code === 'number' && PROTOCOL_FAULTS.includes(code)) {
    return new PaperwrightError('BAD_ANSWER', `The server closed the connection with code ${code}: ${words}.`, {
      cause: reason,
    });
  }
  return new Interrupted(reason);
}
