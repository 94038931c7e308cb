/** The command line as a user starts it: a process, its output, its exit code. `npm run build` has been done. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { recordAudit } from '../src/identity/audit/record-audit.js';
import type { StructuredPaper } from '../src/papers/structured-paper.js';
import type { Actor } from '../src/platform/database/actor.js';
import type { Em } from '../src/platform/database/em.js';
import { encodeId } from '../src/platform/ids.js';
import { createTestDatabase, type TestDatabase } from './support/database.js';
import { createActor } from './support/people.js';
import { column, simplePdf } from './support/simple-pdf.js';

const command = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url));
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'paperwright-cli-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

interface Ended {
  code: number;
  stdout: string;
  stderr: string;
}

const paperwright = (...args: string[]): Promise<Ended> => paperwrightWith({}, ...args);

const paperwrightWith = (settings: Record<string, string>, ...args: string[]): Promise<Ended> =>
  new Promise((resolve) => {
    const env = { PATH: process.env.PATH, ...settings };
    execFile(process.execPath, [command, ...args], { cwd: folder, env, maxBuffer: 1e8 }, (error, stdout, stderr) => {
      resolve({ code: error ? Number(error.code) : 0, stdout, stderr });
    });
  });

async function file(name: string, content: string | Buffer): Promise<string> {
  await writeFile(path.join(folder, name), content);
  return name;
}

describe('paperwright with the settings of a server', () => {
  let db: TestDatabase;
  const settings = () => ({
    DATABASE_OWNER_URL: db.urls.owner,
    DATABASE_APP_URL: db.urls.app,
    DATABASE_QUEUE_URL: db.urls.queue,
    DATA_DIR: path.join(folder, 'data'),
  });
  const record = (actor: Actor) =>
    db.database.asActor(actor).transactional((em) => recordAudit(em as Em, { action: 'RUN_STARTED' }));
  beforeAll(async () => {
    db = await createTestDatabase();
  });
  afterAll(() => db?.drop());

  it('verify-audit finds the logs of all tenants right, then the one that was tampered with, and says so with its exit code', async () => {
    const [mine, theirs] = [await createActor(db), await createActor(db)];
    for (const actor of [mine, mine, theirs]) await record(actor);
    const right = await paperwrightWith(settings(), 'verify-audit', '--json');
    expect([right.code, right.stderr]).toEqual([0, '']);
    expect(JSON.parse(right.stdout)).toMatchObject({ ok: true, tenants: [{ ok: true }, { ok: true }] });

    await db.admin.query('set session_replication_role = replica');
    await db.admin.query('delete from audit_entries where tenant_id = $1', [theirs.tenantId]);
    await db.admin.query('delete from audit_heads where tenant_id = $1', [theirs.tenantId]);
    const wrong = await paperwrightWith(settings(), 'verify-audit');
    expect(wrong.code).toBe(1);
    expect(wrong.stdout.trim().split('\n').sort()).toEqual(
      [
        `${encodeId('ten', mine.tenantId)}  right: 2 entries, signed before up to 2`,
        `${encodeId('ten', theirs.tenantId)}  TRUNCATED at entry 1: Entry 1 is missing at the end.`,
        '2 logs, 1 with a problem',
      ].sort(),
    );
  });

  it('reset-password prints a token that sets a new password, and what to do with it', async () => {
    const { userId } = await createActor(db);
    const { code, stdout, stderr } = await paperwrightWith(settings(), 'reset-password', `${userId}@example.org`);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const token = /^ {2}(pwf_\S+)$/m.exec(stdout)?.[1] ?? '';
    expect(stdout).toContain(`resetPassword(input: { token: "${token}"`);
    const { rows } = await db.admin.query(
      `delete from password_resets where token_hash = sha256($1) and expires_at > now() + interval '59 min' returning user_id`,
      [Buffer.from(token)],
    );
    expect(rows).toEqual([{ user_id: userId }]);
  });
});

describe('paperwright paper', () => {
  it('prints one JSON document whose pieces stand where they say, and nothing else', async () => {
    const heading = { text: '1 Introduction', x: 72, y: 720, size: 14, bold: true };
    const prose = column(['Bees return to flowers that they have visited before.', 'They remember colours.']);
    const { code, stdout, stderr } = await paperwright(
      'paper',
      await file('bees.pdf', simplePdf([[heading, ...prose]])),
    );
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const paper = JSON.parse(stdout) as StructuredPaper & { text: string };
    expect(paper).toMatchObject({ engine: expect.stringMatching(/^builtin@/), pages: [{ number: 1, width: 612 }] });
    expect(paper.sections.length).toBeGreaterThan(0);
    const bytes = Buffer.from(paper.text);
    for (const { heading, startOffset, endOffset, page, box } of paper.sections) {
      expect(bytes.subarray(startOffset, endOffset).toString()).toBe(heading);
      expect(page).toBe(1);
      expect(box?.width).toBeGreaterThan(0);
    }
  });

  it('prints Markdown for people', async () => {
    const source = '# Bees and flowers\n\n## Introduction\n\nBees return to flowers.\n';
    const { code, stdout } = await paperwright('paper', await file('bees.md', source), '--markdown');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^# Bees and flowers\n/);
    expect(stdout).toContain('Bees return to flowers.');
  });

  it.each([
    ['an HTML page that is named a PDF', 'page.pdf', '<!doctype html><title>Not found</title>', /HTML page/],
    ['a PDF that is cut short', 'cut.pdf', simplePdf([column(['Bees.'])]).subarray(0, 120), /damaged or cut short/],
    ['bytes of no known kind', 'noise.bin', Buffer.from([0, 1, 2, 3, 255, 254]), /./],
  ])('says of %s what is wrong, prints nothing and exits with 1', async (_what, name, content, sentence) => {
    const { code, stdout, stderr } = await paperwright('paper', await file(name, content));
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(sentence);
    expect(stderr.trim().split('\n')).toHaveLength(1);
  });

  it('says that there is no such file', async () => {
    const { code, stderr } = await paperwright('paper', 'missing.pdf');
    expect(code).toBe(1);
    expect(stderr).toContain('There is no file');
  });

  it('shows how it is used when it is asked wrongly, and exits with 2', async () => {
    const { code, stdout, stderr } = await paperwright('paper', 'a.pdf', '--fast');
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain('Usage: paperwright paper FILE');
  });
});
