import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import type { ApiContext } from '../../platform/graphql/api-context.js';
import { answerSignIn } from '../accounts/answer-sign-in.js';
import { SignInResult } from '../accounts/sign-in.type.js';
import { signedIn } from '../authorize.js';
import { ViewerType } from '../viewer.type.js';
import { GoogleSignInInput } from './google.type.js';
import { linkGoogle, unlinkGoogle } from './link-google.js';
import { signInWithGoogle } from './sign-in-with-google.js';

@Resolver(() => ViewerType)
export class GoogleResolver {
  @Mutation(() => SignInResult, { description: 'Signs in with an ID token of Google, or opens an account with it.' })
  async signInWithGoogle(@Ctx() ctx: ApiContext, @Arg('input', () => GoogleSignInInput) input: GoogleSignInInput) {
    return answerSignIn(ctx, await signInWithGoogle(ctx, input));
  }

  @Mutation(() => ViewerType, {
    description: 'Lets you sign in with that Google account from now on. Takes a session.',
  })
  async linkGoogle(@Ctx() ctx: ApiContext, @Arg('idToken', () => String) idToken: string) {
    await linkGoogle(signedIn(ctx), { idToken });
    return ctx.actor;
  }

  @Mutation(() => ViewerType, { description: 'Ends that. Takes a password, so that you can still sign in.' })
  async unlinkGoogle(@Ctx() ctx: ApiContext) {
    await unlinkGoogle(signedIn(ctx));
    return ctx.actor;
  }
}
