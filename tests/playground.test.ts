/**
 * The playground as a newcomer meets it: served with a strict policy, working with no network but this server, and
 * every starter tab run to its end in the order it stands there.
 */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import fastify, { type FastifyInstance } from 'fastify';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { registerPlayground } from '../src/api/routes/playground.js';
import { HOW_TO_GET_CHROMIUM, hasChromium, openWatchedPage, type WatchedPage } from './support/browser.js';
import { type Product, startProduct } from './support/product.js';

const STARTER_TITLES = [
  'Register',
  'CreateProject',
  'AddPaper',
  'WatchIngestion',
  'ReadPaper',
  'StartResearch',
  'WatchResearch',
  'ReadReport',
  'Artifacts',
];

const project = fileURLToPath(new URL('..', import.meta.url));

beforeAll(async () => {
  await promisify(execFile)('npm', ['run', 'build:playground'], { cwd: project });
});

describe('serving the playground', () => {
  let app: FastifyInstance;
  let asset: string;

  beforeAll(async () => {
    app = fastify();
    await registerPlayground(app);
    const { body } = await app.inject('/');
    asset = /src="(\/playground\/main-[^"]+\.js)"/.exec(body)?.[1] ?? '';
    expect(asset).not.toBe('');
  });
  afterAll(() => app.close());

  it('allows scripts, workers and connections from its own origin only', async () => {
    const { headers } = await app.inject('/');
    const policy = String(headers['content-security-policy']);
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self';");
    expect(policy).toContain("connect-src 'self';");
    expect(policy).not.toMatch(/https?:|\*|unsafe-eval|blob:/);
  });

  it('revalidates the page by its ETag', async () => {
    const first = await app.inject('/');
    expect(first.headers['cache-control']).toBe('no-cache');
    const again = await app.inject({ url: '/', headers: { 'if-none-match': `W/${first.headers.etag}` } });
    expect(again.statusCode).toBe(304);
    const changed = await app.inject({ url: '/', headers: { 'if-none-match': '"another"' } });
    expect(changed.statusCode).toBe(200);
  });

  it('lets hashed assets be cached for good, each encoding under a tag of its own', async () => {
    const plain = await app.inject({ url: asset, headers: { 'accept-encoding': 'identity' } });
    const gzipped = await app.inject({ url: asset, headers: { 'accept-encoding': 'br, gzip' } });
    expect(plain.headers['cache-control']).toContain('immutable');
    expect(gzipped.headers['content-encoding']).toBe('gzip');
    expect(gzipped.rawPayload.length).toBeLessThan(plain.rawPayload.length / 2);
    expect(gzipped.headers.etag).not.toBe(plain.headers.etag);
    const refused = await app.inject({ url: asset, headers: { 'accept-encoding': 'gzip;q=0' } });
    expect(refused.headers['content-encoding']).toBeUndefined();
  });

  it.each([
    '/playground/nothing.js',
    '/playground/../../package.json',
    '/playground/%2e%2e%2f%2e%2e%2fpackage.json',
    '/playground/manifest.json',
    '/playground/__proto__',
  ])('serves nothing that is not an asset of the bundle: %s', async (url) => {
    expect((await app.inject(url)).statusCode).toBe(404);
  });

  it('says what to run when there is no bundle, and does not cache that', async () => {
    const empty = await mkdtemp(path.join(tmpdir(), 'no-bundle-'));
    const bare = fastify();
    await registerPlayground(bare, [empty]);
    const answer = await bare.inject('/');
    expect(answer.statusCode).toBe(503);
    expect(answer.headers['cache-control']).toBe('no-store');
    expect(answer.body).toContain('npm run build:playground');
    await bare.close();
    await rm(empty, { recursive: true });
  });

  it('ships the licences of what it bundles', async () => {
    const licenses = await readFile(path.join(project, 'dist/playground/LICENSES.txt'), 'utf8');
    for (const name of ['graphiql', 'monaco-editor', 'react', 'graphql-ws']) expect(licenses).toContain(`${name} `);
  });
});

interface Timeline {
  events: { seq: number }[];
  cursor: number;
  caughtUp: boolean;
}

interface FinishedRun {
  status: string;
  trust: { overall: number };
  report: { sections: { sentences: { claim: { receipts: unknown[] } | null }[] }[] };
}

interface ListedFile {
  name: string;
  sha256: string;
  downloadUrl: string;
}

interface MonacoOfPage {
  editor: {
    getModels(): { uri: { path: string }; getValue(): string; setValue(value: string): void }[];
    getModelMarkers(filter: object): { message: string; resource: { path: string } }[];
  };
}

/** What an editor holds; Monaco draws only the visible lines, so its model is asked. */
const readPane = (page: Page, name: string) =>
  page.evaluate((suffix) => {
    const { __MONACO: monaco } = globalThis as unknown as { __MONACO: MonacoOfPage };
    return (
      monaco.editor
        .getModels()
        .find((model) => model.uri.path.endsWith(suffix))
        ?.getValue() ?? ''
    );
  }, name);

/** Resolves when the editor shows the tab: until it has loaded, the page takes the click and still shows another. */
async function openTab(page: Page, title: string): Promise<void> {
  const shown = new RegExp(`\\b${title}\\b`);
  await vi.waitFor(
    async () => {
      await page.locator(`.graphiql-tab-button[title="${title}"]`).click();
      expect(await readPane(page, 'operation.graphql')).toMatch(shown);
    },
    { timeout: 30_000, interval: 100 },
  );
}

/** Opens a tab, presses play, waits until the operation has ended, and returns the answer. */
async function runTab(page: Page, title: string): Promise<{ data?: unknown; errors?: unknown }> {
  await openTab(page, title);
  const play = page.getByRole('button', { name: /^Execute query/ });
  await play.click();
  await expect.poll(() => readPane(page, 'response.json'), { timeout: 50_000 }).not.toBe('');
  await play.waitFor({ timeout: 50_000 }); // While an operation is under way, the button says "Stop query".
  return JSON.parse(await readPane(page, 'response.json')) as { data?: unknown; errors?: unknown };
}

describe.skipIf(!hasChromium)(`the playground in a browser without network${HOW_TO_GET_CHROMIUM}`, () => {
  let product: Product;
  let watched: WatchedPage;
  let page: Page;

  beforeAll(async () => {
    product = await startProduct();
    watched = await openWatchedPage();
    page = watched.page;
    await page.goto(product.url);
    await page.locator('.graphiql-tab-button').first().waitFor();
  });
  afterAll(async () => {
    await watched?.close();
    await product?.stop();
  });

  it('opens with the walk of a newcomer as tabs', async () => {
    expect(await page.locator('.graphiql-tab-button').allTextContents()).toEqual(STARTER_TITLES);
  });

  it('says which tab to run first when a value is not known yet', async () => {
    expect(await runTab(page, 'StartResearch')).toEqual({
      errors: [{ message: expect.stringContaining('run the tab “CreateProject” first') }],
    });
  });

  it.each(STARTER_TITLES)('runs the tab %s by pressing play', async (title) => {
    const answer = await runTab(page, title);
    expect(answer).not.toHaveProperty('errors');
    expect(answer).toHaveProperty('data');
  });

  it('shows the whole timeline of a run, newest event on top', async () => {
    const { data } = (await runTab(page, 'WatchResearch')) as { data: { runEvents: Timeline } };
    const seqs = data.runEvents.events.map((event) => event.seq);
    expect(seqs).toEqual(Array.from({ length: data.runEvents.cursor }, (_, index) => data.runEvents.cursor - index));
    expect(data.runEvents.caughtUp).toBe(true);
  });

  it('ends with a report whose claims have receipts, and with files that are what they say', async () => {
    const read = (await runTab(page, 'ReadReport')) as { data: { run: FinishedRun } };
    expect(read.data.run.status).toBe('SUCCEEDED');
    expect(read.data.run.trust.overall).toBeGreaterThan(0);
    const claims = read.data.run.report.sections.flatMap(({ sentences }) =>
      sentences.flatMap(({ claim }) => claim ?? []),
    );
    expect(claims.length).toBeGreaterThan(2);
    for (const claim of claims) expect(claim.receipts.length).toBeGreaterThan(0);

    const listed = (await runTab(page, 'Artifacts')) as { data: { run: { artifacts: { nodes: ListedFile[] } } } };
    const files = listed.data.run.artifacts.nodes;
    expect(files.map((file) => file.name)).toContain('report.md');
    for (const file of files) {
      const content = Buffer.from(await (await fetch(file.downloadUrl)).arrayBuffer());
      expect(createHash('sha256').update(content).digest('hex'), file.name).toBe(file.sha256);
    }
  });

  it('shows who is signed in, and never keeps the token beyond the browser tab', async () => {
    expect(await page.getByRole('status').textContent()).toMatch(/^Signed in as reader-\w+@example\.org$/);
    expect(await page.evaluate(() => JSON.stringify(localStorage))).not.toContain('accessToken\\":');
  });

  it('keeps tabs, session and known ids over a reload', async () => {
    await page.reload();
    await page.locator('.graphiql-tab-button').first().waitFor();
    expect(await page.locator('.graphiql-tab-button').allTextContents()).toEqual(STARTER_TITLES);
    expect(await runTab(page, 'ReadReport')).not.toHaveProperty('errors');
  });

  it('checks queries against the schema while they are written, in workers of its own origin', async () => {
    await page.evaluate(() => {
      const { __MONACO: monaco } = globalThis as unknown as { __MONACO: MonacoOfPage };
      monaco.editor
        .getModels()
        .find((model) => model.uri.path.endsWith('operation.graphql'))
        ?.setValue('{ noSuchField }');
    });
    const complaints = () =>
      page.evaluate(() => {
        const { __MONACO: monaco } = globalThis as unknown as { __MONACO: MonacoOfPage };
        return monaco.editor.getModelMarkers({}).map((marker) => marker.message);
      });
    await expect.poll(complaints, { timeout: 20_000 }).toContainEqual(expect.stringContaining('noSuchField'));
    expect(watched.requests.some((url) => url.includes('/playground/graphql.worker-'))).toBe(true);
  });

  it('signs out: the next operation is refused and the bar says so', async () => {
    await page.getByRole('button', { name: 'Sign out' }).click();
    await expect.poll(() => page.getByRole('status').textContent()).toContain('Not signed in');
    expect(await runTab(page, 'CreateProject')).toHaveProperty('errors');
  });

  it('brings the starter tabs back with "Start over"', async () => {
    await page.getByRole('button', { name: 'Start over' }).click();
    await expect
      .poll(() => readPane(page, 'variables.json').catch(() => ''), { timeout: 30_000 })
      .toContain('{{freshEmail}}');
    expect(await page.locator('.graphiql-tab-button').allTextContents()).toEqual(STARTER_TITLES);
  });

  it('asked no other origin for anything, and broke no rule of the policy', () => {
    const here = new URL(product.url).host;
    expect(watched.requests.filter((url) => !url.startsWith('data:') && new URL(url).host !== here)).toEqual([]);
    expect(watched.requests.some((url) => url.startsWith('ws:'))).toBe(true);
    // A refused operation is an HTTP status of ours, which the browser reports too.
    expect(watched.complaints.filter((complaint) => !/status of 40[013]/.test(complaint))).toEqual([]);
  });
});
