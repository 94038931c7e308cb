/**
 * Processor time of what is measured: unlike the time that passes it hardly depends on what else the machine does. This
 * process and its one connection's server process count; the latter where there is a /proc, as on Linux.
 */
import { existsSync, readFileSync } from 'node:fs';
import type { Em } from '../../src/platform/database/database.js';
import { runSql } from '../../src/platform/database/sql.js';

const MS_A_TICK = 10; // USER_HZ is 100 on Linux
const USER_TICKS = 11; // behind the name of the program: proc(5), /proc/pid/stat, fields 14 and 15
const SYSTEM_TICKS = 12;

/** Answers what tells the milliseconds since. The pool of `em` must have one connection. */
export async function startProcessorTime(em: Em): Promise<() => number> {
  const [row] = await runSql<{ pid: number }>(em, 'select pg_backend_pid() as pid');
  const serverBefore = serverMs(row?.pid ?? 0);
  const before = process.cpuUsage();
  return () => {
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1_000 + serverMs(row?.pid ?? 0) - serverBefore;
  };
}

function serverMs(pid: number): number {
  const file = `/proc/${pid}/stat`;
  if (!existsSync(file)) return 0;
  const fields = readFileSync(file, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
  return (Number(fields[USER_TICKS]) + Number(fields[SYSTEM_TICKS])) * MS_A_TICK;
}
