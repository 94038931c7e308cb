import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { decodeId } from '../../../src/platform/ids.js';
import { createLog } from '../../../src/platform/log.js';
import { startTestApi, type TestApi } from '../../../tests/support/api.js';
import { countStatements } from '../../../tests/support/count-statements.js';
import { startTestWorker } from '../../../tests/support/start-test-worker.js';
import type { RunningWorker } from '../../start-worker.js';
import { ROOF_ARTICLES, ROOF_QUESTION } from '../../tools/writer/roof-library.fixture.js';
import { openResearchBench, type ResearchBench } from './research-bench.fixture.js';
import { RESEARCH_PIPELINE } from './stages.js';

const START = 'mutation ($input: StartResearchInput!) { startResearch(input: $input) { id status question } }';
const CLAIM_MAP = `query ($id: ID!, $first: Int) { run(id: $id) { status failure { code message } trust { overall components { name score weight basis } flags { code } computedAt }
  ... on ResearchRun { question outline { title sections { heading facet evidenceCount } }
    sources { nodes { id title score snapshot { sha256 text } } }
    report { title wordCount markdown sections { heading level sentences { text startOffset endOffset claim { id } } } }
    claims(first: $first) { nodes { id text section checked verdict confidence receipts { quote startOffset endOffset page stance score snapshotSha256 snippet { id source { id title snapshot { sha256 } } } } } } } } }`;

describe('research over the public API with a worker', () => {
  let bench: ResearchBench;
  let api: TestApi;
  let worker: RunningWorker;
  let token: string;
  let projectId: string;

  beforeAll(async () => {
    bench = await openResearchBench();
    api = await startTestApi(bench.db, { blobs: bench.blobs });
    const log = createLog('worker', 'silent');
    const timing = {
      concurrency: 2,
      pollMs: 200,
      stageTimeoutMs: 30_000,
      leaseMs: 5_000,
      sweepMs: 1_000,
      shutdownMs: 2_000,
    };
    worker = await startTestWorker({
      urls: bench.db.urls,
      blobs: bench.blobs,
      pipelines: [RESEARCH_PIPELINE],
      log,
      ...timing,
    });
    const account = await api.register();
    token = account.token;
    projectId = await createProject('Roofs');
    await bench.addLibrary(
      ROOF_ARTICLES.map(({ title, authors, body }, index) => ({
        name: `${index}.md`,
        title,
        authors,
        content: `# ${title}\n\n${body}\n`,
      })),
      { tenantId: decodeId('ten', account.tenantId), projectId: decodeId('proj', projectId) },
    );
  });
  afterAll(async () => {
    await worker?.stop();
    await api?.close();
    await bench?.close();
  });

  const createProject = async (name: string): Promise<string> => {
    const answer = await api.gql(
      'mutation ($name: String!) { createProject(input: { name: $name }) { id } }',
      { name },
      token,
    );
    return answer.data.createProject.id;
  };
  const start = (input: Record<string, unknown>) =>
    api.gql(START, { input: { projectId, question: ROOF_QUESTION, ...input } }, token);
  const read = async (id: string, first = 20) => (await api.gql(CLAIM_MAP, { id, first }, token)).data.run;
  const reach = (id: string, status: string) =>
    vi.waitFor(
      async () => {
        const run = await read(id);
        expect(run.status, JSON.stringify(run.failure)).toBe(status);
        return run;
      },
      { timeout: 30_000, interval: 50 },
    );

  it('answers claim → verdict → receipts → snippet → source → snapshot for a finished run', async () => {
    const started = await start({});
    expect(started.data.startResearch.question).toBe(ROOF_QUESTION);
    const run = await reach(started.data.startResearch.id, 'SUCCEEDED');
    expect(run.claims.nodes.length).toBeGreaterThan(5);
    for (const claim of run.claims.nodes) {
      expect(claim.checked).toBe(true);
      expect(['SUPPORTED', 'MIXED']).toContain(claim.verdict);
      expect(claim.receipts[0]).toMatchObject({ stance: 'SUPPORTS', score: 1 });
      for (const receipt of claim.receipts) expect(receipt.snippet.source.snapshot.sha256).toBe(receipt.snapshotSha256);
    }
    const texts = new Map<string, Buffer>(
      run.sources.nodes.map(({ snapshot }: { snapshot: { sha256: string; text: string } }) => [
        snapshot.sha256,
        Buffer.from(snapshot.text, 'utf8'),
      ]),
    );
    for (const [sha256, text] of texts) expect(createHash('sha256').update(text).digest('hex')).toBe(sha256);
    for (const { quote, startOffset, endOffset, snapshotSha256 } of run.claims.nodes.flatMap(
      (claim: { receipts: unknown[] }) => claim.receipts,
    ))
      expect(texts.get(snapshotSha256)?.subarray(startOffset, endOffset).toString('utf8')).toBe(quote);
    const bytes = Buffer.from(run.report.markdown, 'utf8');
    const sentences = run.report.sections.flatMap(
      (section: { sentences: { text: string; startOffset: number; endOffset: number; claim: unknown }[] }) =>
        section.sentences,
    );
    for (const { text, startOffset, endOffset } of sentences)
      expect(bytes.subarray(startOffset, endOffset).toString('utf8')).toBe(text);
    expect(sentences.filter((sentence: { claim: unknown }) => sentence.claim)).toHaveLength(run.claims.nodes.length);
    expect(run.sources.nodes[0].score).toBeGreaterThanOrEqual(run.sources.nodes[1].score);
    expect(run.trust.components.map((component: { name: string }) => component.name)).toContain('receipts');
  });

  it('reads the map with as many statements for many claims as for two', async () => {
    const { id } = (await start({})).data.startResearch;
    await reach(id, 'SUCCEEDED');
    await worker.stop(); // it would be counted
    const few = await countStatements(() => read(id, 2));
    const many = await countStatements(() => read(id, 20));
    expect(many).toBeLessThanOrEqual(few);
    worker = await restart();
  });

  const restart = () =>
    startTestWorker({
      urls: bench.db.urls,
      blobs: bench.blobs,
      pipelines: [RESEARCH_PIPELINE],
      log: createLog('worker', 'silent'),
      concurrency: 2,
      leaseMs: 5_000,
      sweepMs: 1_000,
    });

  it('waits for an outline to be approved, refuses one it cannot use, and writes the edited one', async () => {
    const { id } = (await start({ approveOutline: true })).data.startResearch;
    const blocked = await reach(id, 'BLOCKED');
    expect(blocked.outline.sections.length).toBeGreaterThan(0);
    const pending = (
      await api.gql('query ($id: ID!) { run(id: $id) { pendingInput { id kind proposal } } }', { id }, token)
    ).data.run.pendingInput;
    expect(pending.kind).toBe('OUTLINE_APPROVAL');
    const answer = (value: unknown) =>
      api.gql(
        'mutation ($input: AnswerInputRequestInput!) { answerInputRequest(input: $input) { status } }',
        { input: { requestId: pending.id, answer: value } },
        token,
      );
    const refused = await answer({ sections: [] });
    expect(refused.errors?.[0]?.extensions.code).toBe('BAD_INPUT');
    const edited = { ...pending.proposal, title: 'As I want it', sections: pending.proposal.sections.slice(0, 1) };
    expect((await answer(edited)).errors).toBeUndefined();
    const run = await reach(id, 'SUCCEEDED');
    expect(run.report.title).toBe('As I want it');
    expect(run.report.sections).toHaveLength(4); // with the short answer, the disagreement and the limits
  });

  it('fails with the code and the reason when the library is silent or empty', async () => {
    const silent = (await start({ question: 'What is the melting point of tungsten?' })).data.startResearch;
    expect((await reach(silent.id, 'FAILED')).failure.code).toBe('INSUFFICIENT_EVIDENCE');
    const empty = (await start({ projectId: await createProject('Nothing') })).data.startResearch;
    expect((await reach(empty.id, 'FAILED')).failure.code).toBe('EMPTY_LIBRARY');
  });

  it.each([
    ['an empty question', { question: ' \u0000\n ' }],
    ['a question of punctuation', { question: '??? 🙂' }],
    ['a question of a megabyte', { question: 'why '.repeat(250_000) }],
    ['no sources at all', { maxSources: 0 }],
    ['a million sources', { maxSources: 1_000_000 }],
  ])('refuses %s and starts nothing', async (_, input) => {
    const before = await bench.db.admin.query('select count(*) from runs');
    const answer = await start(input);
    expect(answer.errors?.[0]?.extensions.code).toBe('BAD_INPUT');
    expect((await bench.db.admin.query('select count(*) from runs')).rows).toEqual(before.rows);
  });

  it('takes hostile text as a question and answers it as one', async () => {
    const question = `How do green roofs retain rainwater “<script>alert(1)</script>” '; drop table claims; -- ](javascript:x)`;
    const run = await reach((await start({ question })).data.startResearch.id, 'SUCCEEDED');
    expect(run.report.markdown).not.toContain('<script>');
  });

  it('is one run for the same clientRequestId and input, a conflict for another', async () => {
    const [a, b] = [await start({ clientRequestId: 'once' }), await start({ clientRequestId: 'once' })];
    expect(a.data.startResearch.id).toBe(b.data.startResearch.id);
    const other = await start({ clientRequestId: 'once', question: 'What else do green roofs do?' });
    expect(other.errors?.[0]?.extensions.code).toBe('IDEMPOTENCY_CONFLICT');
  });

  it('hides all of it from another tenant', async () => {
    const { id } = (await start({})).data.startResearch;
    const run = await reach(id, 'SUCCEEDED');
    const stranger = (await api.register('other')).token;
    for (const node of [
      id,
      run.claims.nodes[0].id,
      run.sources.nodes[0].id,
      run.claims.nodes[0].receipts[0].snippet.id,
    ]) {
      const answer = await api.gql('query ($id: ID!) { node(id: $id) { id } }', { id: node }, stranger);
      expect(answer.errors?.[0]?.extensions.code).toBe('NOT_FOUND');
    }
  });
});
