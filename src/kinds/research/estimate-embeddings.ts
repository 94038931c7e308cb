/**
 * What a research run would send to the embedding model: passages that have no vector yet, for which it may spend a part of its
 * budget (find-by-meaning.ts of the worker), and its question, again when services have made the library larger.
 */
import { type EmbeddingConfig, PASSAGE_SHARE } from '../../evidence/embeddings/embedding-config.js';
import type { RequestedBudget } from '../../runs/budget.js';
import { BYTES_PER_TOKEN } from './model-config.js';

export interface EmbeddingEstimate {
  model: string;
  calls: number;
  tokens: number;
  maxTokens: number;
  /** USD for a million; null: unknown. */
  price: number | null;
}

/** Of passages, with the titles that are sent with each. */
export interface NotEmbedded {
  passages: number;
  bytes: number; // at most
}

const TEXTS_A_CALL = 64; // as the worker sends them
const MOST_SEARCHES = 2;

/** Null: the model is not asked. */
export function estimateEmbeddings(
  embedding: Pick<EmbeddingConfig, 'model' | 'prefixes' | 'price'> | null,
  { modelTokens, costUsd }: Pick<RequestedBudget, 'modelTokens' | 'costUsd'>,
  { question, library }: { question: string; library: NotEmbedded },
): EmbeddingEstimate | null {
  if (!embedding || modelTokens === 0 || costUsd === 0) return null;
  const { model, prefixes, price } = embedding;
  const asked = Buffer.byteLength(prefixes.query + question);
  const sent = library.bytes + library.passages * Buffer.byteLength(prefixes.passage);
  const affordable = PASSAGE_SHARE * Math.min(modelTokens ?? Infinity, tokensFor(costUsd, price));
  const tokensOf = (bytesPerToken: number, searches: number) =>
    Math.floor(Math.min(sent / bytesPerToken, affordable)) + searches * Math.ceil(asked / bytesPerToken);
  return {
    model,
    calls: Math.ceil(library.passages / TEXTS_A_CALL) + 1,
    tokens: tokensOf(BYTES_PER_TOKEN.typical, 1),
    maxTokens: tokensOf(BYTES_PER_TOKEN.least, MOST_SEARCHES),
    price,
  };
}

const tokensFor = (costUsd: number | null | undefined, price: number | null): number =>
  costUsd == null || price === null || price === 0 ? Infinity : (costUsd / price) * 1_000_000;
