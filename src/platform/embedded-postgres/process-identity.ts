/**
 * Tells whether a process id still means the process it once meant. A pid alone is reused (in containers almost at
 * once), so it is paired with the moment the process began, which the kernel reports and which never repeats for a pid.
 */
import { execFile } from 'node:child_process';
import { readdir, readFile, readlink } from 'node:fs/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);
/** Fields of /proc/<pid>/stat after the command's closing bracket; starttime is the 22nd of all (man 5 proc). */
const START_TIME_AFTER_COMMAND = 19;

/** When the process began, as an opaque string to compare; undefined when there is no such process (or it is a zombie). */
export async function processStart(pid: number): Promise<string | undefined> {
  if (!Number.isInteger(pid) || pid <= 0) return undefined;
  if (process.platform === 'linux') {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (stat === '' || fields[0] === 'Z') return undefined;
    const boot = await readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => '');
    return `${boot.trim()}:${fields[START_TIME_AFTER_COMMAND]}`;
  }
  const { stdout } = await run('ps', ['-o', 'lstart=', '-p', String(pid)]).catch(() => ({ stdout: '' }));
  return stdout.trim() || undefined;
}

/**
 * Every Postgres process that works inside `cluster`. A server's processes all have their data directory as working
 * directory, which nobody else's can have by accident.
 */
export async function postgresProcessesIn(cluster: string, suspect: number | undefined): Promise<number[]> {
  if (process.platform !== 'linux') {
    if (suspect === undefined) return [];
    const { stdout } = await run('ps', ['-o', 'command=', '-p', String(suspect)]).catch(() => ({ stdout: '' }));
    return stdout.includes('postgres') && stdout.includes(cluster) ? [suspect] : [];
  }
  const found: number[] = [];
  for (const name of await readdir('/proc')) {
    const pid = Number(name);
    if (!Number.isInteger(pid)) continue;
    const [cwd, command] = await Promise.all([
      readlink(`/proc/${pid}/cwd`).catch(() => ''),
      readFile(`/proc/${pid}/comm`, 'utf8').catch(() => ''),
    ]);
    if (cwd === cluster && command.trim() === 'postgres') found.push(pid);
  }
  return found;
}
