/** `npm run demo` as a person starts it: a process of its own with a new data folder, followed to its end. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const MAIN = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../dist/demo/main.js');
const DEMO_MS = 120_000; // two minutes: the machine may be busy with other tests

let folder: string;

beforeAll(async () => {
  if (!existsSync(MAIN)) throw new Error('dist/ is missing: run `npm run build` first.');
  folder = await mkdtemp(path.join(tmpdir(), 'paperwright-demo-'));
  await chmod(folder, 0o755); // run by root, Postgres is another user, who must get in
});

afterAll(() => rm(folder, { recursive: true, force: true }));

interface Ended {
  code: number | null;
  out: string;
  err: string;
}

/** `interruptAt`: sends SIGINT when this is read on its output. */
function demo(args: readonly string[], interruptAt?: string): Promise<Ended> {
  const env = { PATH: process.env.PATH ?? '', DATA_DIR: path.join(folder, 'data'), PORT: '0' };
  const child = spawn(process.execPath, [MAIN, ...args], { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const ended: Ended = { code: null, out: '', err: '' };
  child.stdout.on('data', (chunk: Buffer) => {
    const before = interruptAt !== undefined && ended.out.includes(interruptAt);
    ended.out += chunk;
    if (interruptAt !== undefined && !before && ended.out.includes(interruptAt)) child.kill('SIGINT');
  });
  child.stderr.on('data', (chunk: Buffer) => {
    ended.err += chunk;
  });
  return new Promise((resolve) => child.once('close', (code) => resolve({ ...ended, code })));
}

const FERMENTED = `# Why sourdough keeps

Sourdough bread keeps longer than yeast bread because its lactic acid bacteria lower the acidity of the dough.
Lactic acid bacteria in sourdough produce acetic acid, which slows the growth of mould on the bread.
Sourdough fermentation slows the staling of bread, since acids change how starch crystallises.
A long fermentation of sourdough also breaks down phytic acid, which makes minerals easier to take up.
`;

const STALING = `# How bread goes stale

Bread goes stale mainly because its starch crystallises again after baking, which makes the crumb firm.
Sourdough bread stays soft longer than yeast bread, because its acids and enzymes delay the crystallisation of starch.
Bread stales fastest in the refrigerator, where starch crystallises more quickly than at room temperature.
Mould on bread needs moisture and a mild acidity, and sourdough bread offers it less of both.
`;

describe('npm run demo', () => {
  it('answers a question over two texts of one’s own, with files that can be checked', {
    timeout: DEMO_MS,
  }, async () => {
    await writeFile(path.join(folder, 'fermented.md'), FERMENTED);
    await writeFile(path.join(folder, 'staling.txt'), STALING);
    await writeFile(path.join(folder, 'empty.md'), '');
    const question = 'Why does sourdough bread keep longer than yeast bread?';
    const { code, out, err } = await demo([question, 'fermented.md', 'staling.txt', 'empty.md']);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toContain('empty.md: ');
    expect(out).toContain('read 2 of 3 documents');
    expect(out).toMatch(/(\d+) of \1 claim sentences carry a receipt that verifies/);
    expect(out).toMatch(/Trust {7}0\.\d\d of 1/);
    expect(out).toMatch(/e-mail demo-\w+@example\.org, password \S+/);
    expect(out).not.toContain('\u001b');
    const file = (name: string) => readFile(path.join(folder, 'out', name), 'utf8');
    expect(await file('report.md')).toMatch(/sourdough/i);
    expect(await file('report.html')).toMatch(/^<!doctype html>/i);
    expect(JSON.parse(await file('report.json'))).toMatchObject({ question, markdown: await file('report.md') });
    expect(JSON.parse(await file('claims.json'))).toMatchObject({ question });
    expect(await file('report.pdf')).toMatch(/^%PDF-/);
    expect(await file('report.docx')).toMatch(/^PK/);
    expect(await file('references.bib')).toMatch(/^@\w+\{/);
    expect(JSON.parse(await file('references.csl.json'))).not.toEqual([]);
  });

  it('says why there is no report, and ends with 1', { timeout: DEMO_MS }, async () => {
    await writeFile(path.join(folder, 'staling.txt'), STALING);
    const { code, out } = await demo(['Which telescope mirrors resist cosmic radiation?', 'staling.txt']);
    expect(code).toBe(1);
    expect(out).toMatch(/No report .*\(INSUFFICIENT_EVIDENCE\)/s);
  });

  it('cancels and stops everything when it is interrupted', { timeout: DEMO_MS }, async () => {
    await writeFile(path.join(folder, 'staling.txt'), STALING);
    const { code, out } = await demo(['Why does bread go stale?', 'staling.txt'], 'opening an account');
    expect(code).toBe(130);
    expect(out).toContain('Interrupted. What was under way is canceled, and everything is stopped.');
    expect(existsSync(path.join(folder, 'data/postgres/postmaster.pid'))).toBe(false);
  });

  it('says what is wrong with the arguments before it starts anything', async () => {
    const { code, out, err } = await demo(['What?', 'nowhere.md']);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toContain('nowhere.md: there is no such file or folder.');
    expect(await demo(['What?'])).toMatchObject({ code: 1, out: '' });
    expect(await demo(['--wrong'])).toMatchObject({ code: 1, out: '' });
    expect(await demo(['--help'])).toMatchObject({ code: 0, err: '' });
  });
});
