/**
 * Everything the product needs on one machine: the embedded Postgres (when no other database is configured) and two
 * children, API and worker, forked with an IPC channel. They exit when the channel closes, so not even SIGKILL of this
 * process leaves them behind. Stops the worker first, then the API, then Postgres. A start that fails stops what it had
 * started, and throws one AppError that says why.
 */
import net from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { type Config, environmentWith } from './config.js';
import { AppError } from './platform/errors.js';
import { prepareDatabase } from './prepare-database.js';
import { type SupervisedChild, superviseChild } from './supervised-child.js';
import { type SupervisedPostgres, supervisePostgres } from './supervised-postgres.js';

export interface SuperviseOptions {
  config: Config;
  /** Scripts of the two children. */
  api: string;
  worker: string;
  log: (line: string) => void;
}

export interface Supervisor {
  /** Where the API answers. */
  url: string;
  /** Rejects when something that everything needs is gone for good. */
  failed: Promise<never>;
  stop(): Promise<void>;
  /** For the impatient: children are ended at once; Postgres still stops cleanly. */
  kill(): void;
}

/** What a child may need beyond its own time before it is taken for stuck. */
const STOP_GRACE_MS = 4_000;
const READY_POLL_MS = 100;
const READY_PATIENCE_MS = 30_000;

/** Starts everything and resolves when the API's /readyz says yes; on failure stops what runs, then throws AppError. */
export async function superviseProcesses(options: SuperviseOptions, signal?: AbortSignal): Promise<Supervisor> {
  const { config, log } = options;
  const { source } = config.database;
  const stops: (() => Promise<void>)[] = [];
  const ending = new AbortController();
  const stop = async () => {
    ending.abort();
    for (let last = stops.pop(); last; last = stops.pop()) await last();
  };
  try {
    let postgres: SupervisedPostgres | undefined;
    if (source.kind === 'embedded') {
      postgres = await supervisePostgres(source.dataDir, log);
      stops.push(postgres.stop);
    }
    signal?.throwIfAborted();
    await demandFreePort(config);
    const env = environmentWith({
      DATA_DIR: config.dataDir,
      SECRET_KEY: config.secretKey,
      ...(postgres ? await ownRoles(postgres.adminUrl) : {}),
    });
    const child = (name: string, script: string): SupervisedChild => {
      const made = superviseChild({ name, script, env, log, stopWithinMs: config.shutdownMs + STOP_GRACE_MS });
      stops.push(made.stop);
      return made;
    };
    const api = child('API', options.api);
    const worker = child('worker', options.worker);
    const failed = postgres?.failed ?? new Promise<never>(() => undefined);
    const [url] = await untilAborted(Promise.race([Promise.all([api.firstReady, worker.firstReady]), failed]), signal);
    const address = url ?? `http://${reachableHost(config.http.host)}:${config.http.port}`;
    await untilAborted(Promise.race([waitUntilReady(address, log, ending.signal), failed]), signal);
    const kill = () => {
      worker.kill();
      api.kill();
    };
    return { url: address, failed, stop, kill };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The children get the product's own roles, migrated to and ready, and never the server's administrator. */
async function ownRoles(adminUrl: string): Promise<Record<string, string>> {
  const { urls } = await prepareDatabase({ kind: 'administrator', url: adminUrl });
  return { DATABASE_OWNER_URL: urls.owner, DATABASE_APP_URL: urls.app, DATABASE_QUEUE_URL: urls.queue };
}

async function demandFreePort({ http: { host, port } }: Config): Promise<void> {
  const server = net.createServer();
  const refused = await new Promise<NodeJS.ErrnoException | undefined>((resolve) => {
    server.once('error', resolve);
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(undefined)));
  });
  if (!refused) return;
  const reason =
    refused.code === 'EADDRINUSE'
      ? `Port ${port} on ${host} is taken by another program. Stop that one, or set PORT to another number.`
      : refused.code === 'EACCES'
        ? `This user may not listen on port ${port}. Set PORT to a number above 1023.`
        : `${host} is not an address this machine can listen on (${refused.code}). Set HOST to one that is.`;
  throw new AppError('UNAVAILABLE', reason, { cause: refused });
}

async function waitUntilReady(address: string, log: (line: string) => void, signal: AbortSignal): Promise<void> {
  let patience = Date.now() + READY_PATIENCE_MS;
  while (!signal.aborted) {
    const answer = await fetch(`${address}/readyz`, { signal: AbortSignal.timeout(READY_PATIENCE_MS) }).catch(
      () => undefined,
    );
    if (answer?.ok) return void (await answer.body?.cancel());
    if (Date.now() > patience) {
      log(`the API is up but not ready: ${answer ? await answer.text() : 'it does not answer'}`);
      patience = Date.now() + READY_PATIENCE_MS;
    }
    await delay(READY_POLL_MS);
  }
}

function untilAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return work;
  const aborted = new Promise<never>((_, reject) => {
    const refuse = () => reject(signal.reason);
    if (signal.aborted) refuse();
    else signal.addEventListener('abort', refuse, { once: true });
  });
  return Promise.race([work, aborted]);
}

/** An address that means "all of them" is not one to connect to. */
function reachableHost(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1';
  if (host === '::') return '[::1]';
  return net.isIPv6(host) ? `[${host}]` : host;
}
