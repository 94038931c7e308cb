/** Documents that cannot be read, or that are not what was announced. */
import { createHash } from 'node:crypto';
import { describe, expect, test, vi } from 'vitest';
import { INGESTION_PIPELINE } from '../../worker/pipelines/ingestion/stages.js';
import { RESEARCH_PIPELINE } from '../../worker/pipelines/research/stages.js';
import { badInput, TELLTALE } from '../support/bad-input.js';
import { startTestWorker } from '../support/start-test-worker.js';

const at = badInput();
describe('documents', () => {
  const PREPARE = 'mutation ($input: PrepareUploadInput!) { prepareUpload(input: $input) { uploadId url } }';
  const INGEST = 'mutation ($input: IngestPaperInput!) { ingestPaper(input: $input) { id } }';
  const RESEARCH = 'mutation ($input: StartResearchInput!) { startResearch(input: $input) { id } }';
  const RUN =
    'query ($id: ID!) { run(id: $id) { status failure { code message hint } ... on IngestionRun { paper { status } } } }';
  const newProject = () => at.world.places.shared.newProject();

  const upload = async (projectId: string, bytes: Uint8Array, facts: Record<string, unknown> = {}) => {
    const input = { projectId, fileName: 'paper.pdf', mediaType: 'application/pdf', bytes: bytes.length, ...facts };
    const { data } = await at.send(PREPARE, { input });
    const response = await fetch(data.prepareUpload.url, { method: 'PUT', body: Buffer.from(bytes) });
    return { uploadId: data.prepareUpload.uploadId as string, response };
  };
  const ended = (id: string) =>
    vi.waitFor(
      async () => {
        const { run } = (await at.send(RUN, { id })).data;
        expect(run.status).toMatch(/SUCCEEDED|FAILED|TIMED_OUT/);
        return run;
      },
      { timeout: 30_000, interval: 50 },
    );

  test('more bytes than were announced are refused, and nothing of them is kept', async () => {
    const projectId = await newProject();
    const { uploadId, response } = await upload(projectId, Buffer.alloc(200_000, 1), { bytes: 1_000 });
    expect([response.status, ((await response.json()) as { code: string }).code]).toEqual([413, 'QUOTA_EXCEEDED']);
    const objects: string[] = [];
    for await (const { key } of at.world.blobs.list('')) objects.push(key);
    expect(objects.filter((key) => key.startsWith('uploads/'))).toEqual([]);
    expect(uploadId).toMatch(/^upl_/);
  });

  test('that cannot be read end their run with the reason, and leave a library that is empty for research', async () => {
    const worker = await startTestWorker({
      urls: at.world.db.urls,
      blobs: at.world.blobs,
      pipelines: [INGESTION_PIPELINE, RESEARCH_PIPELINE],
      leaseMs: 5_000,
      sweepMs: 60_000,
      maxStageAttempts: 1,
    });
    try {
      const projectId = await newProject();
      const bytes = (text: string) => new Uint8Array(Buffer.from(text, 'latin1'));
      const wrongHash = createHash('sha256').update('other bytes').digest('hex');
      const DOCUMENTS: [string, Uint8Array, Record<string, unknown>, string][] = [
        [
          'a picture',
          bytes('\x89PNG\r\n\x1a\n\x00\x00'),
          { fileName: 'a.png', mediaType: 'image/png' },
          'UNSUPPORTED_MEDIA_TYPE',
        ],
        ['a picture that says it is a PDF', bytes('\x89PNG\r\n\x1a\n\x00\x00'), {}, 'UNREADABLE_DOCUMENT'],
        ['a PDF cut short', bytes('%PDF-1.4\n1 0 obj\n<<'), {}, 'UNREADABLE_DOCUMENT'],
        [
          'binary that says it is text',
          new Uint8Array(256).map((_, i) => i),
          { fileName: 'a.txt', mediaType: 'text/plain' },
          'UN',
        ],
        ['other bytes than were announced', bytes('%PDF-1.4'), { sha256: wrongHash }, 'HASH_MISMATCH'],
        [
          'nothing but white space',
          bytes(' \n\n\t '),
          { fileName: 'a.txt', mediaType: 'text/plain' },
          'UNREADABLE_DOCUMENT',
        ],
      ];
      for (const [what, content, facts, code] of DOCUMENTS) {
        const { uploadId } = await upload(projectId, content, facts);
        const { data } = await at.send(INGEST, { input: { projectId, uploadId } });
        const run = await ended(data.ingestPaper.id);
        expect([what, run.status, run.failure?.code]).toEqual([what, 'FAILED', expect.stringMatching(code)]);
        expect([what, run.failure.message]).not.toEqual([what, expect.stringMatching(TELLTALE)]);
        expect([what, run.paper?.status ?? 'FAILED']).toEqual([what, 'FAILED']);
      }
      const { data } = await at.send(INGEST, {
        input: { projectId, uploadId: (await sendNothing(projectId)).uploadId },
      });
      expect((await ended(data.ingestPaper.id)).failure.code).toMatch(/BAD_INPUT|NOT_FOUND/);

      for (const library of [projectId, await newProject()]) {
        const started = await at.send(RESEARCH, { input: { projectId: library, question: 'What is known of rain?' } });
        const { failure, status } = await ended(started.data.startResearch.id);
        expect([status, failure.code]).toEqual(['FAILED', 'EMPTY_LIBRARY']);
        expect(`${failure.message} ${failure.hint}`).toMatch(/ingestPaper|upload|add/i);
      }
    } finally {
      await worker.stop();
    }
  });

  /** A ticket to which nothing was ever PUT. */
  async function sendNothing(projectId: string) {
    const input = { projectId, fileName: 'a.txt', mediaType: 'text/plain', bytes: 5 };
    return (await at.send(PREPARE, { input })).data.prepareUpload as { uploadId: string };
  }
});
