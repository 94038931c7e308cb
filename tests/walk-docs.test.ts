/** The walk of the README, as it is printed there, against the product as it runs. */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Product, startProduct } from './support/product.js';

const ROOT = path.resolve(import.meta.dirname, '..');
const WALK_MS = 180_000; // 3 minutes: three papers and a question on a busy machine
const PAPERS = [
  '02-pooling-and-incomplete-judgments',
  '03-precision-recall-average-precision',
  '04-graded-relevance-and-ndcg',
];

let product: Product;
let out: string;
beforeAll(async () => {
  product = await startProduct();
  out = await mkdtemp(path.join(tmpdir(), 'paperwright-walk-'));
});
afterAll(async () => {
  await product?.stop();
  if (out) await rm(out, { recursive: true, force: true });
});

const read = (name: string) => readFile(path.join(ROOT, name), 'utf8');

function walk(url: string): Promise<{ stdout: string; stderr: string }> {
  const files = PAPERS.map((name) => `library/${name}.md`);
  const env = { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '', URL: url, OUT: out };
  return promisify(execFile)('bash', ['docs/walk.sh', ...files], { cwd: ROOT, env });
}

test(
  'the walk goes from an account to files that are what the server says they are',
  async () => {
    const { stdout, stderr } = await walk(product.url);
    expect(stderr).toBe('');
    const steps = Array.from(stdout.matchAll(/^(\d)\. /gm), ([, digit]) => Number(digit));
    expect(steps).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(stdout.match(/^ {3}\d\d-.+\.md: events: [1-9]\d*$/gm)).toHaveLength(PAPERS.length);
    const seqs = Array.from(stdout.matchAll(/^ *(\d+) {2}\S+ {2}[A-Z_]+ {2}/gm), ([, seq]) => Number(seq));
    expect(seqs.length).toBeGreaterThan(10);
    expect(seqs).toEqual(seqs.map((_, index) => index + 1));
    expect(stdout).toContain('"status": "SUCCEEDED"');
    expect(stdout).toMatch(/"verdict": "SUPPORTED"/);
    for (const name of ['report.md', 'report.html', 'report.json', 'claims.json']) {
      expect(stdout).toContain(`${out}/${name}: OK`);
    }
    await expectReceiptsToHold(path.join(out, 'claims.json'));
  },
  WALK_MS,
);

test('without a server the walk says so and stops', async () => {
  const walked = walk('http://127.0.0.1:1').then(
    () => 'it went on',
    (error: { stdout: string; stderr: string }) => error,
  );
  await expect(walked).resolves.toMatchObject({
    stderr: expect.stringMatching(/^curl: .*connect.*\n$/i),
    stdout: expect.not.stringContaining('2. '),
  });
});

test.each([
  ['docs/walk.sh', 'bash'],
  ['docs/walk.ps1', 'powershell'],
  ['docs/watch-run.mjs', 'js'],
])('the README shows %s as it is', async (file, language) => {
  expect(await read('README.md')).toContain(`\`\`\`${language}\n${await read(file)}\`\`\``);
});

async function expectReceiptsToHold(file: string): Promise<void> {
  interface Map {
    snapshots: { id: string; text: string }[];
    claims: {
      receipts: { snapshotId: string; snapshotSha256: string; quote: string; startOffset: number; endOffset: number }[];
    }[];
  }
  const { snapshots, claims } = JSON.parse(await readFile(file, 'utf8')) as Map;
  expect(claims.length).toBeGreaterThan(0);
  for (const receipt of claims.flatMap((claim) => claim.receipts)) {
    const text = Buffer.from(snapshots.find(({ id }) => id === receipt.snapshotId)?.text ?? '');
    expect(createHash('sha256').update(text).digest('hex')).toBe(receipt.snapshotSha256);
    expect(text.subarray(receipt.startOffset, receipt.endOffset).toString()).toBe(receipt.quote);
  }
}
