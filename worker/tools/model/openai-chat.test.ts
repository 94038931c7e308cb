import { describe, expect, it } from 'vitest';
import type { ModelConfig } from '../../../src/kinds/research/model-config.js';
import { AppError } from '../../../src/platform/errors.js';
import {
  drips,
  failsMidway,
  floods,
  type ModelBehaviour,
  startModelEndpoint,
  status,
  streams,
  truncates,
  whole,
} from '../../../tests/support/model-endpoint.js';
import type { ModelRequest } from './language-model.js';
import { openTestModel, TEST_KEY } from './model.fixture.js';
import { overBudget } from './model-failures.js';

const open = async (behaviours: ModelBehaviour[], changes: Partial<ModelConfig> = {}) => {
  const endpoint = await startModelEndpoint(...behaviours);
  const tools = openTestModel(endpoint.baseUrl, changes);
  const complete = (more: Partial<ModelRequest> = {}) =>
    tools.model.complete({
      role: 'outline',
      messages: [
        { role: 'system', content: 'rules' },
        { role: 'user', content: 'ask' },
      ],
      maxOutputTokens: 50,
      format: { name: 'thing', schema: { type: 'object' } },
      signal: new AbortController().signal,
      ledger: tools.ledger,
      ...more,
    });
  return { ...tools, endpoint, complete };
};

const failureOf = async (promise: Promise<unknown>): Promise<AppError> => {
  const error = await promise.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!(error instanceof AppError)) throw new Error(`no AppError but ${String(error)}`);
  return error;
};

describe('a model behind an OpenAI-compatible endpoint', () => {
  it('answers a streamed text, its thoughts apart, and charges what the answer says it took', async () => {
    const { complete, endpoint, charged, reserved } = await open([
      streams('{"a": "grün 🌿"}', { reasoning: 'let me think' }),
    ]);
    const seen = { ANSWER: '', REASONING: '' };
    const onText: ModelRequest['onText'] = (text, kind) => {
      seen[kind] += text;
    };
    expect(await complete({ onText })).toBe('{"a": "grün 🌿"}');
    expect('{"a": "grün 🌿"}'.startsWith(seen.ANSWER)).toBe(true);
    expect('let me think'.startsWith(seen.REASONING)).toBe(true);
    expect(charged).toEqual([{ inputTokens: 100, outputTokens: 20, costUsd: 0.0003, estimated: false }]);
    expect(reserved).toEqual([{ inputTokens: 4, outputTokens: 50, costUsd: 0.000504, estimated: true }]);
    const [call] = endpoint.calls;
    expect(call?.path).toBe('/v1/chat/completions');
    expect(call?.headers.authorization).toBe(`Bearer ${TEST_KEY}`);
    expect(call?.body).toMatchObject({ model: 'planner', max_tokens: 50, stream: true });
  });

  it('takes an answer that is not streamed', async () => {
    const { complete, charged } = await open([whole('{"a": 1}')]);
    expect(await complete()).toBe('{"a": 1}');
    expect(charged).toHaveLength(1);
  });

  it('prefers the cost that the answer tells, and knows none without prices', async () => {
    const told = await open([streams('{}', { usage: { prompt_tokens: 1, completion_tokens: 2, cost: 0.5 } })]);
    await told.complete();
    expect(told.charged[0]?.costUsd).toBe(0.5);
    const untold = await open([streams('{}')], { prices: null });
    await untold.complete();
    expect(untold.charged[0]?.costUsd).toBeNull();
    expect(untold.model.isPriced).toBe(false);
  });

  it('counts the text where the answer tells no usage, or a nonsensical one', async () => {
    const { complete, charged } = await open([
      streams('{"a": 1}', { usage: null }),
      streams('{"a": 1}', { usage: { prompt_tokens: -5, completion_tokens: 1e30 } }),
    ]);
    await complete();
    await complete();
    const counted = { inputTokens: 4, outputTokens: 4, costUsd: 0.000044, estimated: true };
    expect(charged).toEqual([counted, counted]);
  });

  it('sends no authorization without a key', async () => {
    const { complete, endpoint } = await open([streams('{}')], { apiKey: undefined });
    await complete();
    expect(endpoint.calls[0]?.headers.authorization).toBeUndefined();
  });

  it('waits as long as a 429 asks for, or else longer each time, with jitter', async () => {
    const { complete, clock, endpoint } = await open([status(429, { 'retry-after': '7' }), status(429), streams('{}')]);
    expect(await complete()).toBe('{}');
    expect(clock.slept).toEqual([7_000, 2_000]); // jitter of one half: 1 × the pause
    expect(endpoint.calls).toHaveLength(3);
  });

  it('does not wait where it is asked to for an hour', async () => {
    const { complete, clock } = await open([status(429, { 'retry-after': '3600' })]);
    expect((await failureOf(complete())).details).toMatchObject({ reason: 'RATE_LIMITED', status: 429 });
    expect(clock.slept).toEqual([]);
  });

  it('asks again with fewer fields where the endpoint does not understand all, and no fourth time', async () => {
    const { complete, endpoint, clock } = await open([status(400), status(422), streams('{}')]);
    expect(await complete()).toBe('{}');
    const fields = ['response_format', 'max_tokens', 'temperature', 'max_completion_tokens'];
    expect(endpoint.calls.map(({ body }) => fields.filter((field) => field in body))).toEqual([
      ['response_format', 'max_tokens', 'temperature'],
      ['max_tokens', 'temperature'],
      ['max_completion_tokens'],
    ]);
    expect(clock.slept).toEqual([]);
    const deaf = await open([status(400)]);
    expect((await failureOf(deaf.complete())).details).toEqual({ reason: 'REFUSED', status: 400 });
    expect(deaf.endpoint.calls).toHaveLength(3);
  });

  it.each<[string, ModelBehaviour, string, number]>([
    ['5xx', status(503), 'SERVER_FAILED', 3],
    ['an error within the stream', failsMidway, 'SERVER_FAILED', 3],
    ['a stream that breaks', truncates('{"a', 'reset'), 'UNREACHABLE', 3],
    ['a stream that ends early', truncates('{"a', 'end'), 'CUT_OFF', 3],
    ['429 for ever', status(429), 'RATE_LIMITED', 3],
    ['a page where JSON was due', (response) => response.end('<html>maintenance</html>'), 'CUT_OFF', 3],
    ['an endless answer', floods, 'TOO_LARGE', 1],
    ['a refused key', status(401, {}, `{"error":"Incorrect API key: ${TEST_KEY}"}`), 'REFUSED', 1],
    ['an answer over its length', streams('{"a', { finish: 'length' }), 'CUT_OFF', 1],
    ['an answer that was filtered', streams('', { finish: 'content_filter' }), 'REFUSED', 1],
  ])('fails with its reason for %s', async (_, behaviour, reason, tries) => {
    const { complete, endpoint } = await open([behaviour]);
    const error = await failureOf(complete());
    expect(error).toMatchObject({ code: 'UNAVAILABLE', details: { reason } });
    expect(endpoint.calls).toHaveLength(tries);
    expect(JSON.stringify([error.message, error.details, error.stack, String(error.cause)])).not.toContain(TEST_KEY);
  });

  it('follows no redirect: the key goes nowhere else', async () => {
    const elsewhere = await startModelEndpoint(streams('{}'));
    const location = `${elsewhere.baseUrl}/chat/completions`;
    const { complete } = await open([status(307, { location })]);
    expect((await failureOf(complete())).details).toEqual({ reason: 'REFUSED', status: 307 });
    expect(elsewhere.calls).toEqual([]);
  });

  it('charges a broken answer by its text', async () => {
    const { complete, charged } = await open([truncates('{"abcdefg', 'end'), streams('{}')]);
    await complete();
    expect(charged).toHaveLength(2);
    expect(charged[0]).toMatchObject({ outputTokens: 5, estimated: true });
  });

  it('gives up on an answer that drips past its time', async () => {
    const { complete, charged } = await open([drips], { timeoutMs: 150 });
    expect((await failureOf(complete())).details.reason).toBe('TIMED_OUT');
    expect(charged).toMatchObject([{ inputTokens: 4, outputTokens: 0, estimated: true }]);
  });

  it('stops at once when the caller does, with the caller’s reason', async () => {
    const { complete, endpoint, charged } = await open([drips]);
    const controller = new AbortController();
    const under = complete({ signal: controller.signal });
    while (endpoint.calls.length === 0) await new Promise((resolve) => setImmediate(resolve));
    controller.abort('CANCELED');
    await expect(under).rejects.toBe('CANCELED');
    expect(charged).toHaveLength(1); // what is under way may be billed
  });

  it('makes no call that the ledger refuses', async () => {
    const { complete, endpoint } = await open([streams('{}')]);
    const ledger = {
      reserve: () => {
        throw overBudget('spent');
      },
      charge: async () => undefined,
    };
    expect((await failureOf(complete({ ledger }))).code).toBe('BUDGET_EXCEEDED');
    expect(endpoint.calls).toHaveLength(0);
  });

  it('never passes its key on, even when the answer spells it', async () => {
    const { complete } = await open([streams(`{"a": "the key is ${TEST_KEY}, remember it well for later"}`)]);
    let seen = '';
    await complete({
      onText: (text) => {
        seen += text;
      },
    });
    expect(seen).toContain('the key is [key]');
    expect(seen).not.toContain(TEST_KEY.slice(0, 12));
  });

  it('fails as unreachable where nobody listens', async () => {
    const { model, ledger, charged } = openTestModel('http://127.0.0.1:1/v1');
    const request = { role: 'judge' as const, messages: [], maxOutputTokens: 1, format: { name: 'x', schema: {} } };
    const error = await failureOf(model.complete({ ...request, signal: new AbortController().signal, ledger }));
    expect(error.details.reason).toBe('UNREACHABLE');
    expect(charged).toEqual([]);
  });
});
