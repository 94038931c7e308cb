/**
 * Loaded before the program (`--expose-gc --import`): the measuring process asks for the memory that is held, not for what the
 * collector has not come to yet. The program itself is unchanged.
 */
import { setTimeout as delay } from 'node:timers/promises';

export type MemoryRequest = 'measure memory';
export interface MemoryReport {
  type: 'memory';
  rss: number; // bytes
  heapUsed: number; // bytes
}

const PASSES = 4; // weak references and finalizers need more than one
const BETWEEN_MS = 150; // 0.15 seconds: buffers are given back by a thread of their own

process.on('message', (message: unknown) => {
  if (message === ('measure memory' satisfies MemoryRequest)) void measure();
});

async function measure(): Promise<void> {
  const { gc } = globalThis;
  if (!gc) throw new Error('The program was started without --expose-gc.');
  for (let pass = 0; pass < PASSES; pass++) {
    await gc({ type: 'major', execution: 'async' });
    await delay(BETWEEN_MS);
  }
  const { rss, heapUsed } = process.memoryUsage();
  process.send?.({ type: 'memory', rss, heapUsed } satisfies MemoryReport);
}
