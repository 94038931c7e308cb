/** The API as it really runs, dist/src/main.js in a process of its own, on a database for measuring. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ProcessMessage } from '../../src/run-process.js';
import { BENCH_SECRET_KEY, type BenchDatabase } from './bench-database.js';
import { startChild } from './child-process.js';
import type { MemoryReport, MemoryRequest } from './collect-garbage.js';

export interface ApiProcess {
  url: string;
  /** After collecting garbage. */
  memory(): Promise<MemoryReport>;
  stop(): Promise<void>;
}

/** One person from one address asks for more than a thousand do: limits are counted, and not reached. */
const BEYOND_REACH = Object.fromEntries(
  ['ADDRESS', 'USER', 'KEY']
    .flatMap((of) => [`RATE_${of}_REQUESTS`, `RATE_${of}_COST`, `SOCKETS_PER_${of}`, `SUBSCRIPTIONS_PER_${of}`])
    .map((name) => [name, name.startsWith('RATE') ? '1000000000' : '10000000']),
);

type Report = ProcessMessage | MemoryReport;

/** `settings`: those that the measurement is about, over what all of them have. */
export async function startApi({ urls }: BenchDatabase, settings: Record<string, string> = {}): Promise<ApiProcess> {
  const dataDir = await mkdtemp(join(tmpdir(), 'paperwright-bench-api-'));
  const child = startChild<MemoryRequest, Report>('../../src/main.js', {
    env: {
      PATH: process.env.PATH ?? '',
      DATABASE_OWNER_URL: urls.owner,
      DATABASE_APP_URL: urls.app,
      DATABASE_QUEUE_URL: urls.queue,
      DATA_DIR: dataDir,
      SECRET_KEY: BENCH_SECRET_KEY,
      PORT: '0',
      LOG_LEVEL: 'fatal', // what goes wrong is told to the clients, and they end the measurement
      ...BEYOND_REACH,
      ...settings,
    },
    execArgv: ['--expose-gc', '--import', new URL('./collect-garbage.js', import.meta.url).href],
    cwd: dataDir,
  });
  const stop = async () => {
    await child.stop();
    await rm(dataDir, { recursive: true, force: true });
  };
  const first = await child.next((report): report is ProcessMessage => report.type !== 'memory');
  if (first.type === 'fatal') {
    await stop();
    throw new Error(`The API did not start: ${first.message}`);
  }
  return {
    url: first.url ?? '',
    async memory() {
      const measured = child.next((report): report is MemoryReport => report.type === 'memory');
      child.send('measure memory');
      return measured;
    },
    stop,
  };
}
