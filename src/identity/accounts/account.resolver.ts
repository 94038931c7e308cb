import { Arg, Ctx, ID, Mutation, Resolver } from 'type-graphql';
import type { ApiContext } from '../../platform/graphql/api-context.js';
import { signedIn } from '../authorize.js';
import { enterSession } from '../sessions/enter-session.js';
import { ViewerType } from '../viewer.type.js';
import { answerSignIn } from './answer-sign-in.js';
import { changePassword } from './change-password.js';
import { switchTenant } from './my-account.js';
import { register } from './register.js';
import { signIn } from './sign-in.js';
import { ChangePasswordInput, RegisterInput, SignedInType, SignInInput, SignInResult } from './sign-in.type.js';

@Resolver(() => SignedInType)
export class AccountResolver {
  @Mutation(() => SignInResult, { description: 'Opens an account: a new tenant with you as its OWNER.' })
  async register(@Ctx() ctx: ApiContext, @Arg('input', () => RegisterInput) input: RegisterInput) {
    return answerSignIn(ctx, await register(ctx, input));
  }

  @Mutation(() => SignInResult, { description: 'MfaRequired when the second factor is on: go on with `verifyMfa`.' })
  async signIn(@Ctx() ctx: ApiContext, @Arg('input', () => SignInInput) input: SignInInput) {
    return answerSignIn(ctx, await signIn(ctx, input));
  }

  @Mutation(() => ViewerType, { description: 'Ends all your other sessions too. Takes a session.' })
  async changePassword(@Ctx() ctx: ApiContext, @Arg('input', () => ChangePasswordInput) input: ChangePasswordInput) {
    await changePassword(signedIn(ctx), input);
    return ctx.actor;
  }

  @Mutation(() => SignedInType, { description: 'A session in another tenant of yours. Takes a session.' })
  async switchTenant(@Ctx() ctx: ApiContext, @Arg('tenantId', () => ID) tenantId: string) {
    return enterSession(ctx, await switchTenant(signedIn(ctx), tenantId));
  }
}
