/**
 * Reads the text runs of a PDF in a child process with caps on memory, time, pages and text, so that no file can take the
 * worker with it. The child is killed on a cap and on abort; nothing of it outlives the call.
 *
 * Fails with UNREADABLE_DOCUMENT (encrypted, broken, over a cap) or with the reason of `signal`.
 */
import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { AppError } from '../../../src/platform/errors.js';
import type { PdfAnswer, PdfCaps, PdfContent, PdfRefusal } from './pdf-page.js';

export interface PdfLimits extends PdfCaps {
  residentBytes: number; // of the child, where the system tells (Linux); elsewhere the heap cap alone holds
}

const MIB = 1024 * 1024;

export const PDF_LIMITS: PdfLimits = {
  pages: 2_000, // the longest theses and proceedings volumes
  characters: 20_000_000, // ten times the text of such a volume
  wallMs: 120_000, // 2 minutes: 27 ms a page was measured, so 2,000 pages take one
  residentBytes: 1_024 * MIB,
};

const HEAP_MIB = 768;
const WATCH_INTERVAL_MS = 100;
const MAX_ANSWER_BYTES = 400 * MIB; // 20 million characters as JSON runs stay below it

export async function readPdf(bytes: Uint8Array, signal: AbortSignal, limits = PDF_LIMITS): Promise<PdfContent> {
  signal.throwIfAborted();
  const answer = await askChild(bytes, signal, limits);
  if ('content' in answer) return answer.content;
  throw refused(answer.refusal, answer.detail, limits);
}

/** The compiled child beside the compiled parent; under a test runner the source beside the source. */
const childFile = fileURLToPath(
  new URL(import.meta.url.endsWith('.ts') ? './read-pdf.child.ts' : './read-pdf.child.js', import.meta.url),
);

function askChild(bytes: Uint8Array, signal: AbortSignal, limits: PdfLimits): Promise<PdfAnswer> {
  return new Promise((resolve, reject) => {
    const { residentBytes: _, ...caps } = limits;
    const child = spawn(
      process.execPath,
      [`--max-old-space-size=${HEAP_MIB}`, '--no-warnings', childFile, JSON.stringify(caps)],
      { stdio: ['pipe', 'pipe', 'ignore'], env: {} },
    );
    let verdict: AppError | undefined;
    const kill = (why: AppError) => {
      verdict ??= why;
      child.kill('SIGKILL');
    };
    const onAbort = () => child.kill('SIGKILL');
    signal.addEventListener('abort', onAbort, { once: true });
    const deadline = setTimeout(() => kill(tooSlow(limits)), limits.wallMs);
    const watch = setInterval(async () => {
      if ((await residentBytes(child.pid)) > limits.residentBytes) kill(tooLarge());
    }, WATCH_INTERVAL_MS);
    const chunks: Buffer[] = [];
    let size = 0;
    child.stdout.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > MAX_ANSWER_BYTES) kill(tooLarge());
      else chunks.push(chunk);
    });
    child.stdin.on('error', () => undefined); // the child ended before it had read everything: its exit says why
    child.stdin.end(bytes);
    const settle = () => {
      clearTimeout(deadline);
      clearInterval(watch);
      signal.removeEventListener('abort', onAbort);
    };
    child.on('error', (cause) => {
      settle();
      reject(new AppError('UNAVAILABLE', 'The PDF reader could not be started.', { cause, retryable: true }));
    });
    child.on('close', (code) => {
      settle();
      if (signal.aborted) return reject(signal.reason);
      if (verdict) return reject(verdict);
      if (code !== 0) return reject(tooLarge());
      resolve(JSON.parse(Buffer.concat(chunks).toString('utf8')) as PdfAnswer);
    });
  });
}

async function residentBytes(pid: number | undefined): Promise<number> {
  if (process.platform !== 'linux' || pid === undefined) return 0;
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) * 1024;
}

function refused(refusal: PdfRefusal, detail: string, limits: PdfLimits): AppError {
  switch (refusal) {
    case 'ENCRYPTED':
      return unreadable('The PDF is encrypted.', 'Remove its password (print it to a new PDF, say) and upload that.');
    case 'BROKEN':
      return unreadable(
        'The file is no readable PDF: it is damaged or cut short.',
        'Download it again, or save a fresh copy from a PDF viewer.',
        detail,
      );
    case 'TOO_MANY_PAGES':
      return unreadable(
        `The PDF has ${detail} pages; the limit is ${limits.pages}.`,
        'Split it and upload the parts you need.',
      );
    case 'TOO_MUCH_TEXT':
      return unreadable(
        `The PDF holds more than ${limits.characters} characters.`,
        'Split it and upload the parts you need.',
      );
  }
}

const tooSlow = (limits: PdfLimits) =>
  unreadable(
    `Reading the PDF took longer than ${limits.wallMs / 1000} seconds.`,
    'Save a simpler copy from a PDF viewer, or split it.',
  );

const tooLarge = () =>
  unreadable(
    'Reading the PDF took more memory than a document may.',
    'Save a simpler copy from a PDF viewer, or split it.',
  );

const unreadable = (message: string, hint: string, detail?: string) =>
  new AppError('UNREADABLE_DOCUMENT', message, { hint, ...(detail ? { cause: new Error(detail) } : {}) });
