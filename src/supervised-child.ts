/**
 * One child process that is kept running. States:
 *
 *     starting ── ready ──> running ── exit ──> waiting (back-off) ──> starting
 *        │ fatal, or too many crashes before the first "ready"
 *        ▼
 *     given up (`firstReady` rejects)              stop() from anywhere ──> stopped
 *
 * A start that has never succeeded gives up, because the person at the terminal should read why; one that has succeeded
 * before is tried again for ever, since what broke it (a database away for a while) may mend.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { AppError } from './platform/errors.js';
import type { ProcessMessage } from './run-process.js';

export interface ChildOptions {
  /** What people call it: "API", "worker". */
  name: string;
  script: string;
  env: NodeJS.ProcessEnv;
  /** How long it may take to stop before it is killed, in ms. */
  stopWithinMs: number;
  log: (line: string) => void;
}

export interface SupervisedChild {
  /** The URL it named, if any; rejects when the very first start is given up. */
  firstReady: Promise<string | undefined>;
  /** Resolves when it has ended; nothing is started any more. */
  stop(): Promise<void>;
  /** Ends it without asking. */
  kill(): void;
}

const FIRST_BACKOFF_MS = 250;
const LONGEST_BACKOFF_MS = 30_000;
/** Up for this long, and a crash is news again rather than one of a series. */
const STEADY_AFTER_MS = 60_000;
const TRIES_BEFORE_FIRST_READY = 3;

export function superviseChild(options: ChildOptions): SupervisedChild {
  const { name, log } = options;
  let child: ChildProcess | undefined;
  let retry: NodeJS.Timeout | undefined;
  let stopping = false;
  let everReady = false;
  let crashes = 0;
  let succeed: (url: string | undefined) => void;
  let giveUp: (error: AppError) => void;
  const firstReady = new Promise<string | undefined>((resolve, reject) => {
    succeed = resolve;
    giveUp = reject;
  });

  const start = () => {
    const begun = Date.now();
    let fatal: string | undefined;
    // In a session of its own: Ctrl-C in a terminal reaches the supervisor alone, which stops its children in order.
    const started = fork(options.script, [], {
      env: options.env,
      detached: true,
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    child = started;
    started.on('message', (message: ProcessMessage) => {
      if (message.type === 'fatal') fatal = message.message;
      else if (message.type === 'ready') {
        if (everReady) log(`the ${name} is back`);
        everReady = true;
        succeed(message.url);
      }
    });
    let left = false;
    const leave = (how: string) => {
      if (left) return;
      left = true;
      child = undefined;
      if (!stopping) afterCrash(how, fatal, Date.now() - begun);
    };
    started.on('error', (error) => {
      // Without a pid there was no process, and no code to report; other errors (a signal that could not be sent) pass.
      if (started.pid === undefined) leave(`could not be started (${error.message})`);
    });
    // "close", not "exit": what it said last over IPC is in by then.
    started.once('close', (code, signal) => leave(signal ? `was ended by ${signal}` : `ended with code ${code}`));
  };

  const afterCrash = (how: string, fatal: string | undefined, upMs: number) => {
    crashes = upMs >= STEADY_AFTER_MS ? 1 : crashes + 1;
    if (!everReady && (fatal !== undefined || crashes >= TRIES_BEFORE_FIRST_READY)) {
      giveUp(
        new AppError(
          'UNAVAILABLE',
          fatal ?? `The ${name} ${how} before it was ready, ${crashes} times in a row. Its output is above.`,
        ),
      );
      return;
    }
    const wait = Math.min(FIRST_BACKOFF_MS * 2 ** (crashes - 1), LONGEST_BACKOFF_MS);
    log(`the ${name} ${how}${fatal ? `: ${fatal}` : ''}; it is started again in ${wait / 1000} s`);
    retry = setTimeout(start, wait);
  };

  start();
  return {
    firstReady,
    kill: () => {
      stopping = true;
      clearTimeout(retry);
      child?.kill('SIGKILL');
    },
    stop: async () => {
      stopping = true;
      clearTimeout(retry);
      const running = child;
      if (!running) return;
      const closed = new Promise<void>((resolve) => running.once('close', () => resolve()));
      running.kill('SIGTERM');
      const stuck = setTimeout(() => {
        log(`the ${name} did not stop within ${options.stopWithinMs / 1000} s and is killed`);
        running.kill('SIGKILL');
      }, options.stopWithinMs);
      await closed;
      clearTimeout(stuck);
    },
  };
}
