/**
 * The port for embedding models: texts go in, vectors of length 1 come out. An implementation retries what may pass by itself,
 * keeps to its time limit, tells the ledger of every try that may have cost something, and fails only as model-failures.ts tells
 * or with the reason of the caller's signal.
 */
import type { EmbeddingPrefixes } from '../../../src/evidence/embeddings/embedding-config.js';
import type { ModelLedger } from './language-model.js';

export interface EmbeddingRequest {
  texts: readonly string[]; // as they are sent: with their prefixes
  signal: AbortSignal;
  ledger: ModelLedger;
}

export interface EmbeddingModel {
  /** Of the space its vectors stand in: vectors of different spaces cannot be compared. */
  readonly space: string;
  /** As the endpoint names it. */
  readonly name: string;
  /** What whoever asks puts before a text. */
  readonly prefixes: EmbeddingPrefixes;
  /** In the order of the texts, all of one length. */
  embed(request: EmbeddingRequest): Promise<Float32Array[]>;
}
