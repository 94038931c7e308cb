/**
 * What an embeddings endpoint answers, read leniently where providers differ (a usage that is no count is none, vectors
 * without an index are in the order of the texts) and strictly where a wrong vector would be compared with right ones.
 */
import { z } from 'zod';
import { unit } from '../../../src/evidence/embeddings/unit-vector.js';
import { modelFailure } from './model-failures.js';

const count = z.number().int().min(0).max(100_000_000);
const Usage = z.object({
  prompt_tokens: count.nullish().catch(null),
  total_tokens: count.nullish().catch(null),
  cost: z.number().min(0).max(100_000).nullish().catch(null), // OpenRouter, in USD
});
const Answer = z.object({
  data: z.array(z.object({ index: z.number().int().optional(), embedding: z.array(z.number()) })),
  usage: Usage.nullish().catch(null),
});

export interface EmbeddingAnswer {
  /** In the order of the texts, of length 1; empty when there is a fault. */
  vectors: Float32Array[];
  /** What is wrong with it, to complete "the answer …"; null: nothing. It is billed all the same. */
  fault: string | null;
  usage: { inputTokens: number; costUsd: number | null } | null;
}

const MAX_DIMENSIONS = 16_000; // of any model in use, and what the tables take

/** CUT_OFF for what is not JSON: it may come whole at the next try. */
export function readEmbeddings(body: string, asked: { count: number; dimensions: number | null }): EmbeddingAnswer {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    throw modelFailure('CUT_OFF', 'The embedding model’s endpoint sent something that is not JSON.');
  }
  const parsed = Answer.safeParse(value);
  if (!parsed.success) return { vectors: [], fault: 'holds something else than vectors of numbers', usage: null };
  const { data, usage: told } = parsed.data;
  const inputTokens = told?.prompt_tokens ?? told?.total_tokens ?? null;
  const usage = inputTokens === null ? null : { inputTokens, costUsd: told?.cost ?? null };
  const ordered = inOrder(data, asked.count);
  const fault =
    ordered === null ? `does not hold one vector for each of ${asked.count} texts` : faultIn(ordered, asked);
  if (ordered === null || fault !== null) return { vectors: [], fault, usage };
  return { vectors: ordered.map((embedding) => Float32Array.from(unit(Float64Array.from(embedding)))), fault, usage };
}

type Item = z.output<typeof Answer>['data'][number];

/** Null unless each text has its vector. */
function inOrder(data: readonly Item[], texts: number): number[][] | null {
  if (data.length !== texts) return null;
  const places = new Map(data.map(({ index, embedding }, at) => [index ?? at, embedding]));
  const ordered = Array.from({ length: texts }, (_, at) => places.get(at));
  return ordered.every((embedding) => embedding !== undefined) ? ordered : null;
}

function faultIn(vectors: readonly number[][], { dimensions }: { dimensions: number | null }): string | null {
  const [first] = vectors;
  const expected = dimensions ?? first?.length ?? 0;
  if (expected === 0 || expected > MAX_DIMENSIONS) return 'has vectors of no usable length';
  if (vectors.some(({ length }) => length !== expected)) return `has vectors of another length than ${expected}`;
  if (vectors.some((vector) => vector.every((value) => value === 0))) return 'has a vector that points nowhere';
  return null;
}
