/**
 * Gives one piece of work on a file that nobody has reason to trust to a child process with caps on time, memory and the
 * size of its answer: whatever the file does to the code that reads it (an endless loop, gigabytes, a crash) ends with the
 * child. The child is killed on a cap and on abort, ends by itself should its parent be killed, is given no environment,
 * and never outlives the call by more than `ORPHAN_GRACE_MS`.
 *
 * The input goes to the child's standard input, its answer is what it writes to standard output before it exits with 0.
 * A child module imports packages and types only, so that Node can run it as it stands, compiled or not.
 */
import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { AppError } from './errors.js';

export interface ChildCaps {
  wallMs: number;
  residentBytes: number; // where the system tells (Linux); elsewhere the caps on heap and WebAssembly alone hold
  heapMib: number; // of JavaScript
  wasmMib?: number; // of each WebAssembly memory; when absent there is no cap but `residentBytes`
  answerBytes: number;
}

export interface ChildWork {
  file: string; // of `childFileOf`
  argument: unknown; // handed over as JSON, process.argv[2] of the child
  input: Uint8Array;
  caps: ChildCaps;
  signal: AbortSignal;
}

/** The answer, or why there is none. CRASHED includes a heap that reached its cap. */
export type ChildOutcome = { answer: Buffer } | { failure: 'TOO_SLOW' | 'TOO_LARGE' | 'CRASHED' };

const WATCH_INTERVAL_MS = 100;
const ORPHAN_GRACE_MS = 5_000; // 5 seconds
const WASM_PAGES_PER_MIB = 16; // a page of WebAssembly memory is 64 KiB

/** `./x.child` beside the module of `parentUrl`: compiled beside the compiled, source beside the source (a test runner). */
export function childFileOf(parentUrl: string, name: string): string {
  return fileURLToPath(new URL(`${name}.${parentUrl.endsWith('.ts') ? 'ts' : 'js'}`, parentUrl));
}

/** Rejects with the reason of `signal`, or with UNAVAILABLE when no process could be started. */
export async function askCappedChild(work: ChildWork): Promise<ChildOutcome> {
  const { file, argument, input, caps, signal } = work;
  signal.throwIfAborted();
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [...nodeOptions(caps), file, JSON.stringify(argument)], {
      stdio: ['pipe', 'pipe', 'ignore'],
      env: {},
    });
    let failure: 'TOO_SLOW' | 'TOO_LARGE' | undefined;
    const kill = (why: 'TOO_SLOW' | 'TOO_LARGE') => {
      failure ??= why;
      child.kill('SIGKILL');
    };
    const onAbort = () => child.kill('SIGKILL');
    signal.addEventListener('abort', onAbort, { once: true });
    const deadline = setTimeout(() => kill('TOO_SLOW'), caps.wallMs);
    const watch = setInterval(async () => {
      if ((await residentBytes(child.pid)) > caps.residentBytes) kill('TOO_LARGE');
    }, WATCH_INTERVAL_MS);
    const chunks: Buffer[] = [];
    let size = 0;
    child.stdout.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > caps.answerBytes) kill('TOO_LARGE');
      else chunks.push(chunk);
    });
    child.stdin.on('error', () => undefined); // the child ended before it had read everything: its exit says why
    child.stdin.end(input);
    const settle = () => {
      clearTimeout(deadline);
      clearInterval(watch);
      signal.removeEventListener('abort', onAbort);
    };
    child.on('error', (cause) => {
      settle();
      reject(new AppError('UNAVAILABLE', 'A reader of documents could not be started.', { cause, retryable: true }));
    });
    child.on('close', (code) => {
      settle();
      if (signal.aborted) return reject(signal.reason);
      if (failure) return resolve({ failure });
      resolve(code === 0 ? { answer: Buffer.concat(chunks) } : { failure: 'CRASHED' });
    });
  });
}

/** For the tests of what happens to a child that nobody watches any more. */
export function nodeOptions(caps: ChildCaps): string[] {
  return [
    '--no-warnings',
    `--max-old-space-size=${caps.heapMib}`,
    ...(caps.wasmMib === undefined ? [] : [`--wasm-max-mem-pages=${caps.wasmMib * WASM_PAGES_PER_MIB}`]),
    `--import=${ownEnd(caps.wallMs + ORPHAN_GRACE_MS)}`,
  ];
}

/** Whoever started the child may have been killed itself: a thread of its own ends it, whatever loop its work is in. */
function ownEnd(afterMs: number): string {
  const end = `setTimeout(() => process.kill(process.pid, 'SIGKILL'), ${afterMs})`;
  const module = `import { isMainThread, Worker } from 'node:worker_threads';
    if (isMainThread) new Worker(${JSON.stringify(end)}, { eval: true, execArgv: [] }).unref();`;
  return `data:text/javascript,${encodeURIComponent(module)}`;
}

/** Of one process. 0 where the system does not tell, or when it has ended. */
export async function residentBytes(pid: number | undefined): Promise<number> {
  if (process.platform !== 'linux' || pid === undefined) return 0;
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) * 1024;
}
