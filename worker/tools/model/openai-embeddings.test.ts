import { describe, expect, it } from 'vitest';
import type { EmbeddingConfig } from '../../../src/evidence/embeddings/embedding-config.js';
import { embeds, says, textsOf, trigrams } from '../../../tests/support/embedding-endpoint.js';
import {
  drips,
  floods,
  type ModelBehaviour,
  startModelEndpoint,
  status,
  truncates,
} from '../../../tests/support/model-endpoint.js';
import { fakeClock } from '../connectors/fake-clock.fixture.js';
import type { ModelLedger, ModelUsage } from './language-model.js';
import { TEST_KEY } from './model.fixture.js';
import { overBudget } from './model-failures.js';
import { createOpenAiEmbeddings } from './openai-embeddings.js';

const SIGNAL = new AbortController().signal;

async function open(behaviours: ModelBehaviour[], changes: Partial<EmbeddingConfig> = {}) {
  const endpoint = await startModelEndpoint(...behaviours);
  const clock = fakeClock();
  const charged: ModelUsage[] = [];
  const reserved: ModelUsage[] = [];
  const ledger: ModelLedger = {
    reserve: (most) => void reserved.push(most),
    charge: async (usage) => void charged.push(usage),
  };
  const config = {
    baseUrl: endpoint.baseUrl,
    apiKey: TEST_KEY,
    model: 'small',
    dimensions: null,
    prefixes: { query: '', passage: '' },
    timeoutMs: 10_000,
    price: 2,
    ...changes,
  };
  const model = createOpenAiEmbeddings({ config, clock, random: () => 0.5 });
  const embed = (...texts: string[]) => model.embed({ texts, signal: SIGNAL, ledger });
  return { endpoint, clock, charged, reserved, ledger, model, embed };
}

const answer = (...embeddings: unknown[]) =>
  says(JSON.stringify({ data: embeddings.map((embedding) => ({ embedding })) }));

describe('an embedding model behind an endpoint', () => {
  it('gives each text its vector of length 1, in order, and charges what the endpoint counted', async () => {
    const { endpoint, embed, charged, reserved, model } = await open([embeds()]);
    const vectors = await embed('bees make honey', 'ships carry cargo', 'bees make honey');
    expect(vectors.map(({ length }) => length)).toEqual([64, 64, 64]);
    for (const vector of vectors) expect(Math.hypot(...vector)).toBeCloseTo(1, 6);
    expect(vectors[0]).toEqual(vectors[2]);
    expect(vectors[0]).not.toEqual(vectors[1]);
    expect(endpoint.calls[0]).toMatchObject({
      path: '/v1/embeddings',
      headers: { authorization: `Bearer ${TEST_KEY}` },
      body: { model: 'small', input: ['bees make honey', 'ships carry cargo', 'bees make honey'] },
    });
    expect(endpoint.calls[0]?.body).not.toHaveProperty('dimensions');
    expect(charged).toEqual([{ inputTokens: 7, outputTokens: 0, costUsd: 0.000014, estimated: false }]);
    expect(reserved).toEqual([{ inputTokens: 24, outputTokens: 0, costUsd: 0.000048, estimated: true }]);
    expect(model.space).toBe('small');
  });

  it('counts by bytes when the answer does not say, and knows no price where none is set', async () => {
    const { embed, charged } = await open([embeds(trigrams(), null)], { price: null });
    await embed('four');
    expect(charged).toEqual([{ inputTokens: 2, outputTokens: 0, costUsd: null, estimated: true }]);
  });

  it('asks in batches, and in halves of one that a server finds too large', async () => {
    const small: ModelBehaviour = (response, call) =>
      (textsOf(call).length > 32 ? status(413) : embeds())(response, call);
    const { endpoint, embed } = await open([small]);
    const texts = Array.from({ length: 70 }, (_, index) => `text number ${index}`);
    const vectors = await embed(...texts);
    expect(endpoint.calls.map((call) => textsOf(call).length)).toEqual([64, 32, 32, 6]);
    const [last] = await embed('text number 69');
    expect(vectors[69]).toEqual(last);
  });

  it('asks for the length that is set, names its space by it, and takes no other', async () => {
    const { endpoint, embed, model } = await open([embeds(trigrams(8)), embeds(trigrams(16))], { dimensions: 8 });
    expect((await embed('x'))[0]).toHaveLength(8);
    expect(endpoint.calls[0]?.body).toMatchObject({ dimensions: 8 });
    expect(model.space).toBe('small#8');
    await expect(embed('x')).rejects.toMatchObject({ details: { reason: 'BAD_ANSWER' } });
  });

  it.each<[string, ModelBehaviour]>([
    ['too few vectors', answer([1, 0])],
    ['too many vectors', answer([1, 0], [0, 1], [1, 1])],
    ['vectors of two lengths', answer([1, 0], [1, 0, 0])],
    ['vectors without a number', answer([], [])],
    ['a vector of zeros', answer([1, 0], [0, 0])],
    ['a null among the numbers', answer([1, null], [1, 0])],
    ['a number that is none', says('{"data":[{"embedding":[1,1e999]},{"embedding":[1,0]}]}')],
    ['a text for a vector', answer('AAAA', 'AAAA')],
    ['two vectors for one text', says('{"data":[{"index":0,"embedding":[1]},{"index":0,"embedding":[1]}]}')],
    ['an error in the place of the data', says('{"error":{"message":"no"}}')],
  ])('refuses %s, at once, and pays for the answer', async (_, behaviour) => {
    const { endpoint, embed, charged } = await open([behaviour]);
    await expect(embed('a', 'b')).rejects.toMatchObject({ code: 'UNAVAILABLE', details: { reason: 'BAD_ANSWER' } });
    expect(endpoint.calls).toHaveLength(1);
    expect(charged).toHaveLength(1);
  });

  it.each<[string, ModelBehaviour, string, number]>([
    ['text that is no JSON', says('{"data": [NaN'), 'CUT_OFF', 3],
    ['a broken connection', truncates('', 'reset'), 'UNREACHABLE', 3],
    ['5xx to the end', status(503), 'SERVER_FAILED', 3],
    ['429 to the end', status(429), 'RATE_LIMITED', 3],
    ['a refused key', status(401, {}, `{"error": "wrong key ${TEST_KEY}"}`), 'REFUSED', 1],
    ['an answer without an end', floods, 'TOO_LARGE', 1],
  ])('fails by name for %s', async (_, behaviour, reason, calls) => {
    const { endpoint, embed } = await open([behaviour]);
    const failure = await embed('a').catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'UNAVAILABLE', details: { reason } });
    expect(String((failure as Error).message)).not.toContain(TEST_KEY);
    expect(endpoint.calls).toHaveLength(calls);
  });

  it('waits as long as a 429 asks, or for a time that doubles, and then goes on', async () => {
    const { embed, clock } = await open([status(429, { 'retry-after': '7' }), status(500), embeds()]);
    expect(await embed('a')).toHaveLength(1);
    expect(clock.slept).toEqual([7_000, 2_000]);
  });

  it('does not wait for longer than half a minute', async () => {
    const { embed, clock, endpoint } = await open([status(429, { 'retry-after': '31' })]);
    await expect(embed('a')).rejects.toMatchObject({ details: { reason: 'RATE_LIMITED' } });
    expect([clock.slept, endpoint.calls.length]).toEqual([[], 1]);
  });

  it('gives up a call after its time, and charges what it may have cost', async () => {
    const { embed, charged } = await open([drips], { timeoutMs: 100 });
    await expect(embed('a')).rejects.toMatchObject({ details: { reason: 'TIMED_OUT' } });
    expect(charged).toHaveLength(1);
  });

  it('stops with the reason of the caller’s signal', async () => {
    const controller = new AbortController();
    const stop: ModelBehaviour = () => controller.abort(new Error('canceled'));
    const { model, ledger } = await open([stop]);
    await expect(model.embed({ texts: ['a'], signal: controller.signal, ledger })).rejects.toThrow('canceled');
  });

  it('asks nothing when the purse says no', async () => {
    const { model, endpoint } = await open([embeds()]);
    const ledger: ModelLedger = {
      reserve() {
        throw overBudget('empty');
      },
      charge: async () => undefined,
    };
    await expect(model.embed({ texts: ['a'], signal: SIGNAL, ledger })).rejects.toThrow('empty');
    expect(endpoint.calls).toEqual([]);
  });
});
