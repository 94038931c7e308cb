import { Field, ID, Int, ObjectType } from 'type-graphql';
import { ProgressType, RunKind } from '../run.type.js';
import { RunStatus } from '../run-status.js';

@ObjectType('RunProgress', { description: 'Where a run stands: for progress bars and lists.' })
export class RunProgressType {
  @Field(() => ID)
  runId!: string;

  @Field(() => RunKind)
  kind!: RunKind;

  @Field(() => RunStatus)
  status!: RunStatus;

  @Field(() => String, { nullable: true })
  stage!: string | null;

  @Field(() => Int, { description: 'Stages that have succeeded.' })
  stagesDone!: number;

  @Field(() => Int)
  stagesTotal!: number;

  @Field(() => ProgressType, { nullable: true, description: 'Of the current stage.' })
  progress!: ProgressType | null;

  @Field(() => Int)
  lastSeq!: number;
}

@ObjectType('ProjectActivity')
export class ProjectActivityType {
  @Field(() => [RunProgressType], { description: 'The project’s latest 20 runs, newest first.' })
  runs!: RunProgressType[];
}
