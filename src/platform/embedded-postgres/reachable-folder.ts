/**
 * Can the server's account walk to a folder? Needed because a checkout often lives under a 0700 home (such as root's),
 * where an unprivileged account may neither run the binaries nor reach its data. Judged by mode bits, so it errs towards
 * "no", which only costs a copy.
 */
import { randomBytes } from 'node:crypto';
import { chmod, lstat, mkdir, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '../errors.js';
import type { ServerAccount } from './postgres-account.js';

/**
 * Where folders go that the server's account must be able to enter. Root keeps them where the file hierarchy standard
 * puts a program's lasting data; /var/tmp, the place for everybody else, is swept by age on many machines.
 */
export const sharedRoot = () => (process.getuid?.() === 0 ? '/var/lib/paperwright' : '/var/tmp');

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
 * A folder in the shared root that only this user can have made. Names there are guessable and the root may be writable
 * by all, so a folder (or link) that someone else put in its place is refused, not used.
 */
export async function ownFolderInSharedRoot(name: string, mode: number): Promise<string> {
  if ((await mkdir(sharedRoot(), { recursive: true })) !== undefined) await chmod(sharedRoot(), 0o755);
  const folder = path.join(sharedRoot(), name);
  await mkdir(folder, { recursive: true });
  const found = await lstat(folder);
  if (!found.isDirectory() || found.uid !== process.getuid?.()) {
    throw new AppError(
      'UNAVAILABLE',
      `${folder} belongs to someone else. Remove it, or set DATA_DIR to another folder.`,
    );
  }
  // Said again, because a strict umask takes bits away from what mkdir makes.
  await chmod(folder, mode);
  return folder;
}

export const randomSuffix = () => randomBytes(4).toString('hex');
