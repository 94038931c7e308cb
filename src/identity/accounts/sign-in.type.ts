import { createUnionType, Field, ID, InputType, ObjectType } from 'type-graphql';
import { MfaRequiredType } from '../mfa/mfa.type.js';
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

export const SignInResult = createUnionType({
  name: 'SignInResult',
  types: () => [SignedInType, MfaRequiredType] as const,
  resolveType: (value) => ('accessToken' in value ? SignedInType : MfaRequiredType),
});

@InputType('RegisterInput')
export class RegisterInput {
  @Field(() => String)
  email!: string;

  @Field(() => String, { description: '12 to 256 characters; which ones is up to you.' })
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

@InputType('ChangePasswordInput')
export class ChangePasswordInput {
  @Field(() => String, { nullable: true, description: 'Wanted of everybody who has a password.' })
  currentPassword?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'In its place, by those who have none: a fresh ID token of the Google account that is linked.',
  })
  googleIdToken?: string | null;

  @Field(() => String, { description: '12 to 256 characters.' })
  newPassword!: string;
}
