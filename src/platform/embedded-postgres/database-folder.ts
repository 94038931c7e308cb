/**
 * What lies where in the folder of an embedded Postgres:
 *
 *     lock               who owns the folder now
 *     superuser-password random, 0600, made once
 *     port               the port chosen last time, used again if it is free
 *     postgres.log       the server's own log
 *     cluster/           the data; owned by the server's account, 0700
 *     cluster.new-…/     only while initdb runs: a half-made cluster never carries the real name
 *     moved-to           only when the server's account cannot enter here: the folder that is used instead
 */
import { createHash, randomBytes } from 'node:crypto';
import { chmod, chown, lchown, lstat, mkdir, readdir, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '../errors.js';
import type { ServerAccount } from './postgres-account.js';
import { canEnter, ownFolderInSharedRoot, randomSuffix, sharedRoot } from './reachable-folder.js';

export interface DatabaseFolder {
  root: string;
  cluster: string;
  logFile: string;
  portFile: string;
  passwordFile: string;
}

const KNOWN_NAMES =
  /^(lock(\..+)?|superuser-password|port|postgres\.log(\.1)?|cluster(\.new-.+)?|moved-to|initdb-password)$/;
const MAY_ENTER = 0o711;

/** Makes the folder and checks that it is ours and writable: refuses one with foreign content rather than mix with it. */
export async function prepareFolder(dataDir: string): Promise<string> {
  await mkdir(dataDir, { recursive: true });
  const root = await realpath(dataDir);
  const foreign = (await readdir(root)).find((name) => !KNOWN_NAMES.test(name));
  if (foreign) {
    throw new AppError(
      'CONFLICT',
      `${root} is not a database folder of Paperwright (it contains "${foreign}"). Set DATA_DIR to an empty or new folder.`,
    );
  }
  return root;
}

/** Where the cluster lives: in `root`, or in the shared root when the server's account cannot enter it. */
export async function placeCluster(
  root: string,
  account: ServerAccount,
  log: (line: string) => void,
): Promise<DatabaseFolder> {
  if (account.switchTo) await chmod(root, MAY_ENTER);
  const pointer = path.join(root, 'moved-to');
  const movedTo = (await readFile(pointer, 'utf8').catch(() => '')).trim();
  if (movedTo || !(await canEnter(root, account))) {
    const key = createHash('sha256').update(root).digest('hex').slice(0, 12);
    // The random part keeps a data folder that was deleted and made again from finding its predecessor's rows.
    const name = movedTo ? path.basename(movedTo) : `paperwright-${key}-${randomSuffix()}`;
    if (movedTo && !(await lstat(path.join(sharedRoot(), name)).catch(() => undefined))) {
      throw new AppError(
        'UNAVAILABLE',
        `The database of ${root} was kept in ${movedTo}, and that folder is gone. Restore it from a backup, or set DATA_DIR to a new folder.`,
      );
    }
    const place = await ownFolderInSharedRoot(name, MAY_ENTER);
    if (!movedTo) await writeFile(pointer, `${place}\n`);
    log(
      `the database lives in ${place}, because its server (user ${account.switchTo?.name ?? ''}) cannot enter ${root}`,
    );
    return layOut(root, place);
  }
  return layOut(root, root);
}

const layOut = (root: string, place: string): DatabaseFolder => ({
  root,
  cluster: path.join(place, 'cluster'),
  logFile: path.join(root, 'postgres.log'),
  portFile: path.join(root, 'port'),
  passwordFile: path.join(root, 'superuser-password'),
});

/** The superuser's password: read, or made once. A cluster whose password is gone cannot be opened any more. */
export async function superuserPassword(folder: DatabaseFolder, clusterExists: boolean): Promise<string> {
  const known = (await readFile(folder.passwordFile, 'utf8').catch(() => '')).trim();
  if (known) return known;
  if (clusterExists) {
    throw new AppError(
      'UNAVAILABLE',
      `The password of the database is missing: restore ${folder.passwordFile} from a backup, or set DATA_DIR to a new folder.`,
    );
  }
  const password = randomBytes(24).toString('base64url');
  await rm(folder.passwordFile, { force: true });
  await writeFile(folder.passwordFile, `${password}\n`, { mode: 0o600, flag: 'wx' });
  return password;
}

/**
 * Gives a whole cluster to the server's account, where it belongs to another: first made by a user and now opened by
 * root, say, or the account's number changed with the machine.
 */
export async function handOverCluster(cluster: string, account: ServerAccount): Promise<void> {
  const who = account.switchTo;
  if (!who || (await lstat(cluster)).uid === who.uid) return;
  for (const entry of await readdir(cluster, { recursive: true })) {
    await lchown(path.join(cluster, entry), who.uid, who.gid);
  }
  // Last: until then an interrupted hand-over is seen as not begun.
  await lchown(cluster, who.uid, who.gid);
}

/** Gives a path to the server's account, where that is another one. */
export async function handOver(target: string, account: ServerAccount): Promise<void> {
  if (account.switchTo) await chown(target, account.switchTo.uid, account.switchTo.gid);
}
