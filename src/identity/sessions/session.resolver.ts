import { Ctx, Mutation, Resolver } from 'type-graphql';
import type { ApiContext } from '../../platform/graphql/api-context.js';
import { SignedInType } from '../accounts/sign-in.type.js';
import { signedIn } from '../authorize.js';
import { signOut } from './sign-out.js';

@Resolver(() => SignedInType)
export class SessionResolver {
  @Mutation(() => Boolean, { description: 'Revokes the session of this request. False when there was none to revoke.' })
  signOut(@Ctx() ctx: ApiContext) {
    return signOut(signedIn(ctx));
  }
}
