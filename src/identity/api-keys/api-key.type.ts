import { Field, InputType, ObjectType } from 'type-graphql';
import { NodeType } from '../../platform/graphql/node-type.js';

@ObjectType('ApiKey', { implements: NodeType, description: 'A key for programs. It acts as the member who made it.' })
export class ApiKeyType extends NodeType {
  @Field(() => String)
  name!: string;

  @Field(() => String, { description: 'The first characters of the key, to tell keys apart.' })
  prefix!: string;

  @Field(() => Date)
  createdAt!: Date;

  @Field(() => Date, { nullable: true, description: 'To the minute.' })
  lastUsedAt!: Date | null;

  @Field(() => Date, { nullable: true })
  revokedAt!: Date | null;
}

@InputType('CreateApiKeyInput')
export class CreateApiKeyInput {
  @Field(() => String, { description: 'What the key is for. Up to 120 characters.' })
  name!: string;
}

@ObjectType('CreatedApiKey')
export class CreatedApiKeyType {
  @Field(() => ApiKeyType)
  apiKey!: ApiKeyType;

  @Field(() => String, { description: 'The key itself. It is shown this once and stored nowhere.' })
  secret!: string;
}
