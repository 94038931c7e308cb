/** From the settings to the models a worker asks, for its composition root; null: there is none. */
import type { Config } from '../../../src/config.js';
import type { EmbeddingModel } from './embedding-model.js';
import type { LanguageModel } from './language-model.js';
import { createOpenAiChat } from './openai-chat.js';
import { createOpenAiEmbeddings } from './openai-embeddings.js';

export const openModel = ({ model }: Pick<Config, 'model'>): LanguageModel | null =>
  model && createOpenAiChat({ config: model });

export const openEmbeddingModel = ({ embedding }: Pick<Config, 'embedding'>): EmbeddingModel | null =>
  embedding && createOpenAiEmbeddings({ config: embedding });
