/** A forked program of ours that speaks over IPC, and its end. */
import { type ChildProcess, fork, type Serializable } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

export interface Child<Order, Report> {
  send(order: Order): void;
  /** The next message for which `is` holds. Rejects when the process ends before. */
  next<R extends Report>(is: (report: Report) => report is R): Promise<R>;
  /** Its stop is what it does itself when its parent disconnects; after a while it is killed. */
  stop(): Promise<void>;
}

export interface ChildOptions {
  env?: Record<string, string>;
  execArgv?: string[];
  cwd?: string;
}

const STOP_MS = 5_000; // 5 seconds for an orderly end

/** `script` is relative to dist/bench/support, where this file runs. */
export function startChild<Order extends Serializable, Report>(
  script: string,
  options: ChildOptions = {},
): Child<Order, Report> {
  const child = fork(fileURLToPath(new URL(script, import.meta.url)), {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    execArgv: options.execArgv ?? [],
    ...(options.env && { env: options.env }),
    ...(options.cwd && { cwd: options.cwd }),
  });
  return {
    send: (order) => void child.send(order),
    next: (is) => nextReport(child, script, is),
    stop: () => stopChild(child),
  };
}

function nextReport<Report, R extends Report>(
  child: ChildProcess,
  script: string,
  is: (report: Report) => report is R,
): Promise<R> {
  return new Promise((resolve, reject) => {
    const onMessage = (report: unknown) => {
      if (!is(report as Report)) return;
      child.off('message', onMessage).off('exit', onExit);
      resolve(report as R);
    };
    const onExit = (code: number | null) => reject(new Error(`${script} ended with ${code} before it was done.`));
    child.on('message', onMessage).once('exit', onExit);
  });
}

async function stopChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  const kill = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
  if (child.connected) child.disconnect();
  await exited;
  clearTimeout(kill);
}
