/**
 * Can the server's account walk to a folder? Needed because a checkout often lives under a 0700 home (such as root's),
 * where an unprivileged account may neither run the binaries nor reach its data. Judged by mode bits, so it errs towards
 * "no", which only costs a copy.
 */
import { randomBytes } from 'node:crypto';
import { lstat, mkdir, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '../errors.js';
import type { ServerAccount } from './postgres-account.js';

/** World-enterable by the file hierarchy standard, and kept across reboots, unlike /tmp. */
export const SHARED_ROOT = '/var/tmp';

/** True when the account may enter every folder from / down to `folder`; the folder itself must exist. */
export async function canEnter(folder: string, account: ServerAccount): Promise<boolean> {
  const who = account.switchTo;
  if (!who) return true;
  for (let at = await realpath(folder); ; at = path.dirname(at)) {
    const { mode, uid, gid } = await stat(at);
    const enter = uid === who.uid ? 0o100 : gid === who.gid ? 0o010 : 0o001;
    if ((mode & enter) === 0) return false;
    if (at === path.dirname(at)) return true;
  }
}

/**
 * A folder in the shared root that only this user can have made. Names there are guessable and the root is writable by
 * all, so a folder (or link) that someone else put in its place is refused, not used.
 */
export async function ownFolderInSharedRoot(name: string, mode: number): Promise<string> {
  const folder = path.join(SHARED_ROOT, name);
  await mkdir(folder, { mode }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
  const found = await lstat(folder);
  if (!found.isDirectory() || found.uid !== process.getuid?.()) {
    throw new AppError('UNAVAILABLE', `${folder} belongs to someone else. Remove it, or set DATA_DIR to another folder.`);
  }
  return folder;
}

export const randomSuffix = () => randomBytes(4).toString('hex');
