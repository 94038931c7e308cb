import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { afterEach, describe, expect, inject, test, vi } from 'vitest';
import { toAppError } from '../../src/api/error-format.js';
import { readMigrations } from '../../src/platform/database/migrate.js';
import { appendEvents } from '../../src/runs/append-events.js';
import type { Run } from '../../src/runs/run.entity.js';
import { type ProductProcess, startChild } from '../support/product.js';
import { lines } from '../support/timeline.js';
import { expectWhole, FAULT_TEST, type FaultLab, openFaultLab, WITHIN } from './support/fault-lab.js';
import { type OwnServer, startOwnServer } from './support/own-server.js';

const run = promisify(execFile);
const cleanUp: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const step of cleanUp.splice(0).reverse()) await step();
});

async function openLab(folder?: string): Promise<{ server: OwnServer; lab: FaultLab }> {
  const server = await startOwnServer(folder);
  cleanUp.push(server.stop);
  const lab = await openFaultLab({ db: server.db });
  cleanUp.push(lab.stop);
  return { server, lab };
}

async function expectLines(lab: FaultLab, started: Run, count: number): Promise<void> {
  await lab.reach(started.id, 'SUCCEEDED');
  const events = await expectWhole(lab, started.id, FAULT_TEST.stages);
  const written = events.filter((event) => event.type === 'LOG_LINE').map((event) => event.message);
  expect(written).toEqual(Array.from({ length: count }, (_, index) => `line ${index + 1}`));
}

test('a Postgres that dies and comes back again and again under load loses and doubles none of 5,000 events', async () => {
  const { server, lab } = await openLab();
  await Promise.all([lab.startTestWorker(), lab.startTestWorker()]);
  const runs = await Promise.all(Array.from({ length: 5 }, () => lab.start('emit 1000')));
  const stored = async () =>
    (await lab.db.admin.query('select count(*)::integer as n from run_events')).rows[0].n as number;
  let restarts = 0;
  for (let next = 500; next <= 4_500; next += 1_000, restarts++) {
    await vi.waitFor(async () => expect(await stored()).toBeGreaterThan(next), WITHIN);
    await server.strike();
  }
  expect(restarts).toBe(5);
  for (const started of runs) await expectLines(lab, started, 1_000);
});

const mayMount = process.platform === 'linux' && process.getuid?.() === 0;

describe('a full disk', () => {
  test.skipIf(!mayMount)(
    `refuses writes with a typed error, and all goes on when there is space${mayMount ? '' : ' (needs root, to mount a small disk)'}`,
    async () => {
      const disk = await mkdtemp(path.join(tmpdir(), 'paperwright-disk-'));
      await run('mount', ['-t', 'tmpfs', '-o', 'size=320m,mode=755', 'tmpfs', disk]);
      cleanUp.push(async () => {
        await run('umount', ['-l', disk]);
        await rm(disk, { recursive: true, force: true });
      });
      const { server, lab } = await openLab(disk);
      await lab.startTestWorker();
      const [running, written] = [await lab.start('emit 600'), await lab.start('emit 600')];
      await vi.waitFor(async () => expect((await lab.run(running.id)).last_seq).toBeGreaterThan(50), WITHIN);

      const ballast = path.join(disk, 'ballast');
      await fill(ballast);
      const long = lines(200, () => 'x'.repeat(2_000));
      const write = () =>
        lab.db.database
          .asTenant(lab.person.actor.tenantId)
          .transactional((em) => appendEvents(em, written.id, long, null));
      const refusal = await vi.waitFor(async () => {
        const refused = await write().then(
          () => undefined,
          (error: unknown) => toAppError(error),
        );
        expect(refused).toBeDefined();
        return refused;
      }, WITHIN);
      expect(refusal).toMatchObject({ code: 'UNAVAILABLE', retryable: true });

      await rm(ballast);
      await server.revive();
      await lab.reach(running.id, 'SUCCEEDED');
      const events = await lab.timeline(running.id);
      const own = events.filter((event) => event.message.startsWith('line ')).map((event) => event.message);
      expect(own).toEqual(Array.from({ length: 600 }, (_, index) => `line ${index + 1}`));
      const after = await lab.start('quick');
      await lab.reach(after.id, 'SUCCEEDED');
    },
  );
});

/** Takes all the space there is. */
async function fill(file: string): Promise<void> {
  const handle = await open(file, 'w');
  const block = Buffer.alloc(1024 * 1024);
  try {
    for (;;) await handle.write(block);
  } catch (error) {
    expect((error as NodeJS.ErrnoException).code).toBe('ENOSPC');
  } finally {
    await handle.close();
  }
}

test('three APIs and two workers started at once on an empty database migrate it once and are all ready', async () => {
  const server = new URL(inject('adminUrl'));
  const name = `empty_${randomBytes(6).toString('hex')}`;
  const admin = new pg.Client({ connectionString: server.toString() });
  await admin.connect();
  await admin.query(`create database ${name}`);
  const dataDir = await mkdtemp(path.join(tmpdir(), 'paperwright-migrate-'));
  const started: ProductProcess[] = [];
  cleanUp.push(async () => {
    await Promise.all(started.map((child) => child.kill('SIGKILL')));
    await admin.query(`drop database ${name} with (force)`);
    await admin.end();
    await rm(dataDir, { recursive: true, force: true });
  });
  const url = new URL(server);
  url.pathname = `/${name}`;
  const env = {
    PATH: process.env.PATH ?? '',
    NODE_V8_COVERAGE: process.env.NODE_V8_COVERAGE ?? '',
    DATABASE_URL: url.toString(),
    DATA_DIR: dataDir,
    SECRET_KEY: randomBytes(32).toString('hex'),
    PORT: '0',
    LOG_LEVEL: 'warn',
  };
  const scripts = [
    'dist/src/main.js',
    'dist/worker/main.js',
    'dist/src/main.js',
    'dist/worker/main.js',
    'dist/src/main.js',
  ];
  started.push(...(await Promise.all(scripts.map((script) => startChild(script, env, dataDir)))));
  const database = new pg.Client({ connectionString: url.toString() });
  await database.connect();
  const { rows } = await database.query('select name from schema_migrations order by name');
  await database.end();
  expect(rows.map((row) => row.name)).toEqual((await readMigrations()).map((migration) => migration.name));
  for (const { url: api } of started.filter((child) => child.url !== '')) {
    await vi.waitFor(async () => expect((await fetch(`${api}/readyz`)).status).toBe(200), WITHIN);
  }
});
