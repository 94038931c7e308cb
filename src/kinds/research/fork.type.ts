import { Field, InputType, Int } from 'type-graphql';
import { BudgetInput } from '../../runs/run.type.js';
import { ConnectorName } from './connector-name.js';
import { MAX_QUESTION_CHARS } from './start-research.js';

@InputType('ForkSectionInput')
export class ForkSectionInput {
  @Field(() => String, { description: 'One that the outline had keeps its evidence; for a new one it is looked for.' })
  heading!: string;

  @Field(() => String, { nullable: true, description: 'The clause of the question it answers.' })
  facet?: string | null;
}

@InputType('ForkOutlineInput', { description: 'The outline to write by, whole: 1 to 10 sections in order.' })
export class ForkOutlineInput {
  @Field(() => String, { nullable: true, description: 'As it was if absent.' })
  title?: string | null;

  @Field(() => [ForkSectionInput])
  sections!: ForkSectionInput[];
}

@InputType('ForkChangesInput', {
  description:
    'What the fork asks differently; the rest stays as it was. A change is refused where a stage that is reused had looked at it.',
})
export class ForkChangesInput {
  @Field(() => String, {
    nullable: true,
    description: `Up to ${MAX_QUESTION_CHARS} characters. Only in a fork from retrieve.`,
  })
  question?: string | null;

  @Field(() => [ConnectorName], { nullable: true, description: 'Only in a fork from retrieve.' })
  connectors?: ConnectorName[] | null;

  @Field(() => Int, { nullable: true, description: '1 to 200. Only in a fork from retrieve.' })
  maxSources?: number | null;

  @Field(() => Boolean, { nullable: true, description: 'Only in a fork from retrieve, ingest or outline.' })
  approveOutline?: boolean | null;

  @Field(() => ForkOutlineInput, { nullable: true, description: 'Only in a fork from draft.' })
  outline?: ForkOutlineInput | null;

  @Field(() => BudgetInput, {
    nullable: true,
    description:
      'For what the fork itself does, from any stage on; `sources` only in a fork from retrieve. `modelTokens: 0`: no model is asked.',
  })
  budget?: BudgetInput | null;
}
