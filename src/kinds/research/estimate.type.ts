import { Field, Float, Int, ObjectType } from 'type-graphql';

@ObjectType('ResearchEstimate', {
  description:
    'What a run may take of language and embedding models. Without any everything is 0: such a run costs nothing.',
})
export class ResearchEstimateType {
  @Field(() => [String], {
    description: 'Those that would be asked, in order; the embedding model first. Empty without a model.',
  })
  models!: string[];

  @Field(() => Int, { description: 'Sources of the project that would be searched, at most.' })
  sources!: number;

  @Field(() => Int, { description: 'Answers wanted of a model. Passages are embedded 64 a call.' })
  calls!: number;

  @Field(() => Int, { description: 'Tokens that such a run usually takes, sent and answered together.' })
  tokens!: number;

  @Field(() => Int, {
    description: 'The most they take when each answer must be mended once; a call that broke off counts again.',
  })
  maxTokens!: number;

  @Field(() => Float, { nullable: true, description: 'Of `tokens`; null when the installation knows no prices.' })
  costUsd!: number | null;

  @Field(() => Float, { nullable: true, description: 'Of `maxTokens`.' })
  maxCostUsd!: number | null;

  @Field(() => Boolean, {
    description: 'False: the budget is likely to be spent before the end, and the rest is done without a model.',
  })
  fitsBudget!: boolean;
}
