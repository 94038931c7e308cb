/**
 * Owns the database server of a machine that has none: the Postgres that npm installed, on a loopback port, with a random
 * password, its data in a folder of ours.
 *
 * Invariants: one living owner per data folder (data-folder-lock.ts); a cluster is either complete or not there
 * (create-cluster.ts); whatever an owner killed by SIGKILL left running is stopped before a new server starts
 * (server-process.ts). Fails with one AppError that says what to do, and leaves the folder fit for the next start.
 */
import { clusterExists, createCluster } from './create-cluster.js';
import { lockDataFolder } from './data-folder-lock.js';
import { handOverCluster, placeCluster, prepareFolder, superuserPassword } from './database-folder.js';
import { choosePort, isFree, LOOPBACK, rememberPort } from './free-port.js';
import { chooseServerAccount } from './postgres-account.js';
import { locatePostgresBinaries } from './postgres-binaries.js';
import { launchServer, type ServerProcess, stopOrphan } from './server-process.js';
import { explainFileError } from './start-failure.js';

export interface EmbeddedPostgresOptions {
  /** Made when missing; may be relative to the working directory. */
  dataDir: string;
  /** Without it the port used last time, or any free one. */
  port?: number;
  /** Server settings over the defaults below, such as `throwAwaySettings`. */
  settings?: Record<string, string>;
  /** Told, a sentence at a time, what the person at the terminal should know. */
  log?: (line: string) => void;
}

export interface EmbeddedPostgres {
  /** Superuser on the database `postgres`, over loopback TCP, with the password in it: not for logs. */
  adminUrl: string;
  port: number;
  /** The folder that was asked for, absolute; the cluster may live elsewhere (database-folder.ts). */
  dataDir: string;
  /** Process id of the server. */
  pid: number;
  /** Resolves when the server has ended, by `stop` or by itself. */
  ended: Promise<void>;
  /** Stops the server cleanly and gives the folder free; may be called again. */
  stop(): Promise<void>;
}

/** Sized for a laptop that does other things too. */
const DEFAULT_SETTINGS = {
  max_connections: '100',
  shared_buffers: '128MB',
  max_wal_size: '512MB',
  // No standby ever follows this server, so the WAL carries only what crash recovery needs.
  wal_level: 'minimal',
  max_wal_senders: '0',
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_min_messages: 'warning',
} as const;

const PORT_TRIES = 3;

/** For databases that nobody will miss: tests and measurements. A power cut may destroy them. */
export const throwAwaySettings: Record<string, string> = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
};

/** Starts the server and waits until it accepts connections. Throws AppError (CONFLICT, UNAVAILABLE). */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const log = options.log ?? (() => undefined);
  try {
    const root = await prepareFolder(options.dataDir);
    const unlock = await lockDataFolder(root);
    try {
      return await startInLockedFolder(root, unlock, options, log);
    } catch (error) {
      await unlock();
      throw error;
    }
  } catch (error) {
    throw explainFileError(error, options.dataDir);
  }
}

/** Between finding a port free and binding it another program may take it; then the next one is tried. */
async function launchOnFreePort(
  portFile: string,
  wanted: number | undefined,
  launch: (port: number) => Promise<ServerProcess>,
): Promise<{ port: number; server: ServerProcess }> {
  for (let tries = 1; ; tries += 1) {
    const port = await choosePort(portFile, wanted);
    try {
      const server = await launch(port);
      await rememberPort(portFile, port);
      return { port, server };
    } catch (error) {
      if (wanted !== undefined || tries === PORT_TRIES || (await isFree(port))) throw error;
    }
  }
}

async function startInLockedFolder(
  root: string,
  unlock: () => Promise<void>,
  options: EmbeddedPostgresOptions,
  log: (line: string) => void,
): Promise<EmbeddedPostgres> {
  const account = await chooseServerAccount(log);
  const binaries = await locatePostgresBinaries(account);
  const folder = await placeCluster(root, account, log);
  const settings = { ...DEFAULT_SETTINGS, ...options.settings };
  const exists = await clusterExists(folder, binaries);
  const password = await superuserPassword(folder, exists);
  if (exists) {
    await stopOrphan(folder, log);
    await handOverCluster(folder.cluster, account);
  } else {
    await createCluster(folder, binaries, account, password, options.settings?.fsync !== 'off');
  }
  const { port, server } = await launchOnFreePort(folder.portFile, options.port, (chosen) =>
    launchServer(folder, binaries, account, {
      ...settings,
      port: String(chosen),
      listen_addresses: LOOPBACK,
      unix_socket_directories: '',
    }),
  );
  return {
    adminUrl: `postgres://postgres:${encodeURIComponent(password)}@${LOOPBACK}:${port}/postgres`,
    port,
    dataDir: root,
    pid: server.pid,
    ended: server.ended,
    stop: async () => {
      await server.stop();
      await unlock();
    },
  };
}
