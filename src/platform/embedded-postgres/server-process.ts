/**
 * One running postgres process: started, waited for, stopped; and the one an earlier, killed start left behind.
 *
 * The server runs in a session of its own, so that Ctrl-C in a terminal reaches only its owner, which stops its clients
 * first. So that it does not outlive an owner ended by SIGKILL, a shell waits at a pipe that the owner holds open, and
 * stops the server when the pipe closes. Where the shell was killed too, `stopOrphan` finds the server at the next start.
 */
import { spawn } from 'node:child_process';
import { open, readFile, rename, rm, stat } from 'node:fs/promises';
import { Socket } from 'node:net';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { AppError } from '../errors.js';
import type { DatabaseFolder } from './database-folder.js';
import type { ServerAccount } from './postgres-account.js';
import type { PostgresBinaries } from './postgres-binaries.js';
import { postgresProcessesIn } from './process-identity.js';
import { whyItFailed } from './start-failure.js';

const POLL_MS = 20;
/** Crash recovery after a hard stop replays at most max_wal_size, which takes seconds; a slow disk gets its time. */
const READY_WITHIN_MS = 120_000;
/** A fast shutdown writes a checkpoint; after this an immediate one leaves the rest to crash recovery. */
const FAST_STOP_MS = 30_000;
const IMMEDIATE_STOP_MS = 10_000;
const LOG_KEEP_BYTES = 10 * 1024 * 1024;
const LOG_TAIL_BYTES = 4096;

/** Nothing of ours is inherited: PG* variables or a locale of the user's shell would change how the server behaves. */
export const serverEnvironment: NodeJS.ProcessEnv = { PATH: '/usr/local/bin:/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' };

export interface ServerProcess {
  pid: number;
  /** Resolves when the process has ended, however it came to that. */
  ended: Promise<void>;
  stop(): Promise<void>;
}

/** Starts postgres and waits until it accepts connections; throws UNAVAILABLE quoting its log when it does not. */
export async function launchServer(
  folder: DatabaseFolder,
  binaries: PostgresBinaries,
  account: ServerAccount,
  settings: Record<string, string>,
): Promise<ServerProcess> {
  const size = await stat(folder.logFile)
    .then((found) => found.size)
    .catch(() => 0);
  if (size > LOG_KEEP_BYTES) await rename(folder.logFile, `${folder.logFile}.1`);
  const log = await open(folder.logFile, 'a', 0o600);
  const from = (await log.stat()).size;
  const child = spawn(
    binaries.postgres,
    ['-D', folder.cluster, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])],
    {
      cwd: '/',
      env: serverEnvironment,
      stdio: ['ignore', log.fd, log.fd],
      detached: true,
      ...(account.switchTo ? { uid: account.switchTo.uid, gid: account.switchTo.gid } : {}),
    },
  );
  let running = true;
  let spawnError: Error | undefined;
  const ended = new Promise<void>((resolve) => {
    const finish = (error?: Error) => {
      running = false;
      spawnError = error;
      resolve();
    };
    child.once('error', finish);
    child.once('exit', () => finish());
  });
  await log.close();
  // Neither keeps this process alive: an owner that ends without stop() takes its server with it.
  child.unref();
  if (child.pid !== undefined) stopWithOwner(child.pid, account, ended);
  const stop = () =>
    stopProcess(
      () => running,
      (signal) => child.kill(signal),
    );
  for (const deadline = Date.now() + READY_WITHIN_MS; running; ) {
    const { pid, status } = await readPidFile(folder.cluster);
    if (pid === child.pid && pid !== undefined && status === 'ready') return { pid, ended, stop };
    if (Date.now() > deadline) {
      await stop();
      throw whyItFailed(
        `Postgres was not ready after ${READY_WITHIN_MS / 1000} seconds`,
        await tail(folder, from),
        folder.cluster,
      );
    }
    await Promise.race([delay(POLL_MS), ended]);
  }
  if (spawnError) throw spawnError;
  throw whyItFailed('Postgres did not start', await tail(folder, from), folder.cluster);
}

/** `read` returns when the pipe closes, which the kernel does for a killed owner too. */
function stopWithOwner(pid: number, account: ServerAccount, ended: Promise<void>): void {
  if (process.platform === 'win32') return;
  const guard = spawn('/bin/sh', ['-c', 'read -r _; kill -INT "$1"', 'sh', String(pid)], {
    cwd: '/',
    env: serverEnvironment,
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
    ...(account.switchTo ? { uid: account.switchTo.uid, gid: account.switchTo.gid } : {}),
  });
  // Without a shell the next start still finds the server.
  guard.on('error', () => undefined);
  guard.stdin.on('error', () => undefined);
  guard.unref();
  if (guard.stdin instanceof Socket) guard.stdin.unref();
  // Before its pipe closes, so that it signals nobody who got the number of a server that is gone.
  void ended.then(() => guard.kill('SIGKILL'));
}

/**
 * Ends the server that a killed start left running on this cluster, and removes its pid file if the server is gone. To
 * be called only by the holder of the folder's lock: whoever runs on the cluster then has no living owner.
 */
export async function stopOrphan(folder: DatabaseFolder, log: (line: string) => void): Promise<void> {
  const { pid } = await readPidFile(folder.cluster);
  const left = await postgresProcessesIn(folder.cluster, pid);
  if (left.length > 0) {
    log('stopping the Postgres that an earlier, killed start left running');
    // The pid file names the postmaster; when only its children are left, they end by themselves once they notice.
    const postmaster = pid !== undefined && left.includes(pid) ? pid : undefined;
    let remaining = left.length;
    const watch = async () => {
      remaining = (await postgresProcessesIn(folder.cluster, pid)).length;
    };
    await stopProcess(
      () => remaining > 0,
      (signal) => postmaster !== undefined && kill(postmaster, signal),
      watch,
    );
    if (remaining > 0) {
      throw new AppError(
        'CONFLICT',
        `A Postgres that an earlier start left behind on ${folder.cluster} does not end (processes ${left.join(', ')}). End it by hand and start again.`,
      );
    }
  }
  await rm(path.join(folder.cluster, 'postmaster.pid'), { force: true });
}

async function stopProcess(
  isRunning: () => boolean,
  signal: (name: NodeJS.Signals) => void,
  look: () => Promise<void> = async () => undefined,
): Promise<void> {
  for (const [name, patience] of [
    ['SIGINT', FAST_STOP_MS],
    ['SIGQUIT', IMMEDIATE_STOP_MS],
  ] as const) {
    await look();
    if (!isRunning()) return;
    signal(name);
    for (const deadline = Date.now() + patience; isRunning() && Date.now() < deadline; await look())
      await delay(POLL_MS);
  }
}

function kill(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** Lines of postmaster.pid: 1 is the pid, 8 the status ("starting", "ready", …), padded with blanks. */
async function readPidFile(cluster: string): Promise<{ pid: number | undefined; status: string }> {
  const lines = (await readFile(path.join(cluster, 'postmaster.pid'), 'utf8').catch(() => '')).split('\n');
  const pid = Number.parseInt(lines[0] ?? '', 10);
  return { pid: Number.isInteger(pid) && pid > 0 ? pid : undefined, status: (lines[7] ?? '').trim() };
}

async function tail(folder: DatabaseFolder, from: number): Promise<string> {
  const text = await readFile(folder.logFile).catch(() => Buffer.alloc(0));
  return text.subarray(Math.max(from, text.length - LOG_TAIL_BYTES)).toString('utf8');
}
