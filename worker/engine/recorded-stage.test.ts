import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { sweepBlobs } from '../../src/artifacts/sweep-blobs.js';
import { contentKey } from '../../src/platform/blobs/blob-key.js';
import type { Em } from '../../src/platform/database/database.js';
import { AppError } from '../../src/platform/errors.js';
import { createLog } from '../../src/platform/log.js';
import { RunEntity } from '../../src/runs/run.entity.js';
import { copyExchanges } from '../../src/runs/run-exchange.js';
import { type SeededProject, seedProject } from '../../tests/support/seed-project.js';
import { seedRun } from '../../tests/support/seed-run.js';
import { BLOB_NAMES } from '../blob-names.js';
import { standardPaperTools } from '../open-paper-tools.js';
import { openResearchBench, type ResearchBench } from '../pipelines/research/research-bench.fixture.js';
import { askLibrary } from '../tools/exchanges/ask-library.js';
import type { EmbeddingModel } from '../tools/model/embedding-model.js';
import type { LanguageModel } from '../tools/model/language-model.js';
import { modelFailure, reasonOf } from '../tools/model/model-failures.js';
import { recordedStage } from './recorded-stage.js';
import type { StageContext, StageResult } from './stage.js';

describe('a recorded stage', () => {
  let bench: ResearchBench;
  let project: SeededProject;
  let runId: string;
  beforeAll(async () => {
    bench = await openResearchBench();
    project = await seedProject(bench.db);
  });
  afterAll(() => bench?.close());
  beforeEach(async () => {
    runId = await newRun();
  });

  const newRun = async () => {
    const id = await seedRun(bench.db, project);
    await bench.db.admin.query(
      `insert into run_stages (run_id, tenant_id, name, position) values ($1, $2, 'draft', 0)`,
      [id, project.tenantId],
    );
    return id;
  };
  const inTenant = <T>(work: (em: Em) => Promise<T>): Promise<T> =>
    bench.db.database.asTenant(project.tenantId).transactional((em) => work(em as Em));

  /** Runs the work as the engine would, its rows too; rejects as the stage does. */
  async function attempt(
    work: (ctx: StageContext) => Promise<unknown>,
    { id = runId, number = 1, ...more }: { id?: string; number?: number } & Partial<StageContext> = {},
  ): Promise<unknown> {
    const em = bench.db.database.asTenant(project.tenantId);
    const { signal } = new AbortController();
    const stage = recordedStage(async (ctx): Promise<StageResult> => ({ output: await work(ctx) }));
    const result = await stage({
      run: await em.findOneOrFail(RunEntity, { id }),
      tenantId: project.tenantId,
      stage: 'draft',
      attempt: number,
      limits: { wallMs: null, modelTokens: null, costUsd: null, sources: null, artifactBytes: null },
      em,
      signal,
      services: { blobs: bench.blobs, papers: standardPaperTools(), log: createLog('test', 'silent') },
      emit: () => undefined,
      progress: () => undefined,
      write: inTenant,
      output: () => Promise.reject(new Error('none')),
      answer: async () => null,
      debugPoint: async () => undefined,
      ...more,
    });
    await inTenant(async (scope) => void (await result.write?.(scope)));
    return result.output;
  }

  const askFor = (about: unknown, answer: unknown = about) =>
    askLibrary({ operation: 'search', about }, async () => answer);
  const failing = (about: unknown, retryable = true) =>
    askLibrary({ operation: 'search', about }, () => {
      throw new AppError('UNAVAILABLE', 'The library is away.', { retryable });
    });
  const rows = async (id = runId) =>
    (await bench.db.admin.query('select * from run_exchanges where run_id = $1 order by ordinal', [id])).rows;
  /** A replay of what stands on the record of the run. */
  const replayed = async (): Promise<string> => {
    const id = await newRun();
    await inTenant(async (em) => {
      await copyExchanges(em, { from: runId, to: id, stages: ['draft'] });
    });
    await bench.db.admin.query(
      `insert into run_origins (run_id, tenant_id, project_id, how, origin_id) values ($1, $2, $3, 'REPLAY', $4)`,
      [id, project.tenantId, project.projectId, runId],
    );
    return id;
  };

  it('has the exchanges of the attempt that settled it, and of no other', async () => {
    const away = async () => {
      await askFor('first');
      await failing('second');
    };
    await expect(attempt(away)).rejects.toThrow('The library is away.');
    expect((await rows()).map(({ attempt, failure }) => [attempt, failure?.code])).toEqual([
      [1, undefined],
      [1, 'UNAVAILABLE'],
    ]);
    const stop = new AbortController();
    const stopped = async () => {
      await askFor('third');
      stop.abort('SHUTDOWN');
      throw new AppError('CANCELED', 'The stage was stopped.');
    };
    await expect(attempt(stopped, { number: 2, signal: stop.signal })).rejects.toThrow('stopped');
    expect(await rows()).toHaveLength(2); // as before: nobody knows how it would have gone on
    await attempt(() => askFor('fourth'), { number: 3 });
    expect((await rows()).map(({ attempt, ordinal }) => [attempt, ordinal])).toEqual([[3, 0]]);
  });

  it('gives the n-th request what the n-th was given, whatever came in between, and no more of them', async () => {
    await attempt(() => Promise.all([askFor('a', 1), askFor('b', 2), askFor('a', 3)]));
    const id = await replayed();
    expect(await attempt(() => Promise.all([askFor('b'), askFor('a'), askFor('a')]), { id })).toEqual([2, 1, 3]);
    const oneMore = () => Promise.all([askFor('a'), askFor('a'), askFor('a').catch(() => 'swallowed')]);
    await expect(attempt(oneMore, { id })).rejects.toMatchObject({ code: 'NOT_RECORDED', details: { stage: 'draft' } });
  });

  it('ends at once in a replay where a failure on the record ends it, though it would pass in life', async () => {
    await attempt(() => failing('x').catch(() => 'done without'));
    const id = await replayed();
    expect(await attempt(() => failing('x').catch(({ retryable }) => retryable), { id })).toBe(true);
    const wrapped = () =>
      failing('x').catch((cause) => {
        throw new AppError('UNAVAILABLE', 'Nothing was found.', { retryable: true, cause });
      });
    await expect(attempt(wrapped, { id })).rejects.toMatchObject({ code: 'UNAVAILABLE', retryable: false });
  });

  it('fails when its record cannot be kept, though the tool took it for a failure of its service', async () => {
    const full = new AppError('UNAVAILABLE', 'The store is away.', { retryable: true });
    const blobs = { ...bench.blobs, put: () => Promise.reject(full) };
    const services = { blobs, papers: standardPaperTools(), log: createLog('test', 'silent') };
    await expect(attempt(() => askFor('a').catch(() => 'swallowed'), { services })).rejects.toBe(full);
    expect(await rows()).toEqual([]);
  });

  it('has the model that was asked, its thoughts and its words, and no other', async () => {
    const said: string[] = [];
    const model: LanguageModel = {
      nameFor: () => 'writer-1',
      isPriced: true,
      async complete({ ledger, onText }) {
        await ledger.charge({ inputTokens: 3, outputTokens: 4, costUsd: 1, estimated: false });
        onText?.('Hm. ', 'REASONING');
        onText?.('Words.', 'ANSWER');
        return 'Words.';
      },
    };
    const charged: unknown[] = [];
    const ask = ({ services, signal }: StageContext) =>
      services.model?.complete({
        role: 'draft',
        messages: [{ role: 'user', content: 'Write.' }],
        maxOutputTokens: 10,
        format: { name: 'x', schema: {} },
        signal,
        ledger: { reserve: () => undefined, charge: async (usage) => void charged.push(usage) },
        onText: (text, kind) => void said.push(`${kind} ${text}`),
      }) ?? Promise.resolve('none');
    const services = { blobs: bench.blobs, papers: standardPaperTools(), log: createLog('test', 'silent'), model };
    await attempt(ask, { services });
    const id = await replayed();
    const away = { ...services, model: null };
    expect(await attempt(ask, { id, services: away })).toBe('Words.');
    expect(said).toEqual(['REASONING Hm. ', 'ANSWER Words.', 'REASONING Hm. ', 'ANSWER Words.']);
    expect(charged).toHaveLength(1);
    await attempt(() => askFor('no model'));
    expect(await attempt(ask, { id: await replayed(), services })).toBe('none');
  });

  it('has a model fail as it failed, for the same reason', async () => {
    const refused = modelFailure('RATE_LIMITED', 'No more calls for now (429).', { status: 429 });
    const model: LanguageModel = { nameFor: () => 'busy', isPriced: true, complete: () => Promise.reject(refused) };
    const services = { blobs: bench.blobs, papers: standardPaperTools(), log: createLog('test', 'silent'), model };
    const ask = async ({ services: given, signal }: StageContext) =>
      given.model
        ?.complete({
          role: 'judge',
          messages: [],
          maxOutputTokens: 1,
          format: { name: 'x', schema: {} },
          signal,
          ledger: { reserve: () => undefined, charge: async () => undefined },
        })
        .catch((error: unknown) => reasonOf(error));
    expect(await attempt(ask, { services })).toBe('RATE_LIMITED');
    expect(await rows()).toMatchObject([{ status: 429, failure: { details: { reason: 'RATE_LIMITED' } } }]);
    expect(await attempt(ask, { id: await replayed(), services: { ...services, model: null } })).toBe('RATE_LIMITED');
  });

  it('keeps the vectors that a search was made with, and asks for none in a replay', async () => {
    const embedding: EmbeddingModel = {
      space: 'vectors@2',
      name: 'vectors',
      prefixes: { query: '', passage: '' },
      embed: async ({ texts }) => texts.map(() => Float32Array.of(0.6, 0.8)),
    };
    const services = { blobs: bench.blobs, papers: standardPaperTools(), log: createLog('test', 'silent'), embedding };
    const ledger = { reserve: () => undefined, charge: async () => undefined };
    const search = (ctx: StageContext) =>
      askLibrary({ operation: 'search', about: 'roofs' }, async () => {
        const [vector] = (await ctx.services.embedding?.embed({ texts: ['roofs'], signal: ctx.signal, ledger })) ?? [];
        return [...(vector ?? [])].map((value) => value.toFixed(1));
      });
    await attempt(search, { services });
    const [vectors] = (await rows()).filter(({ kind }) => kind === 'MODEL');
    expect(vectors).toMatchObject({ request: { operation: 'embed', model: 'vectors' }, response: { dimensions: 2 } });
    const body = await bench.blobs.read(contentKey(project.tenantId, vectors.response_sha256), 100);
    expect([...new Float32Array(new Uint8Array(body).buffer)]).toEqual([...Float32Array.of(0.6, 0.8)]);
    const id = await replayed();
    expect(
      await attempt(async (ctx) => [await search(ctx), ctx.services.model, ctx.services.embedding], { id, services }),
    ).toEqual([['0.6', '0.8'], null, null]);
  });

  it('keeps its blobs from the sweep until the run is deleted; without them a replay says what is missing', async () => {
    await attempt(() => askFor('kept for long'));
    const [row] = await rows();
    const keys = [row.request_sha256, row.response_sha256].map((sha256) => contentKey(project.tenantId, sha256));
    const sweep = () =>
      sweepBlobs(
        { database: bench.db.database, blobs: bench.blobs, clock: () => new Date(Date.now() + 60_000) },
        { names: BLOB_NAMES, graceMs: 0 },
      );
    const there = async () => Promise.all(keys.map(async (key) => (await bench.blobs.stat(key)) !== undefined));
    await sweep();
    expect(await there()).toEqual([true, true]);
    const id = await replayed();
    await bench.db.admin.query('delete from runs where id = $1', [runId]);
    await sweep();
    expect(await there()).toEqual([true, true]); // the replay names them too
    await bench.blobs.delete(keys[1] ?? '');
    await expect(attempt(() => askFor('kept for long'), { id })).rejects.toMatchObject({ code: 'NOT_RECORDED' });
    await bench.db.admin.query('delete from runs where id = $1', [id]);
    await sweep();
    expect(await there()).toEqual([false, false]);
  });
});
