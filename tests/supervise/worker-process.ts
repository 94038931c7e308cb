/** Stands in for the worker: waits to be stopped. */
import { runChild } from './child-script.js';

await runChild('worker', async () => {
  const alive = setInterval(() => undefined, 60_000);
  return { shutdownMs: 1000, stop: async () => clearInterval(alive) };
});
