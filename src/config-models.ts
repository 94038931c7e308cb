/**
 * What the settings say of language and embedding models. Null: there is none. What is missing or does not go together is added
 * to `problems`, each in a sentence; what is answered then is not used.
 */
import type { ConfigValues } from './config-variables.js';
import type { EmbeddingConfig } from './evidence/embeddings/embedding-config.js';
import type { ModelConfig } from './kinds/research/model-config.js';

/** A price without the other would make every cost wrong, so they go together. */
export function languageModel(values: Partial<ConfigValues>, problems: string[]): ModelConfig | null {
  if (values.LLM_PROVIDER !== 'openai-compatible') return null;
  for (const name of ['HOSTED_LLM_BASE_URL', 'HOSTED_LLM_MODEL'] as const) {
    if (!values[name] && !problems.some((line) => line.startsWith(`${name} `)))
      problems.push(`${name} must be set, because LLM_PROVIDER is openai-compatible.`);
  }
  const { HOSTED_LLM_INPUT_PRICE: input, HOSTED_LLM_OUTPUT_PRICE: output, HOSTED_LLM_MODEL: model = '' } = values;
  if ((input === undefined) !== (output === undefined))
    problems.push('HOSTED_LLM_INPUT_PRICE and HOSTED_LLM_OUTPUT_PRICE go together: set both, or none.');
  return {
    baseUrl: values.HOSTED_LLM_BASE_URL ?? '',
    apiKey: values.HOSTED_LLM_API_KEY ?? values.OPENAI_API_KEY,
    models: {
      outline: values.HOSTED_LLM_MODEL_OUTLINE ?? model,
      draft: values.HOSTED_LLM_MODEL_DRAFT ?? model,
      judge: values.HOSTED_LLM_MODEL_JUDGE ?? model,
    },
    timeoutMs: values.HOSTED_LLM_TIMEOUT_MS ?? 0,
    prices: input === undefined || output === undefined ? null : { input, output },
  };
}

/** The key of one endpoint is never sent to another. */
export function embeddingModel(values: Partial<ConfigValues>, problems: string[]): EmbeddingConfig | null {
  if (values.EMBEDDING_PROVIDER !== 'openai-compatible') return null;
  const { HOSTED_LLM_BASE_URL: chatUrl, EMBEDDING_BASE_URL: baseUrl = chatUrl, EMBEDDING_MODEL: model } = values;
  const isNamed = (name: string) => problems.some((line) => line.startsWith(`${name} `));
  if (!baseUrl && !isNamed('EMBEDDING_BASE_URL') && !isNamed('HOSTED_LLM_BASE_URL'))
    problems.push(
      'EMBEDDING_BASE_URL or HOSTED_LLM_BASE_URL must be set, because EMBEDDING_PROVIDER is openai-compatible.',
    );
  if (!model && !isNamed('EMBEDDING_MODEL'))
    problems.push('EMBEDDING_MODEL must be set, because EMBEDDING_PROVIDER is openai-compatible.');
  const chatKey = baseUrl === chatUrl ? (values.HOSTED_LLM_API_KEY ?? values.OPENAI_API_KEY) : undefined;
  return {
    baseUrl: baseUrl ?? '',
    apiKey: values.EMBEDDING_API_KEY ?? chatKey,
    model: model ?? '',
    dimensions: values.EMBEDDING_DIMENSIONS ?? null,
    prefixes: { query: values.EMBEDDING_QUERY_PREFIX ?? '', passage: values.EMBEDDING_PASSAGE_PREFIX ?? '' },
    timeoutMs: values.EMBEDDING_TIMEOUT_MS ?? 0,
    price: values.EMBEDDING_PRICE ?? null,
  };
}
