/**
 * A generator that can be ended while it waits. `return()` of an async generator is queued behind the await it is parked
 * in, so a client that disconnects would leak it; this one aborts the wait first.
 */
import { isAppError } from '../../platform/errors.js';

const LEFT = 'the client has left'; // without a reason, each abort makes an error with a stack

export function stoppable<T>(
  generator: AsyncGenerator<T, void, void>,
  stop: AbortController,
): AsyncGenerator<T, void, void> {
  const end = generator.return.bind(generator);
  generator.return = (value) => {
    stop.abort(LEFT);
    return end(value);
  };
  return generator;
}

/** True when the client has left. Throws the typed error when the right to see has been lost instead. */
export function hasStopped(signal: AbortSignal): boolean {
  if (signal.aborted && isAppError(signal.reason)) throw signal.reason;
  return signal.aborted;
}
