import { Arg, Ctx, ID, Mutation, Resolver } from 'type-graphql';
import type { ApiContext } from '../../platform/graphql/api-context.js';
import { signedIn } from '../authorize.js';
import { issuePasswordReset } from './issue-password-reset.js';
import { PasswordResetType, ResetPasswordInput } from './recovery.type.js';
import { resetPassword } from './reset-password.js';

@Resolver(() => PasswordResetType)
export class RecoveryResolver {
  @Mutation(() => PasswordResetType, {
    description:
      'For a member who has forgotten their password: below you, in no other tenant, with nothing hidden from you. Lasts an hour; issuing another ends the one before. Takes ADMIN and a session.',
  })
  issuePasswordReset(@Ctx() ctx: ApiContext, @Arg('membershipId', () => ID) membershipId: string) {
    return issuePasswordReset(signedIn(ctx), membershipId);
  }

  @Mutation(() => Boolean, {
    description: 'Sets the password and ends all sessions of the person. Then sign in; the second factor stays on.',
  })
  async resetPassword(@Ctx() ctx: ApiContext, @Arg('input', () => ResetPasswordInput) input: ResetPasswordInput) {
    await resetPassword(ctx, input);
    return true;
  }
}
