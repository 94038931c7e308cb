/**
 * The life of a process of the product, API or worker: it starts, says that it is ready or why it cannot be, and stops in
 * an orderly way when a signal asks it to or when its supervisor is gone. Under the supervisor it speaks over IPC; alone it
 * says a failure on stderr.
 */
import { isAppError } from './platform/errors.js';
import { redactor } from './platform/redact.js';

export type ProcessMessage =
  /** `url`: where an HTTP server really listens, such as http://127.0.0.1:4000. */
  | { type: 'ready'; url?: string }
  /** A start that cannot succeed by trying again; the process then exits with code 1. */
  | { type: 'fatal'; message: string };

export interface StartedProcess {
  url?: string;
  /** What `stop` may take, in ms. */
  shutdownMs: number;
  /** Finishes what is under way; called once. */
  stop(): Promise<void>;
}

/** Beyond the time a process allows itself it is not stopping but stuck. */
const STUCK_AFTER_MS = 2_000;

/** Runs from start to exit: code 0 after SIGTERM, SIGINT or the supervisor's end, 1 when it cannot start or stop. */
export async function runProcess(start: () => Promise<StartedProcess>): Promise<void> {
  let asked = false;
  let started: StartedProcess | undefined;
  const stop = async () => {
    setTimeout(() => process.exit(1), (started?.shutdownMs ?? 0) + STUCK_AFTER_MS);
    // Asked during the start, it stops as soon as there is something whole to stop.
    if (!started) return;
    await started.stop();
    process.exit(0);
  };
  const ask = () => {
    if (!asked) stop().catch(fail);
    asked = true;
  };
  for (const event of ['SIGTERM', 'SIGINT', 'disconnect']) process.on(event, ask);
  try {
    started = await start();
    if (asked) await stop();
    else await tell({ type: 'ready', ...(started.url ? { url: started.url } : {}) });
  } catch (error) {
    await fail(error);
  }
}

async function fail(error: unknown): Promise<never> {
  const message = redactor()(describe(error));
  if (process.connected) await tell({ type: 'fatal', message });
  else process.stderr.write(`${message}\n`);
  process.exit(1);
}

/** One sentence for what was foreseen; for the rest the stack, since somebody will have to find it. */
export function describe(error: unknown): string {
  if (isAppError(error)) return error.hint ? `${error.message} ${error.hint}` : error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

function tell(message: ProcessMessage): Promise<void> {
  if (!process.send || !process.connected) return Promise.resolve();
  // A supervisor that is gone by now is noticed by "disconnect"; the failed send says nothing more.
  return new Promise((resolve) => process.send?.(message, undefined, undefined, () => resolve()));
}
