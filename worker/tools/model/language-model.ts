/**
 * The port for language models: a prompt goes in, text comes out, and what it took is told for every try that may have
 * cost something, whether or not it ended well. An implementation retries what may pass by itself, keeps to its time
 * limit, and fails only as model-failures.ts tells or with the reason of the caller's signal.
 */
import type { ModelRole } from '../../../src/kinds/research/model-config.js';

export interface ModelMessage {
  role: 'system' | 'user' | 'assistant';
  content: string;
}

export interface ModelUsage {
  inputTokens: number;
  outputTokens: number;
  /** Null when neither the answer nor the settings tell a price. */
  costUsd: number | null;
  /** True when the answer did not say, so that it was counted from the text. */
  estimated: boolean;
}

/** Keeps the purse. */
export interface ModelLedger {
  /** Before each try, with the most it can take. Throws to keep it from being made. */
  reserve(most: ModelUsage): void;
  /** After each try that reached the model, well or not. */
  charge(usage: ModelUsage): Promise<void>;
}

export interface ModelRequest {
  role: ModelRole;
  messages: readonly ModelMessage[];
  maxOutputTokens: number;
  /** JSON schema of the wanted answer, for endpoints that can keep to one. */
  format: { name: string; schema: Record<string, unknown> };
  signal: AbortSignal;
  ledger: ModelLedger;
  /** Called as the answer comes; never with the key. */
  onText?: (text: string, kind: 'ANSWER' | 'REASONING') => void;
}

export interface LanguageModel {
  /** As the endpoint names it. */
  nameFor(role: ModelRole): string;
  /** False: what a call costs is known only afterwards, so no ceiling in money can be held. */
  readonly isPriced: boolean;
  /** The whole text of the answer. */
  complete(request: ModelRequest): Promise<string>;
}
