import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import type { ApiContext } from '../../platform/graphql/api-context.js';
import { register } from '../accounts/register.js';
import { signIn } from '../accounts/sign-in.js';
import { RegisterInput, SignedInType, SignInInput, SignInResult } from '../accounts/sign-in.type.js';
import { signedIn } from '../authorize.js';
import type { OpenedSession } from './session.js';
import { signOut } from './sign-out.js';

@Resolver(() => SignedInType)
export class SessionResolver {
  @Mutation(() => SignInResult, { description: 'Opens an account: a new tenant with you as its OWNER.' })
  async register(@Ctx() ctx: ApiContext, @Arg('input', () => RegisterInput) input: RegisterInput) {
    return enter(ctx, await register(ctx, input));
  }

  @Mutation(() => SignInResult)
  async signIn(@Ctx() ctx: ApiContext, @Arg('input', () => SignInInput) input: SignInInput) {
    return enter(ctx, await signIn(ctx, input));
  }

  @Mutation(() => Boolean, { description: 'Revokes the session of this request. False when there was none to revoke.' })
  signOut(@Ctx() ctx: ApiContext) {
    return signOut(signedIn(ctx));
  }
}

/** The rest of the answer is read as the person who has just signed in. */
function enter(ctx: ApiContext, session: OpenedSession) {
  ctx.enter(session.actor);
  return { ...session, viewer: session.actor };
}
