/** From the settings to the model a worker asks, for its composition root; null: there is none. */
import type { Config } from '../../../src/config.js';
import type { LanguageModel } from './language-model.js';
import { createOpenAiChat } from './openai-chat.js';

export const openModel = ({ model }: Pick<Config, 'model'>): LanguageModel | null =>
  model && createOpenAiChat({ config: model });
