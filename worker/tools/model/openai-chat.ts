/**
 * The port over any endpoint that speaks OpenAI's chat completions: OpenRouter, vLLM, Ollama, and others. One POST a try,
 * streamed. No redirect is followed, so the key goes nowhere but where the operator said; nothing of an answer's body gets
 * into an error. What may pass is tried again after a pause that doubles, with jitter, or after the Retry-After; an
 * endpoint that cannot take a field of the request is asked again with fewer (DIALECTS), since the prompt says the form as well.
 */
import { BYTES_PER_TOKEN, costOf, type ModelConfig } from '../../../src/kinds/research/model-config.js';
import { isAppError } from '../../../src/platform/errors.js';
import { type Clock, systemClock } from '../connectors/clock.js';
import { type ChatAnswer, emptyAnswer, readStreamed, readWhole } from './chat-answer.js';
import { hasStatus, pauseAfter, refusal } from './endpoint-tries.js';
import type { LanguageModel, ModelRequest, ModelUsage } from './language-model.js';
import { modelFailure } from './model-failures.js';
import { readCapped } from './read-event-stream.js';

const MAX_ANSWER_BYTES = 4 * 1024 * 1024; // 4 MiB: a streamed token takes some 300 bytes, so 14,000 of them
const NOT_UNDERSTOOD = [400, 422]; // what servers say to a field they do not know

/** How the request is put, and how next when it is not understood: with all, without a response format, with the least. */
const DIALECTS = ['FULL', 'UNFORMATTED', 'SPARSE'] as const;
type Dialect = (typeof DIALECTS)[number];

export interface OpenAiChatOptions {
  config: ModelConfig;
  clock?: Clock;
  /** 0 to 1, for jitter. */
  random?: () => number;
}

export function createOpenAiChat({
  config,
  clock = systemClock,
  random = Math.random,
}: OpenAiChatOptions): LanguageModel {
  return {
    nameFor: (role) => config.models[role],
    isPriced: config.prices !== null,
    async complete(request) {
      const limit = AbortSignal.timeout(config.timeoutMs);
      const either = AbortSignal.any([request.signal, limit]);
      try {
        return await tryOften({ config, clock, random }, { ...request, signal: either });
      } catch (error) {
        request.signal.throwIfAborted();
        if (!limit.aborted) throw error;
        throw modelFailure('TIMED_OUT', `The model took longer than ${config.timeoutMs / 1_000} seconds.`);
      }
    },
  };
}

/** All tries together, and the pauses between them, are one call with one time limit. */
async function tryOften(
  { config, clock, random }: Required<OpenAiChatOptions>,
  request: ModelRequest,
): Promise<string> {
  let dialect = 0;
  for (let attempt = 1; ; attempt++) {
    try {
      return await tryOnce(config, clock, request, DIALECTS[dialect] ?? 'SPARSE');
    } catch (error) {
      request.signal.throwIfAborted();
      if (hasStatus(error, NOT_UNDERSTOOD) && dialect < DIALECTS.length - 1) {
        dialect += 1;
        attempt -= 1; // nothing was answered yet
        continue;
      }
      const pauseMs = pauseAfter(error, attempt, random);
      if (pauseMs === null) throw error;
      await clock.sleep(pauseMs, request.signal);
    }
  }
}

async function tryOnce(config: ModelConfig, clock: Clock, request: ModelRequest, dialect: Dialect): Promise<string> {
  const { ledger, messages, maxOutputTokens, signal } = request;
  const promptBytes = messages.reduce((sum, message) => sum + Buffer.byteLength(message.content), 0);
  const most = { inputTokens: Math.ceil(promptBytes / BYTES_PER_TOKEN.least), outputTokens: maxOutputTokens };
  ledger.reserve({ ...most, costUsd: config.prices && costOf(config.prices, most), estimated: true });
  signal.throwIfAborted();
  const answer = emptyAnswer();
  let reached = false;
  try {
    const response = await post(config, request, dialect);
    if (!response.ok) {
      await response.body?.cancel().catch(() => undefined);
      throw refusal(response, clock.now());
    }
    reached = true;
    await readAnswer(response, answer, withoutKey(config.apiKey, request));
  } catch (error) {
    signal.throwIfAborted();
    throw isAppError(error) ? error : modelFailure('UNREACHABLE', 'The connection to the model failed.');
  } finally {
    // who breaks off a call that is under way may be billed for it
    if (reached || signal.aborted) await ledger.charge(usageOf(config, answer, promptBytes));
  }
  const text = wholeText(answer);
  return config.apiKey ? text.replaceAll(config.apiKey, '[key]') : text;
}

async function post(
  { baseUrl, apiKey, models }: ModelConfig,
  { role, messages, maxOutputTokens, format, signal }: ModelRequest,
  dialect: Dialect,
): Promise<Response> {
  return fetch(`${baseUrl}/chat/completions`, {
    method: 'POST',
    redirect: 'manual', // which is then no good answer
    signal,
    headers: {
      'content-type': 'application/json',
      accept: 'text/event-stream, application/json',
      ...(apiKey && { authorization: `Bearer ${apiKey}` }),
    },
    body: JSON.stringify({
      model: models[role],
      messages,
      stream: true,
      // newer models of OpenAI take only this name, and no temperature
      ...(dialect === 'SPARSE' ? { max_completion_tokens: maxOutputTokens } : { max_tokens: maxOutputTokens }),
      ...(dialect !== 'SPARSE' && { temperature: 0, stream_options: { include_usage: true } }),
      ...(dialect === 'FULL' && { response_format: { type: 'json_schema', json_schema: { ...format, strict: true } } }),
    }),
  });
}

async function readAnswer(
  response: Response,
  answer: ChatAnswer,
  onText: NonNullable<ModelRequest['onText']>,
): Promise<void> {
  if (!response.body) throw modelFailure('CUT_OFF', 'The model’s endpoint sent an empty answer.');
  const type = response.headers.get('content-type') ?? '';
  if (type.includes('text/event-stream'))
    return readStreamed(response.body, answer, { maxBytes: MAX_ANSWER_BYTES, onText });
  let body = '';
  for await (const text of readCapped(response.body, MAX_ANSWER_BYTES)) body += text;
  readWhole(body, answer, onText);
}

/** Holds back as many characters as the key has, so that not even a key in two pieces is passed on. */
function withoutKey(
  apiKey: string | undefined,
  { onText = () => undefined }: ModelRequest,
): NonNullable<ModelRequest['onText']> {
  if (!apiKey) return onText;
  const held = { ANSWER: '', REASONING: '' };
  return (text, kind) => {
    const whole = (held[kind] + text).replaceAll(apiKey, '[key]');
    const shown = Math.max(0, whole.length - apiKey.length);
    held[kind] = whole.slice(shown);
    if (shown > 0) onText(whole.slice(0, shown), kind);
  };
}

/** By the answer's own count where it has one, else by its bytes, and then rather too much than too little. */
function usageOf({ prices }: ModelConfig, { usage, writtenBytes }: ChatAnswer, promptBytes: number): ModelUsage {
  const count = usage ?? {
    inputTokens: Math.ceil(promptBytes / BYTES_PER_TOKEN.least),
    outputTokens: Math.ceil(writtenBytes / BYTES_PER_TOKEN.least),
    costUsd: null,
  };
  return { ...count, costUsd: count.costUsd ?? (prices && costOf(prices, count)), estimated: usage === null };
}

function wholeText({ text, finish }: ChatAnswer): string {
  if (finish === 'length')
    throw modelFailure('CUT_OFF', 'The model’s answer is longer than it may be.', { retryable: false });
  if (finish === 'content_filter') throw modelFailure('REFUSED', 'The model’s provider withheld the answer.');
  return text;
}
