/**
 * The purse of one run: what its budget leaves is held before each try, and what a try has taken is added to the run and
 * the stage at once, outside the fence, because it is owed even when the stage that asked has been canceled.
 *
 * The ceiling is hard: a try is made only if the most it can take still fits. With a ceiling in money and a model of unknown
 * price nothing can be held, so nothing is asked.
 */

import type { Charge, Spending } from '../../../src/runs/charge-run.js';
import type { BudgetLimits } from '../../../src/runs/run.entity.js';
import type { ModelLedger, ModelUsage } from './language-model.js';
import { overBudget } from './model-failures.js';

export interface RunLedger extends ModelLedger {
  /** What this stage has taken so far. */
  readonly stage: Readonly<StageSpending>;
}

export interface StageSpending {
  calls: number;
  inputTokens: number;
  outputTokens: number;
  costUsd: number;
  /** True when part of it was counted from the text, because an answer did not say. */
  estimated: boolean;
  /** False when a call had no price. */
  priced: boolean;
}

export function openRunLedger(
  limits: Pick<BudgetLimits, 'modelTokens' | 'costUsd'>,
  before: Spending,
  store: (taken: Charge) => Promise<void>,
): RunLedger {
  const stage = { calls: 0, inputTokens: 0, outputTokens: 0, costUsd: 0, estimated: false, priced: true };
  const tokensSpent = () => before.tokens + stage.inputTokens + stage.outputTokens;
  return {
    stage,
    reserve({ inputTokens, outputTokens, costUsd }: ModelUsage) {
      const { modelTokens, costUsd: maxUsd } = limits;
      if (modelTokens !== null && tokensSpent() + inputTokens + outputTokens > modelTokens)
        throw overBudget(`What is left of the run’s ${modelTokens} model tokens does not hold another call.`);
      if (maxUsd === null) return;
      if (costUsd === null) throw overBudget('The run has a ceiling in money, but the model’s price is not known.');
      if (before.costUsd + stage.costUsd + costUsd > maxUsd)
        throw overBudget(`What is left of the run’s ${maxUsd} USD does not hold another call.`);
    },
    async charge({ inputTokens, outputTokens, costUsd, estimated }: ModelUsage) {
      stage.calls += 1;
      stage.inputTokens += inputTokens;
      stage.outputTokens += outputTokens;
      stage.costUsd += costUsd ?? 0;
      stage.estimated ||= estimated;
      stage.priced &&= costUsd !== null;
      await store({ inputTokens, outputTokens, costUsd: costUsd ?? 0 });
    },
  };
}
