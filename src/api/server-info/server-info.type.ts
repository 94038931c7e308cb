import { Field, Int, ObjectType } from 'type-graphql';
import { RunKind } from '../../runs/run.type.js';

@ObjectType('ModelCall', { description: 'How the last call of a model went.' })
export class ModelCallType {
  @Field(() => Boolean)
  ok!: boolean;

  @Field(() => String, { nullable: true, description: 'Why it failed, such as RATE_LIMITED; null when it did not.' })
  reason!: string | null;

  @Field(() => String)
  model!: string;

  @Field(() => Date)
  at!: Date;
}

@ObjectType('LanguageModel', { description: 'The model that is configured, by what it is asked for.' })
export class LanguageModelType {
  @Field(() => String)
  outline!: string;

  @Field(() => String)
  draft!: string;

  @Field(() => String)
  judge!: string;

  @Field(() => Boolean, { description: 'Whether its price is known, so that a budget in money can be held.' })
  priced!: boolean;
}

@ObjectType('EmbeddingModel', { description: 'The embedding model that is configured.' })
export class EmbeddingModelType {
  @Field(() => String)
  model!: string;

  @Field(() => Int, { nullable: true, description: 'Length of vectors that is asked for; null: as the model has it.' })
  dimensions!: number | null;

  @Field(() => Boolean, { description: 'Whether its price is known, so that a budget in money can be held.' })
  priced!: boolean;
}

@ObjectType('ConnectorHealth', { description: 'How the last calls of a service went that workers have asked.' })
export class ConnectorHealthType {
  @Field(() => String)
  name!: string;

  @Field(() => Boolean, { description: 'Whether research runs may ask it.' })
  configured!: boolean;

  @Field(() => Date, {
    nullable: true,
    description: 'Null until a call went well, and always for URL: each address is another host.',
  })
  lastSuccessAt!: Date | null;

  @Field(() => Date, { nullable: true })
  lastFailureAt!: Date | null;

  @Field(() => String, { nullable: true, description: 'Such as HTTP_429 or UNAVAILABLE.' })
  lastFailureCode!: string | null;
}

@ObjectType('ServerInfo')
export class ServerInfoType {
  @Field(() => String)
  name!: string;

  @Field(() => String)
  version!: string;

  @Field(() => [RunKind])
  runKinds!: string[];

  @Field(() => [String], { description: 'What papers can be read with.' })
  paperEngines!: string[];

  @Field(() => [String], {
    description: 'Where a research run may look for sources: LIBRARY, and what the operator has allowed.',
  })
  connectors!: string[];
}
