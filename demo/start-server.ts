/**
 * The product as `npm start` runs it, in the same data folder: embedded Postgres, API and worker. On another port when the usual
 * one is taken, since the demo needs no particular one.
 */
import net from 'node:net';
import { fileURLToPath } from 'node:url';
import { loadConfig } from '../src/config.js';
import { type Supervisor, superviseProcesses } from '../src/supervise-processes.js';

export interface Server extends Supervisor {
  /** Where `npm start` will answer; the demo itself may have had to move to another port. */
  usualUrl: string;
}

/** Throws AppError with a sentence that says what keeps it from starting. Children inherit `env`. */
export async function startServer(
  env: NodeJS.ProcessEnv,
  log: (line: string) => void,
  signal: AbortSignal,
): Promise<Server> {
  env.LOG_LEVEL ??= 'error'; // the terminal is for the demo
  env.INGESTS_PER_HOUR ??= '1000000'; // a folder may hold thousands, and all of it is one person's own
  let config = loadConfig();
  const { host, port, publicUrl } = config.http;
  const usualUrl = publicUrl ?? `http://${host === '127.0.0.1' ? 'localhost' : host}:${port}`;
  if (!(await isFree(host, port))) {
    env.PORT = '0';
    config = loadConfig();
  }
  const script = (name: string) => fileURLToPath(new URL(`../${name}`, import.meta.url));
  const scripts = { api: script('src/main.js'), worker: script('worker/main.js') };
  const supervisor = await superviseProcesses({ config, ...scripts, log }, signal);
  return { ...supervisor, usualUrl };
}

function isFree(host: string, port: number): Promise<boolean> {
  const server = net.createServer();
  return new Promise((resolve) => {
    // Other faults of an address are for the supervisor to explain.
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code !== 'EADDRINUSE'));
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(true)));
  });
}
