import { describe, expect, it } from 'vitest';
import type { Charge, Spending } from '../../../src/runs/charge-run.js';
import { openRunLedger } from './run-ledger.js';

const usage = (inputTokens: number, outputTokens: number, costUsd: number | null = 0.01) => ({
  inputTokens,
  outputTokens,
  costUsd,
  estimated: false,
});
const open = (limits: { modelTokens?: number; costUsd?: number }, before: Spending = { tokens: 0, costUsd: 0 }) => {
  const stored: Charge[] = [];
  const store = async (taken: Charge) => void stored.push(taken);
  const { modelTokens = null, costUsd = null } = limits;
  return { stored, ledger: openRunLedger({ modelTokens, costUsd }, before, store) };
};

describe('the purse of a run', () => {
  it('lets a try through that fits what earlier stages have left, and no other', () => {
    const { ledger } = open({ modelTokens: 1_000 }, { tokens: 700, costUsd: 0 });
    expect(() => ledger.reserve(usage(200, 100))).not.toThrow();
    expect(() => ledger.reserve(usage(200, 101))).toThrow(expect.objectContaining({ code: 'BUDGET_EXCEEDED' }));
  });

  it('counts each charge against the next try and adds it to the run at once', async () => {
    const { ledger, stored } = open({ costUsd: 0.025 });
    ledger.reserve(usage(1, 1));
    await ledger.charge(usage(10, 5));
    ledger.reserve(usage(1, 1));
    await ledger.charge(usage(10, 5));
    expect(() => ledger.reserve(usage(1, 1))).toThrow(/USD/u);
    expect(stored).toEqual([
      { inputTokens: 10, outputTokens: 5, costUsd: 0.01 },
      { inputTokens: 10, outputTokens: 5, costUsd: 0.01 },
    ]);
    expect(ledger.stage).toMatchObject({ calls: 2, inputTokens: 20, outputTokens: 10, costUsd: 0.02, priced: true });
  });

  it('lets nothing through whose price is unknown where money has a ceiling', () => {
    expect(() => open({ costUsd: 5 }).ledger.reserve(usage(1, 1, null))).toThrow(/price is not known/u);
    expect(() => open({ modelTokens: 5 }).ledger.reserve(usage(1, 1, null))).not.toThrow();
  });

  it('lets everything through where nothing has a ceiling', () => {
    expect(() => open({}, { tokens: 2e9, costUsd: 1e6 }).ledger.reserve(usage(1e6, 1e6, null))).not.toThrow();
  });
});
