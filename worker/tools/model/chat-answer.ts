/**
 * What a chat endpoint answers, read leniently where providers differ and strictly where money or meaning is concerned:
 * a usage that is no count of tokens counts as none, an unknown field is passed over. Takes both the streamed form and,
 * from endpoints that do not stream, the whole one.
 */
import { z } from 'zod';
import { modelFailure } from './model-failures.js';
import { readEventStream } from './read-event-stream.js';

const tokens = z.number().int().min(0).max(100_000_000);
const Usage = z.object({
  prompt_tokens: tokens,
  completion_tokens: tokens,
  cost: z.number().min(0).max(100_000).nullish().catch(null), // OpenRouter, in USD
});
const text = z.string().nullish().catch(null);
const Part = z.object({ content: text, reasoning: text, reasoning_content: text, refusal: text });
const Chunk = z.object({
  choices: z
    .array(
      z.object({
        delta: Part.nullish().catch(null),
        message: Part.nullish().catch(null),
        finish_reason: text,
      }),
    )
    .nullish()
    .catch(null),
  usage: Usage.nullish().catch(null),
  error: z.unknown().optional(),
});

export interface ReportedUsage {
  inputTokens: number;
  outputTokens: number;
  costUsd: number | null;
}

/** Grows while the answer comes, so that what has come is known when it breaks off. */
export interface ChatAnswer {
  text: string;
  /** Bytes of all that the model wrote, thoughts included. */
  writtenBytes: number;
  usage: ReportedUsage | null;
  finish: string | null;
}

export const emptyAnswer = (): ChatAnswer => ({ text: '', writtenBytes: 0, usage: null, finish: null });

export type OnText = (text: string, kind: 'ANSWER' | 'REASONING') => void;

/** Reads a stream to its end into `answer`. CUT_OFF when it ends without having said that it is done. */
export async function readStreamed(
  body: AsyncIterable<Uint8Array>,
  answer: ChatAnswer,
  { maxBytes, onText }: { maxBytes: number; onText: OnText },
): Promise<void> {
  for await (const data of readEventStream(body, maxBytes)) {
    if (data.trim() === '[DONE]') {
      answer.finish ??= 'stop';
      return;
    }
    take(parse(data), answer, onText);
  }
  if (answer.finish === null) throw modelFailure('CUT_OFF', 'The model’s answer broke off before its end.');
}

/** Reads an answer that came whole. */
export function readWhole(body: string, answer: ChatAnswer, onText: OnText): void {
  take(parse(body), answer, onText);
  if (answer.finish === null && answer.text === '')
    throw modelFailure('CUT_OFF', 'The model’s endpoint sent an answer without a text.');
}

function parse(data: string): z.output<typeof Chunk> {
  let value: unknown;
  try {
    value = JSON.parse(data);
  } catch {
    throw modelFailure('CUT_OFF', 'The model’s endpoint sent something that is not JSON.');
  }
  const parsed = Chunk.safeParse(value);
  if (!parsed.success) throw modelFailure('CUT_OFF', 'The model’s endpoint sent something that is no chat answer.');
  return parsed.data;
}

function take(chunk: z.output<typeof Chunk>, answer: ChatAnswer, onText: OnText): void {
  if (chunk.error) throw modelFailure('SERVER_FAILED', 'The model’s endpoint reported an error instead of an answer.');
  if (chunk.usage) {
    const { prompt_tokens: inputTokens, completion_tokens: outputTokens, cost } = chunk.usage;
    answer.usage = { inputTokens, outputTokens, costUsd: cost ?? null };
  }
  const [choice] = chunk.choices ?? [];
  if (!choice) return;
  const part = choice.delta ?? choice.message;
  if (part?.refusal) throw modelFailure('REFUSED', 'The model declined to answer.');
  const thought = part?.reasoning ?? part?.reasoning_content;
  if (thought) {
    answer.writtenBytes += Buffer.byteLength(thought);
    onText(thought, 'REASONING');
  }
  if (part?.content) {
    answer.text += part.content;
    answer.writtenBytes += Buffer.byteLength(part.content);
    onText(part.content, 'ANSWER');
  }
  answer.finish = choice.finish_reason ?? answer.finish;
}
