/** Subscribers in processes of their own, so that what strikes the API, or them, is real. */
import { type ChildProcess, fork } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import type { Orders, Report } from './subscribers.fixture.js';

const here = path.dirname(fileURLToPath(import.meta.url));

export interface SubscriberProcess {
  child: ChildProcess;
  /** All of its clients have received their first batch. */
  ready: Promise<void>;
  done: Promise<Extract<Report, { type: 'done' }>>;
}

/** Builds the client program once for a test file. */
export async function buildSubscribers(): Promise<string> {
  const outfile = path.join(here, `../../node_modules/.cache/paperwright-tests/subscribers-${process.pid}.mjs`);
  await build({
    entryPoints: [path.join(here, 'subscribers.fixture.ts')],
    outfile,
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
  });
  return outfile;
}

export function startSubscribers(program: string, orders: Orders): SubscriberProcess {
  const child = fork(program, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  const report = (type: Report['type']) =>
    new Promise<Report>((resolve, reject) => {
      child.on('message', (message: Report) => message.type === type && resolve(message));
      child.once('exit', () => reject(new Error('The subscribers are gone.')));
    });
  const [ready, done] = [report('ready'), report('done')];
  for (const promise of [ready, done]) promise.catch(() => undefined); // a test may end before it asks
  child.send(orders);
  return { child, ready: ready.then(() => undefined), done: done as SubscriberProcess['done'] };
}

export async function stopSubscribers(processes: readonly SubscriberProcess[]): Promise<void> {
  await Promise.all(
    processes.map(async ({ child }) => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exited = once(child, 'exit');
      child.kill('SIGKILL');
      await exited;
    }),
  );
}

/** What a history must be, as the fixture reports it. */
export const digestOf = (table: readonly string[]) => ({
  count: table.length,
  sha256: createHash('sha256').update(table.join('\n')).digest('hex'),
});
