import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import type { ApiContext } from '../../platform/graphql/api-context.js';
import { enterSession } from '../sessions/enter-session.js';
import { register } from './register.js';
import { signIn } from './sign-in.js';
import { RegisterInput, SignedInType, SignInInput, SignInResult } from './sign-in.type.js';

@Resolver(() => SignedInType)
export class AccountResolver {
  @Mutation(() => SignInResult, { description: 'Opens an account: a new tenant with you as its OWNER.' })
  async register(@Ctx() ctx: ApiContext, @Arg('input', () => RegisterInput) input: RegisterInput) {
    return enterSession(ctx, await register(ctx, input));
  }

  @Mutation(() => SignInResult)
  async signIn(@Ctx() ctx: ApiContext, @Arg('input', () => SignInInput) input: SignInInput) {
    return enterSession(ctx, await signIn(ctx, input));
  }
}
