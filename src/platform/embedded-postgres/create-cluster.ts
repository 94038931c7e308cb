/**
 * Makes the data of a new server with initdb, in a folder of another name that is renamed when it is complete: whatever
 * goes wrong half-way (a full disk, SIGKILL), the next start begins anew and nothing half-made is ever opened.
 */
import { spawn } from 'node:child_process';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '../errors.js';
import { type DatabaseFolder, handOver } from './database-folder.js';
import type { ServerAccount } from './postgres-account.js';
import type { PostgresBinaries } from './postgres-binaries.js';
import { randomSuffix } from './reachable-folder.js';
import { serverEnvironment } from './server-process.js';
import { whyItFailed } from './start-failure.js';

const HALF_MADE = 'cluster.new-';

/** True when there is a cluster of the right version; false when there is none; CONFLICT for one of another version. */
export async function clusterExists(folder: DatabaseFolder, binaries: PostgresBinaries): Promise<boolean> {
  const version = (await readFile(path.join(folder.cluster, 'PG_VERSION'), 'utf8').catch(() => '')).trim();
  if (version && version !== binaries.majorVersion) {
    throw new AppError(
      'CONFLICT',
      `The database in ${folder.cluster} was made by Postgres ${version}, and this is Postgres ${binaries.majorVersion}. Dump it with the old one (pg_dumpall) and load it here, or set DATA_DIR to a new folder.`,
    );
  }
  return version !== '';
}

/** Runs initdb; `durable: false` skips its final sync, for throw-away databases. */
export async function createCluster(
  folder: DatabaseFolder,
  binaries: PostgresBinaries,
  account: ServerAccount,
  password: string,
  durable: boolean,
): Promise<void> {
  const place = path.dirname(folder.cluster);
  // Never the same name twice: an initdb whose owner was killed may still be writing to the last one.
  const half = path.join(place, `${HALF_MADE}${randomSuffix()}`);
  const passwordCopy = path.join(place, 'initdb-password');
  for (const name of await readdir(place)) {
    if (name.startsWith(HALF_MADE)) await rm(path.join(place, name), { recursive: true, force: true, maxRetries: 5 });
  }
  await rm(passwordCopy, { force: true });
  try {
    await mkdir(half, { mode: 0o700 });
    await handOver(half, account);
    await writeFile(passwordCopy, password, { mode: 0o600, flag: 'wx' });
    await handOver(passwordCopy, account);
    const locale = process.platform === 'linux' ? 'C.UTF-8' : 'C';
    const { code, output } = await runToEnd(
      binaries.initdb,
      [
        `--pgdata=${half}`,
        '--username=postgres',
        `--pwfile=${passwordCopy}`,
        '--auth=scram-sha-256',
        '--encoding=UTF8',
        `--locale=${locale}`,
        '--locale-provider=builtin',
        '--builtin-locale=C.UTF-8',
        ...(durable ? [] : ['--no-sync']),
      ],
      account,
    );
    if (code !== 0) throw whyItFailed('initdb could not make the database', output, folder.cluster);
    await rename(half, folder.cluster);
  } finally {
    await rm(half, { recursive: true, force: true });
    await rm(passwordCopy, { force: true });
  }
}

function runToEnd(program: string, args: string[], account: ServerAccount): Promise<{ code: number; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      // The account may not be allowed into the folder this process stands in.
      cwd: '/',
      env: serverEnvironment,
      stdio: ['ignore', 'pipe', 'pipe'],
      ...(account.switchTo ? { uid: account.switchTo.uid, gid: account.switchTo.gid } : {}),
    });
    let output = '';
    const take = (chunk: Buffer) => {
      output += chunk.toString();
    };
    child.stdout.on('data', take);
    child.stderr.on('data', take);
    child.once('error', reject);
    child.once('close', (code) => resolve({ code: code ?? 1, output }));
  });
}
