import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import type { ApiContext } from '../../platform/graphql/api-context.js';
import { SignedInType } from '../accounts/sign-in.type.js';
import { signedIn } from '../authorize.js';
import { enterSession } from '../sessions/enter-session.js';
import { ViewerType } from '../viewer.type.js';
import { TotpEnrollmentType, VerifyMfaInput } from './mfa.type.js';
import { confirmTotpEnrollment, createRecoveryCodes, disableTotp, startTotpEnrollment } from './totp-enrollment.js';
import { verifyMfa } from './verify-mfa.js';

@Resolver(() => TotpEnrollmentType)
export class MfaResolver {
  @Mutation(() => SignedInType, { description: 'Answers MfaRequired. Five guesses a challenge; no code counts twice.' })
  async verifyMfa(@Ctx() ctx: ApiContext, @Arg('input', () => VerifyMfaInput) input: VerifyMfaInput) {
    return enterSession(ctx, await verifyMfa(ctx, input));
  }

  @Mutation(() => TotpEnrollmentType, { description: 'Begins to turn the second factor on. Takes a session.' })
  startTotpEnrollment(@Ctx() ctx: ApiContext) {
    return startTotpEnrollment(signedIn(ctx));
  }

  @Mutation(() => ViewerType, {
    description: 'Turns it on, and ends all your other sessions. `recoveryCodes` of this answer are shown this once.',
  })
  async confirmTotpEnrollment(@Ctx() ctx: ApiContext, @Arg('code', () => String) code: string) {
    const { actor } = signedIn(ctx);
    return { ...actor, recoveryCodes: await confirmTotpEnrollment(signedIn(ctx), code) };
  }

  @Mutation(() => ViewerType, { description: 'Turns it off. Takes a code of the app, or a recovery code.' })
  async disableTotp(@Ctx() ctx: ApiContext, @Arg('code', () => String) code: string) {
    await disableTotp(signedIn(ctx), code);
    return ctx.actor;
  }

  @Mutation(() => [String], {
    description: 'Ten new recovery codes; the old ones end. Takes a code as `disableTotp` does.',
  })
  createRecoveryCodes(@Ctx() ctx: ApiContext, @Arg('code', () => String) code: string) {
    return createRecoveryCodes(signedIn(ctx), code);
  }
}
