import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import net, { type AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { loadConfig } from '../../src/config.js';
import { processStart } from '../../src/platform/embedded-postgres/process-identity.js';
import { type Supervisor, superviseProcesses } from '../../src/supervise-processes.js';

const here = path.dirname(fileURLToPath(import.meta.url));
/** As `npm run build` makes them. */
const scripts = path.join(here, '../../dist/tests/supervise');
const api = path.join(scripts, 'api-process.js');
const worker = path.join(scripts, 'worker-process.js');
/** For tests of the children alone: the stand-ins never connect to it. */
const NO_DATABASE = { DATABASE_URL: 'postgres://nobody@127.0.0.1:1/nowhere' };
const WITHIN = { timeout: 30_000, interval: 50 };

let dataDir: string;
let lines: string[];
const supervisors = new Set<Supervisor>();
const terminals = new Set<ChildProcess>();

beforeEach(async () => {
  dataDir = await mkdtemp(path.join(os.tmpdir(), 'paperwright-supervise-'));
  // As a normal folder is: one that nobody else may enter would send root's database elsewhere.
  await chmod(dataDir, 0o755);
  lines = [];
});

afterEach(async () => {
  for (const supervisor of supervisors) await supervisor.stop();
  for (const terminal of terminals) {
    if (terminal.exitCode === null && terminal.signalCode === null) {
      terminal.kill('SIGTERM');
      await once(terminal, 'exit');
    }
  }
  supervisors.clear();
  terminals.clear();
  await rm(dataDir, { recursive: true, force: true });
});

async function supervise(settings: NodeJS.ProcessEnv = {}): Promise<Supervisor> {
  const config = loadConfig({ DATA_DIR: dataDir, PORT: '0', SHUTDOWN_MS: '100', ...settings });
  const supervisor = await superviseProcesses({ config, api, worker, log: (line) => lines.push(line) });
  supervisors.add(supervisor);
  return supervisor;
}

/** `npm start` in a process of its own. */
function startAtTerminal(settings: NodeJS.ProcessEnv = {}) {
  const child = spawn(process.execPath, [path.join(scripts, 'supervisor-process.js'), api, worker], {
    cwd: dataDir,
    env: { PATH: process.env.PATH, DATA_DIR: dataDir, PORT: '0', ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  terminals.add(child);
  const said = { out: '', err: '' };
  child.stdout.on('data', (chunk: Buffer) => {
    said.out += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    said.err += chunk.toString();
  });
  const exited = once(child, 'close').then(([code, signal]) => ({ code, signal }));
  const listening = () =>
    vi.waitUntil(() => /listening on (\S+)/.exec(said.out)?.[1] ?? false, WITHIN).then((url) => String(url));
  return { child, said, exited, listening };
}

const notes = async () => (await readFile(path.join(dataDir, 'notes'), 'utf8').catch(() => '')).trim().split('\n');
const behave = (name: string, how: string) => writeFile(path.join(dataDir, `${name}.behaviour`), how);
const pidOf = async (name: string) =>
  Number(
    (await notes())
      .findLast((line) => line.startsWith(`${name} starts`))
      ?.split(' ')
      .at(-1),
  );
const ask = async (url: string): Promise<{ pid: number; databaseUrl: string }> =>
  (await fetch(url)).json() as Promise<{ pid: number; databaseUrl: string }>;

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

describe('superviseProcesses', () => {
  it('gives both children a database, and stops the worker before the API', async () => {
    const supervisor = await supervise();
    const { databaseUrl } = await ask(supervisor.url);
    expect(await query(databaseUrl, 'select 1 as one')).toEqual([{ one: 1 }]);
    await supervisor.stop();
    const stops = (await notes()).filter((line) => line.includes('stops')).map((line) => line.split(' ')[0]);
    expect(stops).toEqual(['worker', 'api']);
    await expect(query(databaseUrl, 'select 1')).rejects.toThrow(/ECONNREFUSED/);
  });

  it('starts no database of its own where one is configured', async () => {
    await supervise(NO_DATABASE);
    await expect(stat(path.join(dataDir, 'postgres'))).rejects.toThrow(/ENOENT/);
  });

  it.each(['api', 'worker'])('starts the %s again when it crashes, and says so', async (name) => {
    const supervisor = await supervise(NO_DATABASE);
    const first = await pidOf(name);
    process.kill(first, 'SIGKILL');
    await vi.waitUntil(() => lines.some((line) => line.endsWith('is back')), WITHIN);
    expect(lines.some((line) => line.includes('was ended by SIGKILL; it is started again in 0.25 s'))).toBe(true);
    const second = await pidOf(name);
    expect(second).not.toBe(first);
    expect(await processStart(second)).toBeDefined();
    await supervisor.stop();
  });

  it('keeps trying when a child that once ran cannot start for a while', async () => {
    await supervise(NO_DATABASE);
    await behave('worker', 'fatal');
    process.kill(await pidOf('worker'), 'SIGKILL');
    await vi.waitUntil(() => lines.some((line) => line.includes('The worker cannot start, and this is why.')), WITHIN);
    await behave('worker', '');
    await vi.waitUntil(() => lines.includes('the worker is back'), WITHIN);
  });

  it('brings the database back, at the same address and with its rows, when it ends by itself', async () => {
    const supervisor = await supervise();
    const { databaseUrl } = await ask(supervisor.url);
    await query(databaseUrl, 'create table kept as select 42 as answer');
    const pidFile = await readFile(path.join(dataDir, 'postgres/cluster/postmaster.pid'), 'utf8');
    process.kill(Number(pidFile.split('\n')[0]), 'SIGKILL');
    await vi.waitUntil(() => lines.includes('the database is back'), WITHIN);
    expect(await query(databaseUrl, 'select answer from kept')).toEqual([{ answer: 42 }]);
  });

  it.each([
    ['says why', 'fatal', 'The api cannot start, and this is why.'],
    ['crashes', 'crash', 'The API ended with code 7 before it was ready, 3 times in a row.'],
  ])('gives up a first start whose API %s, and leaves nothing running', async (_, behaviour, sentence) => {
    await behave('api', behaviour);
    await expect(supervise(NO_DATABASE)).rejects.toThrow(sentence);
    expect(await processStart(await pidOf('worker'))).toBeUndefined();
  });

  it('kills a child that does not stop in time', async () => {
    await behave('worker', 'deaf');
    const supervisor = await supervise(NO_DATABASE);
    await supervisor.stop();
    expect(await processStart(await pidOf('worker'))).toBeUndefined();
    expect((await notes()).some((line) => line.startsWith('api stops'))).toBe(true);
  });
});

describe('npm start', () => {
  it.each([
    ['SIGTERM', {}],
    ['SIGINT', NO_DATABASE],
    ['SIGHUP', NO_DATABASE],
  ] as const)('stops in order and exits with 0 on %s', async (signal, settings) => {
    const terminal = startAtTerminal(settings);
    await terminal.listening();
    terminal.child.kill(signal);
    expect(await terminal.exited).toEqual({ code: 0, signal: null });
    expect(terminal.said.err).toBe('');
    expect((await notes()).filter((line) => line.includes('stops'))).toHaveLength(2);
  });

  it('stops when it is asked to before it is ready', async () => {
    const terminal = startAtTerminal();
    await vi.waitUntil(async () => (await notes()).join().includes('api starts'), WITHIN);
    terminal.child.kill('SIGTERM');
    expect(await terminal.exited).toEqual({ code: 0, signal: null });
    await expect(readFile(path.join(dataDir, 'postgres/lock'))).rejects.toThrow(/ENOENT/);
  });

  it('ends at once when somebody insists', async () => {
    await behave('worker', 'deaf');
    const terminal = startAtTerminal({ ...NO_DATABASE, SHUTDOWN_MS: '600000' });
    await terminal.listening();
    terminal.child.kill('SIGINT');
    const insist = setInterval(() => {
      // once it has understood, not again: a signal that comes while Node tears itself down kills it
      if (terminal.said.out.includes('ending at once')) clearInterval(insist);
      else terminal.child.kill('SIGINT');
    }, 100);
    expect(await terminal.exited).toEqual({ code: 0, signal: null });
    clearInterval(insist);
    expect(terminal.said.out).toContain('ending at once');
  });

  it('leaves no child behind when it is killed, and the next start has every row', async () => {
    const first = startAtTerminal();
    const { databaseUrl } = await ask(await first.listening());
    await query(databaseUrl, 'create table kept as select 42 as answer');
    const orphans = [await pidOf('api'), await pidOf('worker')];
    first.child.kill('SIGKILL');
    await vi.waitUntil(async () => (await Promise.all(orphans.map(processStart))).every((found) => !found), WITHIN);
    const second = startAtTerminal();
    const { databaseUrl: again } = await ask(await second.listening());
    expect(await query(again, 'select answer from kept')).toEqual([{ answer: 42 }]);
  });

  it('says in one sentence that the data folder is in use, and leaves the first start alone', async () => {
    const first = startAtTerminal();
    const url = await first.listening();
    const second = startAtTerminal();
    expect(await second.exited).toEqual({ code: 1, signal: null });
    expect(second.said.err).toBe(
      `paperwright: ${dataDir}/postgres is already in use by process ${first.child.pid}. Stop that one first, or set DATA_DIR to another folder.\n`,
    );
    expect((await fetch(url)).ok).toBe(true);
  });

  it('says in one sentence that the port is busy, and leaves no database running', async () => {
    const occupant = net.createServer().listen(0, '127.0.0.1');
    await once(occupant, 'listening');
    const { port } = occupant.address() as AddressInfo;
    try {
      const terminal = startAtTerminal({ PORT: String(port) });
      expect(await terminal.exited).toEqual({ code: 1, signal: null });
      expect(terminal.said.err).toBe(
        `paperwright: Port ${port} on 127.0.0.1 is taken by another program. Stop that one, or set PORT to another number.\n`,
      );
      await expect(readFile(path.join(dataDir, 'postgres/cluster/postmaster.pid'))).rejects.toThrow(/ENOENT/);
    } finally {
      occupant.close();
    }
  });

  it('names every setting that cannot be right, and reads .env for those the environment leaves unset', async () => {
    await writeFile(path.join(dataDir, '.env'), 'LOG_LEVEL=loud\nPORT=1e3\n');
    const terminal = startAtTerminal({ WORKER_CONCURRENCY: 'many' });
    expect(await terminal.exited).toEqual({ code: 1, signal: null });
    expect(terminal.said.err.split('\n').slice(0, -1)).toEqual([
      'paperwright: LOG_LEVEL must be one of fatal, error, warn, info, debug, trace, silent, but is "loud".',
      'paperwright: WORKER_CONCURRENCY must be a whole number from 1 to 1000, but is "many".',
    ]);
  });
});
