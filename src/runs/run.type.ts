/** How a run looks from outside. Kinds implement `RunType`; later slices add their edges to it. */

import { Field, Float, ID, InputType, Int, InterfaceType, ObjectType, registerEnumType } from 'type-graphql';
import { connectionOf } from '../platform/graphql/connection.js';
import { NodeType } from '../platform/graphql/node-type.js';
import { JsonScalar } from '../platform/graphql/scalars.js';
import type { Run } from './run.entity.js';
import { runTypeName } from './run-kind.js';
import { RunStatus, StageStatus } from './run-status.js';

registerEnumType(RunStatus, { name: 'RunStatus' });
registerEnumType(StageStatus, { name: 'StageStatus' });

/** Kinds that are built; one that is not is absent from the schema. */
export const RunKind = { INGESTION: 'INGESTION', RESEARCH: 'RESEARCH' } as const;
export type RunKind = keyof typeof RunKind;
registerEnumType(RunKind, { name: 'RunKind' });

@ObjectType('Progress', { description: 'How far a stage has come. `total` is null when it is not known.' })
export class ProgressType {
  @Field(() => Int)
  done!: number;

  @Field(() => Int, { nullable: true })
  total!: number | null;

  @Field(() => String, { nullable: true })
  unit!: string | null;

  @Field(() => String, { nullable: true })
  message!: string | null;
}

@ObjectType('StageUsage', { description: 'What language models took for a stage, over all its attempts.' })
export class StageUsageType {
  @Field(() => Int)
  calls!: number;

  @Field(() => Int)
  inputTokens!: number;

  @Field(() => Int)
  outputTokens!: number;

  @Field(() => Float, { description: 'Calls at an unknown price count nothing.' })
  costUsd!: number;
}

@ObjectType('RunStage')
export class RunStageType {
  @Field(() => String)
  name!: string;

  @Field(() => StageStatus)
  status!: StageStatus;

  @Field(() => Int, { description: 'How often it was begun: 0 while it waits for its first time.' })
  attempt!: number;

  @Field(() => Date, { nullable: true })
  startedAt!: Date | null;

  @Field(() => Date, { nullable: true })
  finishedAt!: Date | null;

  @Field(() => ProgressType, { nullable: true })
  progress!: ProgressType | null;
}

@ObjectType('RunFailure', { description: 'Why a run ended FAILED or TIMED_OUT, and what can be done.' })
export class RunFailureType {
  @Field(() => String)
  code!: string;

  @Field(() => String, { nullable: true })
  stage!: string | null;

  @Field(() => String)
  message!: string;

  @Field(() => Boolean)
  retryable!: boolean;

  @Field(() => String, { nullable: true })
  hint!: string | null;

  @Field(() => JsonScalar, { description: 'Facts of the failure, such as the sentences that did not pass a gate.' })
  details!: Record<string, unknown>;
}

@ObjectType('RunBudget', { description: 'Ceilings (null: none of its own) and what is spent of them.' })
export class RunBudgetType {
  @Field(() => Float, { nullable: true })
  wallMs!: number | null;

  @Field(() => Float, { description: 'Time under way; it stands still while the run is BLOCKED.' })
  spentWallMs!: number;

  @Field(() => Int, { nullable: true })
  modelTokens!: number | null;

  @Field(() => Int)
  spentModelTokens!: number;

  @Field(() => Float, { nullable: true })
  costUsd!: number | null;

  @Field(() => Float)
  spentCostUsd!: number;

  @Field(() => Int, { nullable: true })
  sources!: number | null;

  @Field(() => Float, { nullable: true })
  artifactBytes!: number | null;
}

@ObjectType('InputRequest', { implements: NodeType, description: 'What a BLOCKED run waits for.' })
export class InputRequestType extends NodeType {
  @Field(() => String, { description: 'The form of the answer, e.g. OUTLINE_APPROVAL.' })
  kind!: string;

  @Field(() => String)
  stage!: string;

  @Field(() => String)
  prompt!: string;

  @Field(() => JsonScalar, {
    description: 'What is proposed, in the form an answer takes: send it back as it is, or edited.',
  })
  proposal!: unknown;

  @Field(() => Date)
  createdAt!: Date;
}

@InterfaceType('Run', { implements: NodeType, resolveType: (run: Run) => runTypeName(run.kind) })
export abstract class RunType extends NodeType {
  @Field(() => RunKind)
  kind!: RunKind;

  @Field(() => RunStatus)
  status!: RunStatus;

  @Field(() => String, { nullable: true })
  currentStage!: string | null;

  @Field(() => Int, { description: 'How often a worker has taken up one of its stages.' })
  attempt!: number;

  @Field(() => Int, { description: 'How often somebody asked for a retry.' })
  retryCount!: number;

  @Field(() => String, { nullable: true })
  clientRequestId!: string | null;

  @Field(() => Int, {
    description: 'The seq of its latest event: a `runEvents(after:)` from here shows only what is to come.',
  })
  lastSeq!: number;

  @Field(() => Date, { nullable: true, description: 'From here on the run can only end CANCELED.' })
  cancelRequestedAt!: Date | null;

  @Field(() => RunFailureType, { nullable: true })
  failure!: RunFailureType | null;

  @Field(() => Date)
  createdAt!: Date;

  @Field(() => Date, { nullable: true })
  startedAt!: Date | null;

  @Field(() => Date, { nullable: true })
  finishedAt!: Date | null;
}

export const RunConnection = connectionOf('Run', () => RunType);

@InputType('RunFilter')
export class RunFilter {
  @Field(() => [RunStatus], { nullable: true })
  statuses?: RunStatus[] | null;

  @Field(() => [RunKind], { nullable: true })
  kinds?: RunKind[] | null;

  @Field(() => ID, { nullable: true })
  projectId?: string | null;
}

@InputType('BudgetInput', { description: 'Ceilings of one run. What is left out keeps the default of its kind.' })
export class BudgetInput {
  @Field(() => Float, { nullable: true, description: '1,000 to 86,400,000' })
  wallMs?: number | null;

  @Field(() => Int, { nullable: true, description: '1 to 200' })
  sources?: number | null;

  @Field(() => Float, { nullable: true, description: 'Bytes of all artifacts together: 1,024 to 1,073,741,824' })
  artifactBytes?: number | null;

  @Field(() => Int, {
    nullable: true,
    description: 'Tokens of language models, sent and answered together: 0 to 1,000,000,000. 0: none is asked.',
  })
  modelTokens?: number | null;

  @Field(() => Float, {
    nullable: true,
    description: 'What language models may cost: 0 to 100,000 USD. None is asked whose price is not known.',
  })
  costUsd?: number | null;
}

@InputType('AnswerInputRequestInput')
export class AnswerInputRequestInput {
  @Field(() => ID)
  requestId!: string;

  @Field(() => JsonScalar)
  answer!: unknown;
}
