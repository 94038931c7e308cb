import { createUnionType, Field, ID, InputType, ObjectType } from 'type-graphql';
import { ViewerType } from '../viewer.type.js';

@ObjectType('SignedIn')
export class SignedInType {
  @Field(() => String, { description: 'Send it as `Authorization: Bearer …`.' })
  accessToken!: string;

  @Field(() => Date, { description: 'When the access token ends. `refreshSession` gives the next one.' })
  expiresAt!: Date;

  @Field(() => String, {
    nullable: true,
    description: 'For `refreshSession`, once. Null when it went into a cookie, because the request asked for that.',
  })
  refreshToken!: string | null;

  @Field(() => Date, { description: 'When the session ends, unless it is refreshed before.' })
  refreshExpiresAt!: Date;

  @Field(() => ViewerType)
  viewer!: ViewerType;
}

/** A union from the start: a second factor will answer with another member, and clients already branch. */
export const SignInResult = createUnionType({
  name: 'SignInResult',
  types: () => [SignedInType] as const,
  resolveType: () => SignedInType,
});

@InputType('RegisterInput')
export class RegisterInput {
  @Field(() => String)
  email!: string;

  @Field(() => String, { description: '8 to 256 characters.' })
  password!: string;

  @Field(() => String)
  displayName!: string;

  @Field(() => String, { description: 'The name of your laboratory, group or company.' })
  tenantName!: string;
}

@InputType('SignInInput')
export class SignInInput {
  @Field(() => String)
  email!: string;

  @Field(() => String)
  password!: string;

  @Field(() => ID, {
    nullable: true,
    description: 'For members of several tenants: the one to enter. The first one when absent.',
  })
  tenantId?: string | null;
}
