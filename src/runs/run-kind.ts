/** What a run kind declares about itself. Kinds live in src/kinds; the engine knows them only by this shape. */
import type { Scope } from '../platform/database/actor.js';
import type { BudgetLimits } from './run.entity.js';

export interface RunKindDeclaration<StageName extends string = string> {
  kind: string; // RESEARCH
  stages: readonly StageName[]; // in order
  /** Ceilings for a run that names none of its own. */
  limits: BudgetLimits;
  /** What an API key must be made for to start one; RUNS_WRITE when absent. */
  keyScope?: Scope;
}

/** `RESEARCH` → `ResearchRun`: the GraphQL type of a kind's runs. */
export const runTypeName = (kind: string): string =>
  `${kind
    .toLowerCase()
    .split('_')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('')}Run`;
