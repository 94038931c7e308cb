/** What is known of the language model that helps with research: which, where, at what price, and how much it may be asked. */

/** What a model is asked for: each may be done by another one. */
const MODEL_ROLES = ['outline', 'draft', 'judge'] as const;
export type ModelRole = (typeof MODEL_ROLES)[number];

/** USD for a million tokens. */
export interface ModelPrices {
  input: number;
  output: number;
}

export interface ModelConfig {
  baseUrl: string; // without a slash at the end; the chat endpoint is `${baseUrl}/chat/completions`
  apiKey: string | undefined;
  models: Record<ModelRole, string>;
  timeoutMs: number;
  /** Null: only the endpoint can tell what a call has cost. */
  prices: ModelPrices | null;
}

/** The size of one call. The worker keeps to it; the estimate before a run rests on it. */
export interface CallSize {
  promptBytes: number; // UTF-8, system text and prompt together
  outputTokens: number;
}

/** An outline of seventy sentences in, six headings with ids out; the draft copies what it chooses; the judge reads claims and sentences and mostly says no. */
export const CALL_SIZES: Record<ModelRole, CallSize> = {
  outline: { promptBytes: 32_000, outputTokens: 2_000 },
  draft: { promptBytes: 40_000, outputTokens: 6_000 },
  judge: { promptBytes: 40_000, outputTokens: 2_000 },
};

/**
 * English is about four bytes a token, other languages and formulas less. A call is let through only when its prompt at
 * two bytes a token fits the ceiling, which no tokenizer in use has been seen to need.
 */
export const BYTES_PER_TOKEN = { typical: 4, least: 2 } as const;

/** What so many tokens cost, in USD. */
export const costOf = (prices: ModelPrices, tokens: { inputTokens: number; outputTokens: number }): number =>
  (tokens.inputTokens * prices.input + tokens.outputTokens * prices.output) / 1_000_000;
