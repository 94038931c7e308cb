import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, chown, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { chooseServerAccount } from './postgres-account.js';
import { processStart } from './process-identity.js';
import { type EmbeddedPostgres, startEmbeddedPostgres, throwAwaySettings } from './start-embedded-postgres.js';

const asRoot = process.getuid?.() === 0;
const repository = fileURLToPath(new URL('../../..', import.meta.url));
const ownerScript = path.join(repository, 'node_modules/.cache/paperwright-tests', `postgres-owner-${process.pid}.mjs`);
const silent = () => undefined;

let base: string;
let template: string;
const running = new Set<EmbeddedPostgres>();
const children = new Set<ChildProcess>();
let folders = 0;

beforeAll(async () => {
  base = await mkdtemp(path.join(os.tmpdir(), 'paperwright-postgres-'));
  await chmod(base, 0o755);
  await build({
    entryPoints: [fileURLToPath(new URL('./owner.fixture.ts', import.meta.url))],
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    outfile: ownerScript,
  });
  template = newFolder();
  await (await startEmbeddedPostgres({ dataDir: template, settings: throwAwaySettings })).stop();
});

afterEach(async () => {
  for (const child of children) child.kill('SIGKILL');
  for (const postgres of running) await postgres.stop();
  children.clear();
  running.clear();
});

afterAll(async () => {
  await rm(base, { recursive: true, force: true });
  await rm(ownerScript, { force: true });
});

/** A folder with a database in it that was stopped cleanly: a copy, which is quicker than initdb. */
async function newDatabase(): Promise<string> {
  const dataDir = newFolder();
  execFileSync('cp', ['-a', template, dataDir]);
  return dataDir;
}

const newFolder = () => path.join(base, `data-${++folders}`);

async function start(dataDir: string, options: { port?: number; settings?: Record<string, string> } = {}) {
  const postgres = await startEmbeddedPostgres({
    dataDir,
    ...options,
    settings: { ...throwAwaySettings, ...options.settings },
  });
  running.add(postgres);
  return postgres;
}

async function query<Row extends pg.QueryResultRow>(url: string, sql: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Row>(sql)).rows;
  } finally {
    await client.end();
  }
}

/** Starts Postgres in another process, optionally as another user; resolves with what that process printed. */
async function startElsewhere(dataDir: string, as: { uid?: number; gid?: number } = {}) {
  const child = spawn(process.execPath, [ownerScript, dataDir], {
    cwd: '/',
    stdio: ['ignore', 'pipe', 'inherit'],
    ...as,
  });
  children.add(child);
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
  return { child, ...(JSON.parse(line) as { adminUrl: string; pid: number; error?: string }) };
}

async function killOwner(child: ChildProcess): Promise<void> {
  child.kill('SIGKILL');
  await once(child, 'exit');
}

/** Kills the owner and first the shell that would stop the server after it. */
async function killOwnerAndGuard(child: ChildProcess): Promise<void> {
  for (const pid of (await readFile(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8')).trim().split(' ')) {
    if ((await readFile(`/proc/${pid}/comm`, 'utf8')).trim() === 'sh') process.kill(Number(pid), 'SIGKILL');
  }
  await killOwner(child);
}

const isAlive = async (pid: number) => (await processStart(pid)) !== undefined;

describe('startEmbeddedPostgres', () => {
  it('serves UTF-8 on loopback only, to those who know the password', async () => {
    const postgres = await start(await newDatabase());
    const [row] = await query(
      postgres.adminUrl,
      `select current_setting('server_encoding') as encoding, current_setting('listen_addresses') as addresses,
              current_setting('unix_socket_directories') as sockets, lower('ÄÖ') as lowered`,
    );
    expect(row).toEqual({ encoding: 'UTF8', addresses: '127.0.0.1', sockets: '', lowered: 'äö' });
    const guess = new URL(postgres.adminUrl);
    guess.password = 'postgres';
    await expect(query(guess.toString(), 'select 1')).rejects.toThrow(/password authentication failed/);
  });

  it('keeps its data, its port and its password, the last readable by nobody else', async () => {
    const dataDir = await newDatabase();
    const first = await start(dataDir);
    await query(first.adminUrl, 'create table kept as select 42 as answer');
    await first.stop();
    const second = await start(dataDir);
    expect(second.adminUrl).toBe(first.adminUrl);
    expect(await query(second.adminUrl, 'select answer from kept')).toEqual([{ answer: 42 }]);
    expect((await stat(path.join(dataDir, 'superuser-password'))).mode & 0o777).toBe(0o600);
  });

  it('is durable unless told otherwise', async () => {
    const dataDir = await newDatabase();
    const postgres = await startEmbeddedPostgres({ dataDir });
    running.add(postgres);
    expect(await query(postgres.adminUrl, "select current_setting('fsync') as fsync")).toEqual([{ fsync: 'on' }]);
  });

  it('refuses a second start on a folder in use, in this process and in another, and goes on serving', async () => {
    const dataDir = await newDatabase();
    const postgres = await start(dataDir);
    await expect(start(dataDir)).rejects.toMatchObject({ code: 'CONFLICT' });
    const { error } = await startElsewhere(dataDir);
    expect(error).toContain(`${postgres.dataDir} is already in use by process ${process.pid}`);
    expect(await query(postgres.adminUrl, 'select 1 as one')).toEqual([{ one: 1 }]);
  });

  it('gives the folder to exactly one of several that start at once', async () => {
    const dataDir = newFolder();
    const outcomes = await Promise.all([1, 2, 3].map(() => startElsewhere(dataDir)));
    const refused = outcomes.filter(({ error }) => error !== undefined);
    expect(refused).toHaveLength(2);
    for (const { error } of refused) expect(error).toMatch(/already in use/);
  });
});

describe('after SIGKILL', () => {
  it('leaves no server behind when only the owner was killed', async () => {
    const dataDir = await newDatabase();
    const owner = await startElsewhere(dataDir);
    await query(owner.adminUrl, 'create table kept as select 42 as answer');
    await killOwner(owner.child);
    await vi.waitUntil(async () => !(await isAlive(owner.pid)), { timeout: 30_000 });
    const postgres = await start(dataDir);
    expect(await query(postgres.adminUrl, 'select answer from kept')).toEqual([{ answer: 42 }]);
  });

  it('stops the server that its killed owner left running, and finds every row', async () => {
    const dataDir = await newDatabase();
    const owner = await startElsewhere(dataDir);
    await query(owner.adminUrl, 'create table kept as select generate_series(1, 1000) as n');
    await killOwnerAndGuard(owner.child);
    expect(await isAlive(owner.pid)).toBe(true);
    const postgres = await start(dataDir);
    expect(await isAlive(owner.pid)).toBe(false);
    expect(postgres.adminUrl).toBe(owner.adminUrl);
    expect(await query(postgres.adminUrl, 'select count(*)::int as n from kept')).toEqual([{ n: 1000 }]);
  });

  it('recovers when the server was killed with its owner', async () => {
    const dataDir = await newDatabase();
    const owner = await startElsewhere(dataDir);
    await query(owner.adminUrl, 'create table kept as select 42 as answer');
    process.kill(owner.pid, 'SIGKILL');
    await killOwner(owner.child);
    const postgres = await start(dataDir);
    expect(await query(postgres.adminUrl, 'select answer from kept')).toEqual([{ answer: 42 }]);
  });

  it('does not take an unrelated process that got the number of the old server for it', async () => {
    const dataDir = await newDatabase();
    const first = await start(dataDir);
    const pidFile = path.join(dataDir, 'cluster', 'postmaster.pid');
    const text = await readFile(pidFile, 'utf8');
    await first.stop();
    const account = (await chooseServerAccount(silent)).switchTo;
    const bystander = spawn('sleep', ['600'], account ? { uid: account.uid, gid: account.gid } : {});
    children.add(bystander);
    await writeFile(pidFile, text.replace(/^\d+/, String(bystander.pid)));
    if (account) await chown(pidFile, account.uid, account.gid);
    const second = await start(dataDir);
    expect(await query(second.adminUrl, 'select 1 as one')).toEqual([{ one: 1 }]);
    expect(await isAlive(bystander.pid ?? 0)).toBe(true);
  });

  it('takes over a lock whose process number now means another process, and one that is not readable', async () => {
    const dataDir = await newDatabase();
    for (const lock of [JSON.stringify({ pid: process.pid, started: 'another boot:1' }), '{"pid":', '']) {
      await writeFile(path.join(dataDir, 'lock'), lock);
      const postgres = await start(dataDir);
      await postgres.stop();
    }
  });
});

describe('a folder that cannot be used', () => {
  it('is refused untouched when it holds something else', async () => {
    const dataDir = newFolder();
    await mkdir(dataDir);
    await writeFile(path.join(dataDir, 'thesis.tex'), 'mine');
    await expect(start(dataDir)).rejects.toThrow(
      /is not a database folder of Paperwright \(it contains "thesis.tex"\)/,
    );
    expect(await readFile(path.join(dataDir, 'thesis.tex'), 'utf8')).toBe('mine');
    await expect(stat(path.join(dataDir, 'lock'))).rejects.toThrow(/ENOENT/);
  });

  it('is refused when another major version of Postgres made its data', async () => {
    const dataDir = newFolder();
    await mkdir(path.join(dataDir, 'cluster'), { recursive: true });
    await writeFile(path.join(dataDir, 'cluster', 'PG_VERSION'), '16\n');
    await expect(start(dataDir)).rejects.toThrow(/was made by Postgres 16, and this is Postgres 17/);
  });

  it('is refused when it is a file', async () => {
    const file = newFolder();
    await writeFile(file, '');
    await expect(start(file)).rejects.toThrow(/is a file, not a folder/);
  });

  it('is refused when this user may not write there', async () => {
    const parent = newFolder();
    await mkdir(parent, { mode: 0o555 });
    const dataDir = path.join(parent, 'data');
    const { error } = await startElsewhere(dataDir, asRoot ? { uid: 65_534, gid: 65_534 } : {});
    expect(error).toMatch(/cannot be written to by this user \(EACCES\)/);
  });

  it('is refused when its password was lost', async () => {
    const dataDir = await newDatabase();
    await rm(path.join(dataDir, 'superuser-password'));
    await expect(start(dataDir)).rejects.toThrow(/password of the database is missing/);
  });
});

describe('when Postgres does not start', () => {
  it('quotes its log, and the next start works', async () => {
    const dataDir = newFolder();
    await expect(start(dataDir, { settings: { shared_buffers: 'plenty' } })).rejects.toThrow(
      /invalid value for parameter "shared_buffers": "plenty"/,
    );
    const postgres = await start(dataDir);
    expect(await query(postgres.adminUrl, 'select 1 as one')).toEqual([{ one: 1 }]);
  });

  it('says that a demanded port is taken, and takes another where the port was only remembered', async () => {
    const dataDir = await newDatabase();
    const { port } = await start(dataDir);
    await [...running].at(-1)?.stop();
    const occupant = net.createServer().listen(port, '127.0.0.1');
    await once(occupant, 'listening');
    try {
      await expect(start(dataDir, { port })).rejects.toThrow(`Port ${port}`);
      const postgres = await start(dataDir);
      expect(postgres.port).not.toBe(port);
    } finally {
      occupant.close();
    }
  });
});

/** A small disk of its own; undefined where this user may not mount one. */
async function mountSmallDisk(megabytes: number): Promise<string | undefined> {
  const at = newFolder();
  await mkdir(at);
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', at], { stdio: 'ignore' });
    return at;
  } catch {
    return undefined;
  }
}

const canMount = await (async () => {
  base = await mkdtemp(path.join(os.tmpdir(), 'paperwright-mount-'));
  const disk = await mountSmallDisk(1);
  if (disk) execFileSync('umount', [disk]);
  await rm(base, { recursive: true, force: true });
  return disk !== undefined;
})();

describe.skipIf(!canMount)(`a full disk${canMount ? '' : ' (skipped: needs root, to mount a small one)'}`, () => {
  let disk: string;
  beforeAll(async () => {
    disk = (await mountSmallDisk(16)) ?? '';
  });
  afterAll(() => {
    execFileSync('umount', ['--lazy', disk]);
  });

  it('is named; nothing half-made stays; the next start works once there is space', async () => {
    const dataDir = path.join(disk, 'data');
    await expect(start(dataDir)).rejects.toThrow(/The disk that holds .* is full/);
    await expect(stat(path.join(dataDir, 'cluster'))).rejects.toThrow(/ENOENT/);
    execFileSync('mount', ['-o', 'remount,size=300m', disk]);
    const postgres = await start(dataDir);
    await query(postgres.adminUrl, 'create table kept as select 42 as answer');
    await postgres.stop();
  });

  it('loses nothing of a database that was made before', async () => {
    const dataDir = path.join(disk, 'data');
    const filler = path.join(disk, 'filler');
    execFileSync('sh', ['-c', `cat /dev/zero > '${filler}' 2>/dev/null || true`]);
    await expect(start(dataDir)).rejects.toThrow(/The disk that holds .* is full/);
    await rm(filler);
    const postgres = await start(dataDir);
    expect(await query(postgres.adminUrl, 'select answer from kept')).toEqual([{ answer: 42 }]);
  });
});

describe.skipIf(!asRoot)(`started by root${asRoot ? '' : ' (skipped: this user is not root)'}`, () => {
  it('keeps the data of a folder others cannot enter where the server can, and says where', async () => {
    const closed = newFolder();
    await mkdir(closed, { mode: 0o700 });
    const dataDir = path.join(closed, 'postgres');
    const said: string[] = [];
    const first = await startEmbeddedPostgres({ dataDir, settings: throwAwaySettings, log: (line) => said.push(line) });
    running.add(first);
    const place = (await readFile(path.join(dataDir, 'moved-to'), 'utf8')).trim();
    try {
      expect(said.join()).toContain(`the database lives in ${place}`);
      await query(first.adminUrl, 'create table kept as select 42 as answer');
      await first.stop();
      const second = await start(dataDir);
      expect(await query(second.adminUrl, 'select answer from kept')).toEqual([{ answer: 42 }]);
      await second.stop();
    } finally {
      await rm(place, { recursive: true, force: true });
    }
    await expect(start(dataDir)).rejects.toThrow(/and that folder is gone/);
  });

  it('takes over data that another user made', async () => {
    const dataDir = newFolder();
    await mkdir(dataDir);
    await chown(dataDir, 65_534, 65_534);
    const owner = await startElsewhere(dataDir, { uid: 65_534, gid: 65_534 });
    await query(owner.adminUrl, 'create table kept as select 42 as answer');
    await killOwner(owner.child);
    const postgres = await start(dataDir);
    expect(await query(postgres.adminUrl, 'select answer from kept')).toEqual([{ answer: 42 }]);
  });
});
