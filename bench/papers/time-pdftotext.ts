/** poppler's pdftotext on the same file: what plain text costs. Null where it is not installed. */
import { spawn } from 'node:child_process';
import { residentOfTree } from './peak-memory.js';

const EVERY_MS = 5;

export function timePdftotext(file: string): Promise<{ ms: number; peakBytes: number } | null> {
  return new Promise((resolve) => {
    const began = performance.now();
    const child = spawn('pdftotext', ['-layout', file, '-'], { stdio: 'ignore' });
    let peakBytes = 0;
    const watch = setInterval(async () => {
      if (child.pid) peakBytes = Math.max(peakBytes, await residentOfTree(child.pid));
    }, EVERY_MS);
    child.on('error', () => {
      clearInterval(watch);
      resolve(null);
    });
    child.on('close', () => {
      clearInterval(watch);
      resolve({ ms: performance.now() - began, peakBytes });
    });
  });
}
