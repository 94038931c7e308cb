/** Checks the ceilings a caller names; what is left out keeps the kind's default. */
import { badInput } from '../platform/errors.js';
import type { BudgetLimits } from './run.entity.js';

const BOUNDS = {
  wallMs: [1_000, 86_400_000], // 1 second to 1 day
  sources: [1, 200],
  artifactBytes: [1_024, 1_073_741_824], // 1 KiB to 1 GiB
  modelTokens: [0, 1_000_000_000], // 0: no model is asked
  costUsd: [0, 100_000],
} as const;

const FRACTIONAL: ReadonlySet<string> = new Set(['costUsd']);

export interface RequestedBudget {
  wallMs?: number | null;
  sources?: number | null;
  artifactBytes?: number | null;
  modelTokens?: number | null;
  costUsd?: number | null;
}

export function toLimits(requested: RequestedBudget | null | undefined): Partial<BudgetLimits> {
  const limits: Partial<BudgetLimits> = {};
  for (const [name, [min, max]] of Object.entries(BOUNDS) as [keyof typeof BOUNDS, readonly [number, number]][]) {
    const value = requested?.[name];
    if (value == null) continue;
    const whole = !FRACTIONAL.has(name);
    if (!Number.isFinite(value) || (whole && !Number.isInteger(value)) || value < min || value > max) {
      throw badInput(`budget.${name} is ${value}; it takes a ${whole ? 'whole ' : ''}number from ${min} to ${max}.`, {
        field: `budget.${name}`,
        min,
        max,
      });
    }
    limits[name] = value;
  }
  return limits;
}
