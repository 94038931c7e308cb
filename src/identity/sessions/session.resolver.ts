import { Arg, Ctx, Int, Mutation, Resolver } from 'type-graphql';
import type { ApiContext } from '../../platform/graphql/api-context.js';
import { SignedInType } from '../accounts/sign-in.type.js';
import { signedIn } from '../authorize.js';
import { enterSession } from './enter-session.js';
import { refreshSession } from './refresh-session.js';
import { signOut, signOutEverywhere } from './sign-out.js';

@Resolver(() => SignedInType)
export class SessionResolver {
  @Mutation(() => SignedInType, {
    description:
      'The next access token and the next refresh token, for one that is then used up. Without the argument, the refresh token is the one in the cookie.',
  })
  async refreshSession(
    @Ctx() ctx: ApiContext,
    @Arg('refreshToken', () => String, { nullable: true }) refreshToken: string | null | undefined,
  ) {
    return enterSession(ctx, await refreshSession(ctx, refreshToken));
  }

  @Mutation(() => Boolean, { description: 'Ends the session of this request. False when there was none to end.' })
  async signOut(@Ctx() ctx: ApiContext) {
    const ended = await signOut(signedIn(ctx));
    ctx.refreshCookie?.clear();
    return ended;
  }

  @Mutation(() => Int, { description: 'Ends all your sessions, in every tenant: how many. API keys go on.' })
  async signOutEverywhere(@Ctx() ctx: ApiContext) {
    const ended = await signOutEverywhere(signedIn(ctx));
    ctx.refreshCookie?.clear();
    return ended;
  }
}
