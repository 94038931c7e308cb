/**
 * A generator that can be ended while it waits. `return()` of an async generator is queued behind the await it is parked
 * in, so a client that disconnects would leak it; this one aborts the wait first.
 */
export function stoppable<T>(generator: AsyncGenerator<T, void, void>, stop: AbortController): AsyncGenerator<T, void, void> {
  const end = generator.return.bind(generator);
  generator.return = (value) => {
    stop.abort();
    return end(value);
  };
  return generator;
}
