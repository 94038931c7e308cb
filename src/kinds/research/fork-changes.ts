/**
 * What a fork may ask differently, and from which stage on each change has a say. A change that would have altered a stage
 * that is reused is refused: the report would claim a question that its evidence was never searched for.
 */
import { badInput } from '../../platform/errors.js';
import type { RequestedBudget } from '../../runs/budget.js';
import type { ConnectorName } from './connector-name.js';
import { RESEARCH_STAGES, type ResearchStage } from './research-kind.js';

export interface ForkOutline {
  title?: string | null;
  sections: readonly { heading: string; facet?: string | null }[];
}

export interface ForkChanges {
  question?: string | null;
  connectors?: readonly ConnectorName[] | null;
  maxSources?: number | null;
  approveOutline?: boolean | null;
  outline?: ForkOutline | null;
  budget?: RequestedBudget | null;
}

/** The first stage that looks at each. Other ceilings hold for whatever the fork still does, from any stage on. */
const TAKEN_UP: readonly [field: string, stage: ResearchStage, of: (changes: ForkChanges) => unknown][] = [
  ['question', 'retrieve', ({ question }) => question],
  ['connectors', 'retrieve', ({ connectors }) => connectors],
  ['maxSources', 'retrieve', ({ maxSources }) => maxSources],
  ['budget.sources', 'retrieve', ({ budget }) => budget?.sources],
  ['approveOutline', 'outline', ({ approveOutline }) => approveOutline],
];

/** BAD_INPUT with the stages there are. */
export function readStage(name: string): ResearchStage {
  const stage = RESEARCH_STAGES.find((each) => each === name);
  if (stage) return stage;
  throw badInput(`\`fromStage\` is none of the stages of a research run: ${RESEARCH_STAGES.join(', ')}.`, {
    field: 'fromStage',
    allowed: RESEARCH_STAGES,
  });
}

export const stagesBefore = (stage: ResearchStage): ResearchStage[] =>
  RESEARCH_STAGES.slice(0, RESEARCH_STAGES.indexOf(stage));

export const stagesFrom = (stage: ResearchStage): ResearchStage[] =>
  RESEARCH_STAGES.slice(RESEARCH_STAGES.indexOf(stage));

/** BAD_INPUT that names the field and the stage to fork from. */
export function checkChanges(changes: ForkChanges, fromStage: ResearchStage): void {
  const reused = stagesBefore(fromStage);
  for (const [field, stage, of] of TAKEN_UP)
    if (of(changes) != null && reused.includes(stage))
      throw forkElsewhere(field, stage, `is looked at by the stage ${stage}, which this fork would reuse`);
  if (changes.outline != null && fromStage !== 'draft')
    throw forkElsewhere(
      'outline',
      'draft',
      'is written by the stage draft, in the place of what the stage outline made',
    );
}

const forkElsewhere = (field: string, stage: ResearchStage, why: string) =>
  badInput(`\`changes.${field}\` ${why}. Fork from ${stage} to change it.`, {
    field: `changes.${field}`,
    fromStage: stage,
  });
