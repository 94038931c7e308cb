/** Resident memory of this process and its children, looked at every few milliseconds. Linux only; 0 elsewhere. */
import { readdir, readFile } from 'node:fs/promises';
import { residentBytes } from '../../src/platform/capped-child.js';

const EVERY_MS = 25;

export async function peakMemoryDuring<T>(work: () => Promise<T>): Promise<{ value: T; peakBytes: number }> {
  let peakBytes = await residentOfTree(process.pid);
  let busy = false;
  const watch = setInterval(async () => {
    if (busy) return;
    busy = true;
    peakBytes = Math.max(peakBytes, await residentOfTree(process.pid));
    busy = false;
  }, EVERY_MS);
  try {
    return { value: await work(), peakBytes };
  } finally {
    clearInterval(watch);
  }
}

export async function residentOfTree(pid: number): Promise<number> {
  const tasks = await readdir(`/proc/${pid}/task`).catch(() => []);
  const children = new Set<number>();
  for (const task of tasks) {
    const listed = await readFile(`/proc/${pid}/task/${task}/children`, 'utf8').catch(() => '');
    for (const child of listed.split(' ').filter(Boolean)) children.add(Number(child));
  }
  let sum = await residentBytes(pid);
  for (const child of children) sum += await residentOfTree(child);
  return sum;
}
