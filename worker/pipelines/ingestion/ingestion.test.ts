import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { searchSnippets } from '../../../src/evidence/search-snippets.js';
import { SourceEntity } from '../../../src/evidence/source.entity.js';
import { ingestPaper } from '../../../src/kinds/ingestion/ingest-paper.js';
import { IngestionRunEntity } from '../../../src/kinds/ingestion/ingestion-run.entity.js';
import { type Paper, PaperEntity } from '../../../src/papers/paper.entity.js';
import { prepareUpload } from '../../../src/papers/prepare-upload.js';
import { uploadKey } from '../../../src/platform/blobs/blob-key.js';
import type { BlobStore } from '../../../src/platform/blobs/blob-store.js';
import { openDiskBlobStore } from '../../../src/platform/blobs/disk-blob-store.js';
import { createSignedUrls } from '../../../src/platform/blobs/signed-urls.js';
import type { Actor } from '../../../src/platform/database/actor.js';
import { runSql } from '../../../src/platform/database/sql.js';
import type { ActorContext } from '../../../src/platform/graphql/api-context.js';
import { encodeId, newId } from '../../../src/platform/ids.js';
import { loadServiceHealth } from '../../../src/platform/service-health/service-health.js';
import { type Run, RunEntity } from '../../../src/runs/run.entity.js';
import { createTestDatabase, type TestDatabase } from '../../../tests/support/database.js';
import { embeds, textsOf } from '../../../tests/support/embedding-endpoint.js';
import {
  type ModelBehaviour,
  type ModelEndpoint,
  openModelEndpoint,
  status,
} from '../../../tests/support/model-endpoint.js';
import { contextFor, createActor, createProjectRow } from '../../../tests/support/people.js';
import { column, simplePdf } from '../../../tests/support/simple-pdf.js';
import { startTestWorker } from '../../../tests/support/start-test-worker.js';
import type { RunningWorker } from '../../start-worker.js';
import { createOpenAiEmbeddings } from '../../tools/model/openai-embeddings.js';
import { INGESTION_PIPELINE } from './stages.js';

const ARTICLE = `# How pools are judged

Pooling asks assessors to read only the *top documents* of every system that took part. What no
system retrieved near its top is assumed not to be relevant.

## References

1. Sparck Jones K. Report on the need for an ideal test collection. 1975.
`;

let db: TestDatabase;
let folder: string;
let blobs: BlobStore;
let worker: RunningWorker;
let actor: Actor;
let ctx: ActorContext;
let projectId: string;
let endpoint: ModelEndpoint & { close(): Promise<void> };
let behave: ModelBehaviour = embeds();

beforeAll(async () => {
  db = await createTestDatabase({ poolSize: 20 });
  folder = await mkdtemp(join(tmpdir(), 'ingestion-'));
  const urls = createSignedUrls({
    secret: Buffer.alloc(32, 1),
    publicUrl: () => 'http://localhost',
    clock: () => new Date(),
  });
  blobs = await openDiskBlobStore({ root: folder, urls });
  actor = await createActor(db, 'RESEARCHER');
  projectId = await createProjectRow(db, actor);
  ctx = contextFor(db, actor, { blobs });
  await ctx.services.runs.feed.start();
  endpoint = await openModelEndpoint((response, call) => behave(response, call));
  const { baseUrl } = endpoint;
  worker = await startTestWorker({
    urls: db.urls,
    blobs,
    pipelines: [INGESTION_PIPELINE],
    embedding: createOpenAiEmbeddings({
      config: {
        baseUrl,
        apiKey: undefined,
        model: 'small',
        dimensions: null,
        prefixes: { query: '', passage: '' },
        timeoutMs: 5_000,
        price: null,
      },
    }),
  });
});

afterAll(async () => {
  await worker?.stop();
  await endpoint?.close();
  await ctx?.services.runs.feed.stop();
  await db?.drop();
  await rm(folder, { recursive: true, force: true });
});

const scoped = () => db.database.asTenant(actor.tenantId);
const ingest = (input: object) => ingestPaper(ctx, { projectId: encodeId('proj', projectId), ...input });

/** Follows the run to its end. */
async function finished(started: Run): Promise<{ run: Run; paper: Paper | null; messages: string[] }> {
  const messages: string[] = [];
  for await (const batch of ctx.services.runs.feed.follow({ actor, runId: started.id, after: 0 })) {
    messages.push(...batch.events.map((event) => event.message));
  }
  const em = scoped();
  const run = await em.findOneOrFail(RunEntity, { id: started.id });
  const details = await em.findOneOrFail(IngestionRunEntity, { runId: run.id });
  const paper = details.paperId ? await em.findOne(PaperEntity, { id: details.paperId }) : null;
  return { run, paper, messages };
}

async function upload(bytes: Buffer, fileName: string, mediaType: string, sha256?: string): Promise<string> {
  const ticket = await prepareUpload(ctx, {
    projectId,
    fileName,
    bytes: Math.max(1, bytes.length),
    mediaType,
    ...(sha256 && { sha256 }),
  });
  await blobs.put(uploadKey(actor.tenantId, ticket.uploadId), bytes);
  return encodeId('upl', ticket.uploadId);
}

describe('ingestion', () => {
  it('takes a text in: a READY paper whose words are found, but not its reference list', async () => {
    const { run, paper, messages } = await finished(
      await ingest({ text: ARTICLE, authors: ['Ada Author'], year: 2024 }),
    );
    expect(run).toMatchObject({ status: 'SUCCEEDED', failure: null });
    expect(paper).toMatchObject({
      status: 'READY',
      title: 'How pools are judged',
      authors: ['Ada Author'],
      year: 2024,
    });
    expect(messages.join('\n')).toContain('“How pools are judged” can be searched: 1 snippet.');
    const [found, ...more] = await searchSnippets(scoped(), {
      projectId,
      query: 'assessors reading top documents',
      limit: 5,
    });
    expect(found).toMatchObject({ sourceId: paper?.sourceId, heading: 'How pools are judged' });
    expect(found?.text).toContain('only the top documents of every system');
    expect(more).toEqual([]);
    expect(await searchSnippets(scoped(), { projectId, query: 'Sparck Jones', limit: 5 })).toEqual([]);
    const source = await scoped().findOneOrFail(SourceEntity, { id: paper?.sourceId ?? '' });
    expect(source).toMatchObject({ connector: 'TEXT', authors: ['Ada Author'], year: 2024 });
    const jobs = await db.admin.query('select 1 from graphile_worker._private_jobs where key = $1', [
      `index:${actor.tenantId}:${projectId}`,
    ]);
    expect(jobs.rowCount).toBe(1); // its library's index is brought up to date afterwards
  });

  it('takes an uploaded PDF in, with its pages, DOI and title', async () => {
    const pdf = simplePdf([
      [
        { text: 'Kappa under scrutiny', x: 72, y: 730, size: 18, bold: true },
        { text: 'https://doi.org/10.1000/kappa.7', x: 72, y: 710, size: 8 },
        { text: 'Abstract', x: 72, y: 690, size: 12, bold: true },
        ...column(['Cohen defined kappa as agreement of two raters beyond chance.'], { y: 670 }),
      ],
      column(['On its second page the paper says that weighted kappa counts near misses in part.']),
    ]);
    const { run, paper } = await finished(
      await ingest({ uploadId: await upload(pdf, 'kappa.pdf', 'application/pdf') }),
    );
    expect(run.failure).toBeNull();
    expect(paper).toMatchObject({
      status: 'READY',
      title: 'Kappa under scrutiny',
      pageCount: 2,
      doi: '10.1000/kappa.7',
    });
    const [found] = await searchSnippets(scoped(), { projectId, query: 'weighted kappa near misses', limit: 1 });
    expect(found).toMatchObject({ sourceId: paper?.sourceId });
  });

  it('takes LaTeX source in', async () => {
    const source = `\\documentclass{article}\\title{Roofs that grow}\\begin{document}\\maketitle\\section{Results}
Green roofs keep half of the summer rain, and the rest of it comes down an hour later than before.
\\end{document}`;
    const { run, paper } = await finished(
      await ingest({ uploadId: await upload(Buffer.from(source), 'roofs.tex', 'application/x-tex') }),
    );
    expect(run.failure).toBeNull();
    expect(paper).toMatchObject({ status: 'READY', title: 'Roofs that grow', pageCount: null });
    const [found] = await searchSnippets(scoped(), { projectId, query: 'summer rain of green roofs', limit: 1 });
    expect(found).toMatchObject({ sourceId: paper?.sourceId, heading: 'Results' });
  });

  it('makes the same bytes the same paper, and the same request the same run', async () => {
    const text = 'Expected reciprocal rank models a reader who stops at the first satisfying document of a list.';
    const runs = await Promise.all(
      [1, 2, 3, 4].map((n) => ingest({ text, title: 'ERR', clientRequestId: `err-${n}` })),
    );
    const ends = await Promise.all(runs.map(finished));
    expect(ends.map(({ run }) => run.status)).toEqual(Array(4).fill('SUCCEEDED'));
    expect(new Set(ends.map(({ paper }) => paper?.id)).size).toBe(1);
    expect(await scoped().count(SourceEntity, { title: 'ERR' })).toBe(1);
    expect((await ingest({ text, title: 'ERR', clientRequestId: 'err-1' })).id).toBe(runs[0]?.id);
    await expect(ingest({ text: 'Another text of some words.', clientRequestId: 'err-1' })).rejects.toMatchObject({
      code: 'IDEMPOTENCY_CONFLICT',
    });
  });

  it.each([
    [
      'an HTML page named .pdf',
      Buffer.from('<html><body>404</body></html>'),
      'paper.pdf',
      'application/pdf',
      'UNREADABLE_DOCUMENT',
    ],
    ['a PDF cut short', Buffer.from('%PDF-1.4\n1 0 obj'), 'paper.pdf', 'application/pdf', 'UNREADABLE_DOCUMENT'],
    ['an image', Buffer.from('\x89PNG\r\n\x1a\n0000', 'latin1'), 'x.png', 'image/png', 'UNSUPPORTED_MEDIA_TYPE'],
    ['numbers only', Buffer.from('1 2 3 4\n\n5 6 7'), 'n.txt', 'text/plain', 'UNREADABLE_DOCUMENT'],
    ['an empty file', Buffer.alloc(0), 'n.txt', 'text/plain', 'UNREADABLE_DOCUMENT'],
  ])(
    'FAILS on %s with a code and what to do, and leaves nothing to be found',
    async (_name, bytes, file, type, code) => {
      const before = await scoped().count(SourceEntity, {});
      const { run, paper } = await finished(await ingest({ uploadId: await upload(bytes, file, type) }));
      expect(run).toMatchObject({ status: 'FAILED', failure: { code, retryable: false, hint: expect.any(String) } });
      if (paper) expect(paper.status).toBe('FAILED');
      expect(await scoped().count(SourceEntity, {})).toBe(before);
    },
  );

  it('refuses bytes that are not the announced ones, and a ticket under which nothing came', async () => {
    const wrong = await finished(
      await ingest({ uploadId: await upload(Buffer.from('Words.'), 'a.txt', 'text/plain', 'a'.repeat(64)) }),
    );
    expect(wrong.run.failure).toMatchObject({ code: 'HASH_MISMATCH' });
    const ticket = await prepareUpload(ctx, { projectId, fileName: 'a.txt', bytes: 5, mediaType: 'text/plain' });
    const missing = await finished(await ingest({ uploadId: encodeId('upl', ticket.uploadId) }));
    expect(missing.run.failure).toMatchObject({ code: 'NOT_FOUND', hint: expect.stringContaining('PUT') });
  });

  it.each([
    ['neither text nor upload', {}, 'BAD_INPUT'],
    ['both', { text: 'Words.', uploadId: encodeId('upl', newId()) }, 'BAD_INPUT'],
    ['an empty text', { text: '  \n ' }, 'BAD_INPUT'],
    ['binary in a text', { text: 'a\u0000b' }, 'BAD_INPUT'],
    ['a text of a megabyte', { text: 'x'.repeat(1_000_000) }, 'BAD_INPUT'],
    ['a DOI that is none', { text: 'Words.', doi: 'not a doi' }, 'BAD_INPUT'],
    ['a year that is none', { text: 'Words.', year: 99_999 }, 'BAD_INPUT'],
    ['an unknown upload', { uploadId: encodeId('upl', newId()) }, 'NOT_FOUND'],
    ['an id of another type', { uploadId: encodeId('run', newId()) }, 'NOT_FOUND'],
    ['an unknown project', { projectId: encodeId('proj', newId()), text: 'Words.' }, 'NOT_FOUND'],
  ])('refuses %s before anything is written', async (_name, input, code) => {
    const before = await scoped().count(RunEntity, {});
    await expect(ingest(input)).rejects.toMatchObject({ code });
    expect(await scoped().count(RunEntity, {})).toBe(before);
  });

  it.each([
    ['no bytes', { bytes: 0 }],
    ['too many bytes', { bytes: 50 * 1024 * 1024 + 1 }],
    ['half a byte', { bytes: 1.5 }],
    ['a media type that is none', { mediaType: 'pdf' }],
    ['a hash that is none', { sha256: 'xyz' }],
    ['an empty name', { fileName: ' ' }],
  ])('announces no upload of %s', async (_name, wrong) => {
    const ticket = { projectId, fileName: 'a.txt', bytes: 5, mediaType: 'text/plain', ...wrong };
    await expect(prepareUpload(ctx, ticket)).rejects.toMatchObject({ code: 'BAD_INPUT' });
  });

  it('makes the vectors of what it takes in, and takes it in without them when they cannot be had', async () => {
    const vectorsOf = (id: string | null | undefined) =>
      runSql(scoped(), 'select space, dimensions from snippet_embeddings where source_id = $1', [id ?? '']);
    const healthOf = async () => loadServiceHealth(db.database.nobody, ['EMBEDDING']);
    const text = (what: string) => `The ${what} of a hive is studied by those who keep bees for their honey.`;
    const good = await finished(await ingest({ text: text('queen'), title: 'Queens' }));
    expect(await vectorsOf(good.paper?.sourceId)).toEqual([{ space: 'small', dimensions: 64 }]);
    expect(endpoint.calls.map(textsOf)).toContainEqual([`Queens\n${text('queen')}`]);
    expect(await healthOf()).toMatchObject([{ detail: 'small', lastFailureAt: null }]);
    behave = status(401);
    const poor = await finished(await ingest({ text: text('swarm'), title: 'Swarms' }));
    expect(poor).toMatchObject({ run: { status: 'SUCCEEDED' }, paper: { status: 'READY' } });
    expect(await vectorsOf(poor.paper?.sourceId)).toEqual([]);
    expect(poor.messages.join('\n')).toContain(
      'Indexed without vectors, which the next search will make: The model’s endpoint',
    );
    expect(await healthOf()).toMatchObject([{ detail: 'small', lastFailureCode: 'REFUSED' }]);
  });

  it('is for researchers, and only in projects they may see', async () => {
    const viewer = contextFor(db, await createActor(db, 'VIEWER', actor.tenantId), { blobs });
    await expect(ingestPaper(viewer, { projectId: encodeId('proj', projectId), text: 'Words.' })).rejects.toMatchObject(
      { code: 'FORBIDDEN' },
    );
    const stranger = contextFor(db, await createActor(db, 'OWNER'), { blobs });
    await expect(
      ingestPaper(stranger, { projectId: encodeId('proj', projectId), text: 'Words.' }),
    ).rejects.toMatchObject({ code: 'NOT_FOUND' });
    const ticket = { projectId, fileName: 'a.txt', bytes: 5, mediaType: 'text/plain' };
    await expect(prepareUpload(stranger, ticket)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});
