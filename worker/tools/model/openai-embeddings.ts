/**
 * The port over any endpoint that speaks OpenAI's embeddings: vLLM, Ollama, text-embeddings-inference, OpenRouter, and others.
 * One POST a batch and try, and that POST is the one place where this module touches the network (`post`). No redirect is
 * followed, so the key goes nowhere but where the operator said; nothing of an answer's body gets into an error. An answer is
 * taken whole or not at all: as many vectors as texts, of one length, all of finite numbers. A batch that is refused as too
 * large is asked again in halves, since servers differ in how much they take.
 */
import type { EmbeddingConfig } from '../../../src/evidence/embeddings/embedding-config.js';
import { spaceOf } from '../../../src/evidence/embeddings/embedding-config.js';
import { BYTES_PER_TOKEN } from '../../../src/kinds/research/model-config.js';
import { isAppError } from '../../../src/platform/errors.js';
import { type Clock, systemClock } from '../connectors/clock.js';
import { type EmbeddingAnswer, readEmbeddings } from './embedding-answer.js';
import type { EmbeddingModel, EmbeddingRequest } from './embedding-model.js';
import { hasStatus, pauseAfter, refusal } from './endpoint-tries.js';
import type { ModelUsage } from './language-model.js';
import { modelFailure } from './model-failures.js';
import { readCapped } from './read-event-stream.js';

const BATCH = 64; // texts a call
const MAX_ANSWER_BYTES = 32 * 1024 * 1024; // 32 MiB: 64 vectors of 16,000 numbers at 22 characters each, and room
const TOO_MUCH = [400, 413, 422]; // what servers say to more texts than they take at once

export interface OpenAiEmbeddingsOptions {
  config: EmbeddingConfig;
  clock?: Clock;
  /** 0 to 1, for jitter. */
  random?: () => number;
}

type Asking = Required<OpenAiEmbeddingsOptions>;

export function createOpenAiEmbeddings({
  config,
  clock = systemClock,
  random = Math.random,
}: OpenAiEmbeddingsOptions): EmbeddingModel {
  return {
    space: spaceOf(config),
    name: config.model,
    prefixes: config.prefixes,
    async embed(request) {
      const vectors: Float32Array[] = [];
      for (let at = 0; at < request.texts.length; at += BATCH) {
        const texts = request.texts.slice(at, at + BATCH);
        vectors.push(...(await embedBatch({ config, clock, random }, { ...request, texts })));
      }
      if (new Set(vectors.map(({ length }) => length)).size > 1)
        throw modelFailure('BAD_ANSWER', 'The embedding model’s vectors differ in length.');
      return vectors;
    },
  };
}

async function embedBatch(asking: Asking, request: EmbeddingRequest): Promise<Float32Array[]> {
  try {
    return await inTime(asking, request);
  } catch (error) {
    if (request.texts.length < 2 || !hasStatus(error, TOO_MUCH)) throw error;
    const middle = Math.ceil(request.texts.length / 2);
    const first = await embedBatch(asking, { ...request, texts: request.texts.slice(0, middle) });
    return [...first, ...(await embedBatch(asking, { ...request, texts: request.texts.slice(middle) }))];
  }
}

/** All tries of a batch together, and the pauses between them, are one call with one time limit. */
async function inTime(asking: Asking, request: EmbeddingRequest): Promise<Float32Array[]> {
  const { timeoutMs } = asking.config;
  const limit = AbortSignal.timeout(timeoutMs);
  try {
    return await tryOften(asking, { ...request, signal: AbortSignal.any([request.signal, limit]) });
  } catch (error) {
    request.signal.throwIfAborted();
    if (!limit.aborted) throw error;
    throw modelFailure('TIMED_OUT', `The embedding model took longer than ${timeoutMs / 1_000} seconds.`);
  }
}

async function tryOften({ config, clock, random }: Asking, request: EmbeddingRequest): Promise<Float32Array[]> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await tryOnce(config, clock, request);
    } catch (error) {
      request.signal.throwIfAborted();
      const pauseMs = pauseAfter(error, attempt, random);
      if (pauseMs === null) throw error;
      await clock.sleep(pauseMs, request.signal);
    }
  }
}

async function tryOnce(config: EmbeddingConfig, clock: Clock, request: EmbeddingRequest): Promise<Float32Array[]> {
  const { texts, ledger, signal } = request;
  const bytes = texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
  const most = Math.ceil(bytes / BYTES_PER_TOKEN.least);
  ledger.reserve(usageOf(config, most, null));
  signal.throwIfAborted();
  let answer: EmbeddingAnswer | null = null;
  let reached = false;
  try {
    const response = await post(config, texts, signal);
    if (!response.ok) {
      await response.body?.cancel().catch(() => undefined);
      throw refusal(response, clock.now());
    }
    reached = true;
    answer = readEmbeddings(await readBody(response), { count: texts.length, dimensions: config.dimensions });
    if (answer.fault !== null) throw modelFailure('BAD_ANSWER', `The embedding model’s answer ${answer.fault}.`);
    return answer.vectors;
  } catch (error) {
    signal.throwIfAborted();
    throw isAppError(error) ? error : modelFailure('UNREACHABLE', 'The connection to the embedding model failed.');
  } finally {
    // who breaks off a call that is under way may be billed for it
    if (reached || signal.aborted) await ledger.charge(usageOf(config, most, answer));
  }
}

/** The one call that leaves this machine. */
function post(
  { baseUrl, apiKey, model, dimensions }: EmbeddingConfig,
  texts: readonly string[],
  signal: AbortSignal,
): Promise<Response> {
  return fetch(`${baseUrl}/embeddings`, {
    method: 'POST',
    redirect: 'manual', // which is then no good answer
    signal,
    headers: {
      'content-type': 'application/json',
      accept: 'application/json',
      ...(apiKey && { authorization: `Bearer ${apiKey}` }),
    },
    body: JSON.stringify({ model, input: texts, ...(dimensions !== null && { dimensions }) }),
  });
}

async function readBody(response: Response): Promise<string> {
  if (!response.body) throw modelFailure('CUT_OFF', 'The embedding model’s endpoint sent an empty answer.');
  let body = '';
  for await (const text of readCapped(response.body, MAX_ANSWER_BYTES)) body += text;
  return body;
}

/** By the answer's own count where it has one, else by the texts' bytes, and then rather too much than too little. */
function usageOf({ price }: EmbeddingConfig, most: number, answer: EmbeddingAnswer | null): ModelUsage {
  const inputTokens = answer?.usage?.inputTokens ?? most;
  const costUsd = answer?.usage?.costUsd ?? (price === null ? null : (inputTokens * price) / 1_000_000);
  return { inputTokens, outputTokens: 0, costUsd, estimated: answer?.usage == null };
}
