/**
 * Which operating-system account the database server runs as. Postgres refuses to run as root, and initdb refuses a user
 * id without a passwd entry, so a process started by root hands the server to an unprivileged account: an existing
 * `postgres`, else one that useradd makes, else `nobody`. Everybody else runs it as themselves.
 */
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { AppError } from '../errors.js';

const run = promisify(execFile);

export interface ServerAccount {
  /** Undefined: the account of this process; nothing needs to change hands. */
  switchTo: { uid: number; gid: number; name: string } | undefined;
}

/** Picks the account; throws UNAVAILABLE with what to do when root finds none it may hand the server to. */
export async function chooseServerAccount(log: (line: string) => void): Promise<ServerAccount> {
  if (process.getuid?.() !== 0) return { switchTo: undefined };
  const existing = await findAccount('postgres');
  if (existing) return { switchTo: existing };
  try {
    await run('useradd', ['--system', '--no-create-home', '--home-dir', '/nonexistent', '--user-group', 'postgres']);
    const created = await findAccount('postgres');
    if (created) {
      log('created the system user "postgres", because Postgres does not run as root');
      return { switchTo: created };
    }
  } catch {
    // No useradd, a read-only /etc, or another start that was faster: the look-ups below tell which.
  }
  const fallback = (await findAccount('postgres')) ?? (await findAccount('nobody'));
  if (fallback) return { switchTo: fallback };
  throw new AppError(
    'UNAVAILABLE',
    'Postgres does not run as root, and this machine has neither a "postgres" nor a "nobody" user. Create one (useradd --system postgres), start as another user, or set DATABASE_URL.',
  );
}

async function findAccount(name: string): Promise<ServerAccount['switchTo']> {
  const passwd = await readFile('/etc/passwd', 'utf8').catch(() => '');
  for (const line of passwd.split('\n')) {
    const [login, , uid, gid] = line.split(':');
    if (login === name && uid && gid && Number(uid) > 0) return { uid: Number(uid), gid: Number(gid), name };
  }
  return undefined;
}
