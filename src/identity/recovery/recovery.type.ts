import { Field, InputType, ObjectType } from 'type-graphql';

@ObjectType('PasswordReset', { description: 'Whoever holds the token can set the password of the member, once.' })
export class PasswordResetType {
  @Field(() => String, {
    description: 'For `resetPassword`. Shown this once: pass it on to the person, and to nobody else.',
  })
  token!: string;

  @Field(() => Date)
  expiresAt!: Date;
}

@InputType('ResetPasswordInput')
export class ResetPasswordInput {
  @Field(() => String, { description: 'The recovery token that you were given.' })
  token!: string;

  @Field(() => String, { description: '12 to 256 characters.' })
  newPassword!: string;
}
