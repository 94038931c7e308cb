/** A model at a local endpoint, and a ledger that writes down what it is told. */
import type { ModelConfig } from '../../../src/kinds/research/model-config.js';
import { fakeClock } from '../connectors/fake-clock.fixture.js';
import type { ModelLedger, ModelUsage } from './language-model.js';
import { createOpenAiChat } from './openai-chat.js';

export const TEST_KEY = 'sk-test-0123456789abcdef';

export const modelConfig = (baseUrl: string, changes: Partial<ModelConfig> = {}): ModelConfig => ({
  baseUrl,
  apiKey: TEST_KEY,
  models: { outline: 'planner', draft: 'writer', judge: 'judge' },
  timeoutMs: 10_000,
  prices: { input: 1, output: 10 },
  ...changes,
});

export function openTestModel(baseUrl: string, changes: Partial<ModelConfig> = {}) {
  const clock = fakeClock();
  const charged: ModelUsage[] = [];
  const reserved: ModelUsage[] = [];
  const ledger: ModelLedger = {
    reserve: (most) => void reserved.push(most),
    charge: async (usage) => void charged.push(usage),
  };
  const model = createOpenAiChat({ config: modelConfig(baseUrl, changes), clock, random: () => 0.5 });
  return { model, clock, charged, reserved, ledger };
}
