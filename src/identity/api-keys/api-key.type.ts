import { Field, InputType, ObjectType } from 'type-graphql';
import type { Scope } from '../../platform/database/actor.js';
import { NodeType } from '../../platform/graphql/node-type.js';
import { ApiKeyScopeEnum } from './scope.type.js';

@ObjectType('ApiKey', { implements: NodeType, description: 'A key for programs. It acts as the member who made it.' })
export class ApiKeyType extends NodeType {
  @Field(() => String)
  name!: string;

  @Field(() => String, { description: 'The first characters of the key, to tell keys apart.' })
  prefix!: string;

  @Field(() => [ApiKeyScopeEnum], { description: 'What it may be used for, of what its maker may do.' })
  scopes!: Scope[];

  @Field(() => Date)
  createdAt!: Date;

  @Field(() => Date, { nullable: true, description: 'To the minute.' })
  lastUsedAt!: Date | null;

  @Field(() => Date, { nullable: true, description: 'When it ends by itself. Null: when it is revoked.' })
  expiresAt!: Date | null;

  @Field(() => Date, { nullable: true })
  revokedAt!: Date | null;
}

@InputType('CreateApiKeyInput')
export class CreateApiKeyInput {
  @Field(() => String, { description: 'What the key is for. Up to 120 characters.' })
  name!: string;

  @Field(() => [ApiKeyScopeEnum], {
    nullable: true,
    description: 'What it is for: as little as will do. READ is always among them. All of them when absent.',
  })
  scopes?: Scope[] | null;

  @Field(() => Date, { nullable: true, description: 'When it ends by itself. Absent: when it is revoked.' })
  expiresAt?: Date | null;
}

@ObjectType('CreatedApiKey')
export class CreatedApiKeyType {
  @Field(() => ApiKeyType)
  apiKey!: ApiKeyType;

  @Field(() => String, { description: 'The key itself. It is shown this once and stored nowhere.' })
  secret!: string;
}
